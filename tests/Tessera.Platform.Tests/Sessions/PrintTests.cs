using Tessera.Cards.Purse;
using Tessera.Platform.Applications;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Platform.Views;
using Tessera.Toolkit;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Xunit;

namespace Tessera.Platform.Tests.Sessions;

/// <summary>Receipts on paper: from the terminal itself where it paid, and in nobody's way.</summary>
public class PrintTests
{
    private static readonly TerminalProfile Till =
        TerminalProfile.TextOnly with { Capabilities = TerminalCapabilities.Printer };

    private static readonly Dialogue<Receipt> Lunch =
        Dialogue.Pay(Amount.Of(12.50m), "Lunch").ThenPrintReceipt(View.Of("Thank you.")).ThenShow("Enjoy it.");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_terminal_prints_its_own_payment_in_the_script_that_made_it(bool rich)
    {
        using var world = await World.WithAsync(2000);
        var capabilities = TerminalCapabilities.Printer | (rich ? TerminalCapabilities.RichPages : TerminalCapabilities.None);
        using var link = world.Insert(Till with { Capabilities = capabilities });
        world.Person.Does("123456");

        Receipt? receipt = null;
        await world.RunAsync(link, async (session, cancel) => receipt = await session.RunAsync(Lunch, cancel));

        var printout = Assert.Single(world.Person.Printed);
        Assert.Equal(("Lunch", 1250u), (printout.Slip!.Payment.Item, printout.Slip.Payment.Amount));
        Assert.Equal((receipt!.Card, receipt.Number), (printout.Slip.Card, printout.Slip.Receipt.Number));
        Assert.Equal(["Thank you."], printout.Lines, StringComparer.Ordinal);
        var paying = link.Ran.Single(script => script.Moves(MoveKind.Debit));
        Assert.Single(paying.Steps.OfType<PrintStep>());
    }

    [Fact]
    public async Task A_terminal_without_a_printer_gets_no_print()
    {
        using var world = await World.WithAsync(2000);
        using var phone = world.Insert(TerminalProfile.Phone);
        world.Person.Does("123456");

        var printed = true;
        await world.RunAsync(phone, async (session, cancel) =>
        {
            await session.RunAsync(Lunch, cancel);
            printed = await session.RunAsync(Dialogue.Print(View.Of("Times")), cancel);
        });

        Assert.False(printed);
        Assert.DoesNotContain(phone.Ran.SelectMany(script => script.Steps), step => step is PrintStep);
        Assert.Equal("Enjoy it.", world.Person.Shown[^1]);
    }

    [Theory]
    [InlineData(GeneralResult.TerminalBusy)]
    [InlineData(GeneralResult.BeyondCapabilities)]
    public async Task A_printer_that_fails_hides_no_payment(GeneralResult result)
    {
        using var world = await World.WithAsync(2000);
        using var till = world.Insert(Till);
        world.Person.Does("123456");
        world.Person.Printer = () => new PrinterAnswered(result);

        Receipt? receipt = null;
        var printed = true;
        await world.RunAsync(till, async (session, cancel) =>
        {
            receipt = await session.RunAsync(Lunch, cancel);
            printed = await session.RunAsync(Dialogue.Print(View.Of("Times")), cancel);
        });

        Assert.Equal(Amount.Of(12.50m), receipt!.Amount);
        Assert.False(printed);
        Assert.Equal("Enjoy it.", world.Person.Shown[^1]);
        Assert.Empty(await world.Treasury.OwedAsync(world.Holder.Id, Cancel));
        Assert.Single(world.Card.Log, movement => movement.Kind == MoveKind.Debit);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_card_lost_while_it_prints_has_paid(bool interrupted)
    {
        using var world = await World.WithAsync(2000);
        using var till = world.Insert(Till);
        world.Person.Does("123456");
        world.Person.Printer = () => interrupted ? StepOutcome.Interrupted : StepOutcome.CardLost;

        Receipt? receipt = null;
        await world.RunAsync(till, async (session, cancel) => receipt = await session.RunAsync(
            Dialogue.Pay(Amount.Of(12.50m), "Lunch").ThenPrintReceipt(), cancel));

        Assert.Equal(2u, receipt!.Number);
        Assert.Equal(750, world.Account);
    }

    [Fact]
    public async Task Where_the_answer_was_lost_the_server_has_what_it_knows_printed()
    {
        using var world = await World.WithAsync(2000);
        using var till = world.Insert(Till);
        var first = true;
        till.Faults = script => first && script.Moves(MoveKind.Debit) &&
            !(first = false)
                ? Fault.Interrupted
                : Fault.None;
        world.Person.Does("123456");

        Receipt? receipt = null;
        await world.RunAsync(till, async (session, cancel) => receipt = await session.RunAsync(Lunch, cancel));

        Assert.Equal(2, world.Person.Printed.Count);
        Assert.Null(world.Person.Printed[1].Slip);
        Assert.Equal(
            ["Lunch", "12.50", $"Card ..{receipt!.Card.ToString()[^4..]}", "Transaction 2", "PIN verified"],
            world.Person.Printed[1].Lines.Take(5), StringComparer.Ordinal);
        Assert.Equal("Thank you.", world.Person.Printed[1].Lines[^1]);
    }

    [Fact]
    public async Task A_way_that_pays_nothing_prints_no_payment()
    {
        using var world = await World.WithAsync(2000);
        using var till = world.Insert(Till);
        world.Person.Does("Nothing");
        var choice = Dialogue.Choose(View.Titled("What?"), ["Lunch", "Nothing"], what => what, what => what is "Lunch"
            ? Lunch
            : Dialogue.Nothing(new Receipt(default, 0, Amount.Zero, "", "", PaymentMethod.Key, 0, default)))
            .Select(chosen => chosen.Result).ThenPrintReceipt(View.Of("Bye."));

        await world.RunAsync(till, async (session, cancel) => await session.RunAsync(choice, cancel));

        Assert.DoesNotContain(world.Person.Printed, printout => printout.Slip is not null);
        Assert.Equal(2000, world.Account);
    }

    [Fact]
    public async Task A_test_sees_what_was_printed()
    {
        var till = new TestSession(Till, Amount.Of(20)).EntersPin();
        var phone = new TestSession(TerminalProfile.Phone, Amount.Of(20)).EntersPin();

        await till.RunAsync(Lunch, Cancel);
        await phone.RunAsync(Lunch, Cancel);

        Assert.StartsWith("Lunch\n12.50\nCard ..", Assert.Single(till.Printed), StringComparison.Ordinal);
        Assert.EndsWith("\n\nThank you.", till.Printed[0], StringComparison.Ordinal);
        Assert.Empty(phone.Printed);
    }

    [Fact]
    public void Paper_is_limited()
    {
        Assert.Throws<ArgumentException>(() => Dialogue.Print(View.Of("")));
        Assert.Throws<ArgumentException>(() => Dialogue.Print(View.Of(new string('x', 513))));
        Assert.Throws<ArgumentException>(() => Dialogue.Print(View.Of(string.Join('\n', Enumerable.Repeat("x", 33)))));
        _ = Dialogue.Print(View.Of(string.Join('\n', Enumerable.Repeat("x", 32))));
    }
}
