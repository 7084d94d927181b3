using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.Toolkit.Tests.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Interpretation;

/// <summary>docs/protocols/script.md §6.9 and §9: what goes on paper, and that it stands in nobody's way.</summary>
public class PrintTests
{
    private static readonly Bytes S2 = Bytes.FromHex("B1B2B3B4B5B6B7B8");

    private static readonly CommandApdu Debit = PurseCommands.Move(MoveKind.Debit, MoveTerms.PinRequired, -1250, 320, S2);

    private static readonly TerminalProfile Printing =
        TerminalProfile.TextOnly with { Capabilities = TerminalCapabilities.Printer };

    private static ScriptBuilder Paid => new ScriptBuilder().Send(PurseCommands.Select)
        .Perform(ProactiveCommand.DisplayText("Tea")).VerifyPin().Move(Debit, out _);

    [Fact]
    public void The_terminal_prints_what_it_paid_from_what_it_sent_and_got()
    {
        var stage = With(Printing);

        var answer = stage.Play(Paid.Print("Thank you.\nCome again.", withPayment: true));

        Assert.Null(answer.Stopped);
        var printout = Assert.Single(stage.Printed);
        Assert.Equal(
            [
                "Tea", "3.20 EUR", "Card ..CDEF", "Transaction 7", "PIN verified", "2026-11-22 14:05:06",
                "Code 5353535353535353", "", "Thank you.", "Come again.",
            ],
            printout.LinesAt(new DateTimeOffset(2026, 11, 22, 14, 5, 6, TimeSpan.FromHours(1))), StringComparer.Ordinal);
        Assert.DoesNotContain(answer.Results, result => result is ToolkitResult { Step: 6 });
    }

    [Fact]
    public void Lines_alone_are_printed_too_and_mean_nothing_to_a_printer()
    {
        var stage = With(Printing);

        stage.Play(new ScriptBuilder().Print("Bus\u001B@ times\n08:15\f\u202E08:45").Print("Ж"));

        Assert.All(stage.Printed, printout => Assert.Null(printout.Slip));
        Assert.Equal(["Bus @ times", "08:15  08:45"], stage.Printed[0].LinesAt(default), StringComparer.Ordinal);
        Assert.Equal(["Ж"], stage.Printed[1].LinesAt(default), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(GeneralResult.TerminalBusy)]
    [InlineData(GeneralResult.BeyondCapabilities)]
    [InlineData(GeneralResult.SessionTerminatedByUser)]
    public void A_printer_that_fails_says_so_and_the_script_goes_on(GeneralResult result)
    {
        var stage = With(Printing);
        stage.Printer = _ => new PrinterAnswered(result);

        var answer = stage.Play(Paid.Print("", withPayment: true, out var step)
            .Perform(ProactiveCommand.DisplayText("Goodbye")).Send(PurseCommands.Balance));

        Assert.Null(answer.Stopped);
        Assert.Equal(new ToolkitResult(step, result, []), answer.Results[^2]);
        Assert.Equal("Goodbye", stage.Texts[^1]);
        Assert.NotNull(stage.Trace!.Payments[0].Answer);
    }

    [Fact]
    public void A_terminal_without_a_printer_says_so()
    {
        var stage = With(TerminalProfile.TextOnly);

        var answer = stage.Play(Paid.Print("Bye", withPayment: true, out var step).Send(PurseCommands.Balance));

        Assert.Empty(stage.Printed);
        Assert.Null(answer.Stopped);
        Assert.Contains(new ToolkitResult(step, GeneralResult.BeyondCapabilities, []), answer.Results);
    }

    [Theory]
    [InlineData("6985")]
    [InlineData("9401")]
    [InlineData("9000")]
    public void A_payment_that_the_card_gave_no_receipt_for_is_not_printed(string answered)
    {
        var stage = With(Printing);
        stage.Card = command => Stage.Answer(
            command.Ins == 0xA4 ? $"{Stage.PurseTemplate} 9000" : command.Ins == 0x54 ? answered : "9000");

        var script = new ScriptBuilder().Send(PurseCommands.Select).Perform(ProactiveCommand.DisplayText("Tea")).VerifyPin()
            .Add(new ExpectStep([new ExpectedStatus(default, Mask: 0)])).Move(Debit, out _)
            .Print("Paid!", withPayment: true, out var step);
        var answer = stage.Play(script);

        Assert.Empty(stage.Printed);
        Assert.Contains(new ToolkitResult(step, GeneralResult.MissingValues, []), answer.Results);
    }

    [Fact]
    public void An_adjust_is_no_payment_and_the_last_payment_is_the_one_that_is_printed()
    {
        var stage = With(Printing);
        var adjust = PurseCommands.Move(MoveKind.Adjust, MoveTerms.WithoutPin, -5, 0, S2);
        var dear = PurseCommands.Move(MoveKind.Debit, MoveTerms.WithoutPin, 0, 99900, S2);

        stage.Play(new ScriptBuilder().Move(adjust, out _).Print("", withPayment: true)
            .Perform(ProactiveCommand.DisplayText("Tea")).Move(Debit, out _)
            .Perform(ProactiveCommand.DisplayText("Gold")).Move(dear, out _)
            .Move(adjust, out _).Print("", withPayment: true));

        var slip = Assert.Single(stage.Printed).Slip!;
        Assert.Equal(("Gold", 99900u), (slip.Payment.Item, slip.Payment.Amount));
        Assert.Null(slip.Card);
        Assert.Equal(["Gold", "999.00 EUR", "Transaction 7"], slip.LinesAt(default).Take(3), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(513, 1)]
    [InlineData(40, 33)]
    public void What_is_too_long_stops_before_the_printer(int length, int lines)
    {
        var stage = With(Printing);
        var text = string.Join('\n', Enumerable.Repeat(new string('x', length / lines), lines)).PadRight(length, 'x');

        stage.Stops(new ScriptBuilder().Print(text, false, out var step), StopReason.Limit, step);

        Assert.Empty(stage.Printed);
    }

    [Theory]
    [InlineData(true, StopReason.CardLost)]
    [InlineData(false, StopReason.Interrupted)]
    public void Only_the_end_of_everything_ends_it(bool card, StopReason reason)
    {
        var stage = With(Printing);
        stage.Printer = _ => card ? StepOutcome.CardLost : StepOutcome.Interrupted;

        stage.Stops(Paid.Print("Bye", true, out var step), reason, step);

        Assert.NotNull(stage.Trace!.Payments[0].Answer);
    }

    [Fact]
    public void The_digest_covers_what_was_printed_and_how_that_ended()
    {
        Assert.Equal(DigestOf("Bye", GeneralResult.Success), DigestOf("Bye", GeneralResult.Success));
        Assert.NotEqual(DigestOf("Bye", GeneralResult.Success), DigestOf("Hi", GeneralResult.Success));
        Assert.NotEqual(DigestOf("Bye", GeneralResult.Success), DigestOf("Bye", GeneralResult.TerminalBusy));

        static Bytes DigestOf(string text, GeneralResult result)
        {
            var stage = With(Printing);
            stage.Printer = _ => new PrinterAnswered(result);
            stage.Play(new ScriptBuilder().Print(text));
            return stage.Trace!.Digest;
        }
    }

    [Fact]
    public void The_worked_print_gives_its_answers()
    {
        var script = WorkedScripts.Scripts[^1].Read<CommandScript>();
        var stage = new Stage { Rules = TerminalRules.ForTerminal(Stage.Server, Printing) };
        var empty = new Stage
        {
            Rules = TerminalRules.ForTerminal(Stage.Server, Printing),
            Printer = _ => new PrinterAnswered(GeneralResult.TerminalBusy),
        };

        Assert.Equal(WorkedScripts.Responses[^2], Bytes.Of(stage.Play(script)));
        Assert.Equal(WorkedScripts.Responses[^1], Bytes.Of(empty.Play(script)));

        Assert.Equal(
            ["Lunch", "3.20 EUR", "Transaction 7"], stage.Printed[0].LinesAt(default).Take(3), StringComparer.Ordinal);
        Assert.Equal("Thank you", stage.Printed[0].Lines.Single());
        Assert.Equal("   6  print the payment \"Thank you\"", ScriptText.Describe(script)[^1]);
    }

    private static Stage With(TerminalProfile profile) =>
        new() { Rules = TerminalRules.ForTerminal(Stage.Server, profile) };
}
