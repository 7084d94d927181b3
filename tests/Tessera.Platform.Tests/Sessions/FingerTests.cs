using Tessera.Cards.Biometrics;
using Tessera.Cards.Purse;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Sessions;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Platform.Views;
using Tessera.Toolkit;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Platform.Tests.Sessions;

/// <summary>
/// The holder confirms with a finger where issuer, application, terminal and card take one (docs/protocols/finger.md §3).
/// </summary>
public class FingerTests
{
    private const string Own = "7F2E0B810941304563302A5231BF";
    private const string Other = "7F2E08810641304563302B";
    private const string Asked = "12.50 EUR, finger\nLunch";
    private const string AskedPin = "12.50 EUR, PIN:\nLunch";
    private const string Pin = "123456";


    private static readonly TerminalProfile Phone = TerminalProfile.Phone with { Capabilities = TerminalCapabilities.Biometrics };

    private static readonly TerminalProfile Pc = TerminalProfile.Rich with
    {
        Capabilities = TerminalProfile.Rich.Capabilities | TerminalCapabilities.Biometrics,
    };

    [Theory]
    [InlineData(Verification.Either, false)]
    [InlineData(Verification.Either, true)]
    [InlineData(Verification.Finger, false)]
    public async Task A_finger_pays_and_the_receipt_says_so(Verification issuer, bool rich)
    {
        using var world = await WorldAsync(issuer);
        using var link = world.Insert(rich ? Pc : Phone);
        world.Person.Does(Own);

        var receipt = await PayAsync(world, link);

        Assert.Equal((Amount.Of(12.50m), PaymentMethod.Finger), (receipt.Amount, receipt.Method));
        Assert.Equal((750, 750u), (world.Account, world.Card.Balance));
        Assert.Contains(Asked, world.Person.Shown, StringComparer.Ordinal);
        Assert.DoesNotContain(AskedPin, world.Person.Shown, StringComparer.Ordinal);
        Assert.DoesNotContain(link.Answers, answer => answer.ToString().Contains(Own[10..], StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_is_asked_once_behind_a_list_and_the_item_taken_is_paid()
    {
        using var world = await WorldAsync(Verification.Either);
        using var phone = world.Insert(Phone);
        world.Person.Does("Soup", Own);
        var menu = Dialogue.Choose(
            View.Titled("Buy what?"), ["Lunch", "Soup"], what => what,
            what => Dialogue.Pay(what is "Soup" ? Amount.Of(4.20m) : Amount.Of(12.50m), what));

        Receipt? receipt = null;
        await world.RunAsync(phone, async (session, cancel) => receipt = (await session.RunAsync(menu, cancel)).Result);

        Assert.Equal(("Soup", PaymentMethod.Finger), (receipt!.Item, receipt.Method));
        Assert.Equal(1580, world.Account);
        Assert.Single(phone.Ran, script => script.Moves(MoveKind.Debit));
    }

    [Fact]
    public async Task A_finger_identifies()
    {
        using var world = await WorldAsync(Verification.Either);
        using var phone = world.Insert(Phone);
        world.Person.Does(Own);

        await world.RunAsync(phone, async (session, cancel) =>
            await session.RunAsync(Dialogue.Identify("Your balance").ThenShow("You have 20.00."), cancel));

        Assert.Contains("Your balance\nIdentify, finger", world.Person.Shown, StringComparer.Ordinal);
        Assert.Contains("You have 20.00.", world.Person.Shown, StringComparer.Ordinal);
        Assert.Equal((MoveKind.Adjust, MoveTerms.PinRequired), (world.Card.Log[^1].Kind, world.Card.Log[^1].Terms));
    }

    [Fact]
    public async Task Nobody_is_asked_for_a_finger_unless_issuer_application_terminal_and_card_all_take_one()
    {
        foreach (var (issuer, application, profile, knows) in new[]
        {
            (Verification.Pin, Verification.Either, Phone, true),
            (Verification.Either, Verification.Pin, Phone, true),
            (Verification.Pin, Verification.Finger, Phone, true),
            (Verification.Either, Verification.Either, TerminalProfile.Phone, true),
            (Verification.Either, Verification.Either, Phone, false),
        })
        {
            using var world = await WorldAsync(issuer, knows);
            using var phone = world.Insert(profile);
            world.Person.Does(Pin);

            var receipt = await PayAsync(world, phone, application);

            Assert.Equal(PaymentMethod.Pin, receipt.Method);
            Assert.Equal(750, world.Account);
            Assert.DoesNotContain(Asked, world.Person.Shown, StringComparer.Ordinal);
        }
    }

    [Fact]
    public async Task A_key_press_is_enough_where_it_was_before()
    {
        using var world = await WorldAsync(Verification.Finger);
        using var phone = world.Insert(TerminalProfile.Phone);
        world.Person.Does("yes");

        Receipt? receipt = null;
        await world.RunAsync(phone, async (session, cancel) =>
            receipt = await session.RunAsync(Dialogue.Pay(Amount.Of(2), "Tea", withoutPin: true), cancel));

        Assert.Equal(PaymentMethod.Key, receipt!.Method);
    }

    [Fact]
    public async Task A_finger_that_is_not_recognised_is_laid_on_again()
    {
        using var world = await WorldAsync(Verification.Either);
        using var phone = world.Insert(Phone);
        world.Person.Does(Other, Other, Own);

        var receipt = await PayAsync(world, phone);

        Assert.Equal(PaymentMethod.Finger, receipt.Method);
        Assert.Equal((750, 750u), (world.Account, world.Card.Balance));
        Assert.Contains("This is not the finger of the card. 4 tries left.", world.Person.Shown, StringComparer.Ordinal);
        Assert.Contains("This is not the finger of the card. 3 tries left.", world.Person.Shown, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(new[] { Other, Other, Other }, "Your finger was not recognised. Please enter your PIN.")]
    [InlineData(new[] { "!cancel" }, "No finger was laid on. Please enter your PIN.")]
    [InlineData(new[] { "!broken" }, "No finger can be read here. Please enter your PIN.")]
    [InlineData(new[] { "00" }, "No finger can be read here. Please enter your PIN.")]
    public async Task The_PIN_stands_in_with_a_word_why(string[] does, string said)
    {
        foreach (var rich in new[] { false, true })
        {
            using var world = await WorldAsync(Verification.Either);
            using var link = world.Insert(rich ? Pc : Phone);
            world.Person.Does([.. does, Pin]);

            var receipt = await PayAsync(world, link);

            Assert.Equal(PaymentMethod.Pin, receipt.Method);
            Assert.Equal((750, 750u), (world.Account, world.Card.Balance));
            Assert.Contains(said, rich ? world.Page.Shown : world.Person.Shown, StringComparer.Ordinal);
            Assert.Equal(does.Length, world.Person.Shown.Count(text => text is Asked));
            Assert.Equal(1, world.Person.Shown.Count(text => text is AskedPin));
        }
    }

    [Fact]
    public async Task A_finger_that_is_blocked_meanwhile_gives_way_to_the_PIN_and_is_not_asked_again()
    {
        using var world = await WorldAsync(Verification.Either);
        using var phone = world.Insert(Phone);
        world.Person.Does(Other, Other, Other, Pin, Other, Other, Pin, Pin);

        var methods = new List<PaymentMethod>();
        await world.RunAsync(phone, async (session, cancel) =>
        {
            for (var tea = 0; tea < 3; tea++)
                methods.Add((await session.RunAsync(Dialogue.Pay(Amount.Of(2), "Tea"), cancel)).Method);
        });

        Assert.All(methods, method => Assert.Equal(PaymentMethod.Pin, method));
        Assert.Equal(0, world.Person.Left);
        Assert.Contains(
            "Your finger is blocked. The PUK unblocks it. Please enter your PIN.", world.Person.Shown, StringComparer.Ordinal);
        Assert.Equal(1400, world.Account);
    }

    [Theory]
    [InlineData("!cancel", "!cancel", DialogueEnd.Cancelled)]
    [InlineData("!late", null, DialogueEnd.TimedOut)]
    public async Task Who_wants_neither_pays_nothing(string finger, string? pin, DialogueEnd expected)
    {
        using var world = await WorldAsync(Verification.Either);
        using var phone = world.Insert(Phone);
        world.Person.Does(finger);
        if (pin is not null) world.Person.Does(pin);

        DialogueEnd? ended = null;
        await world.RunAsync(phone, async (session, cancel) => ended = await PinTests.EndOfAsync(session, World.Lunch, cancel));

        Assert.Equal(expected, ended);
        Assert.Equal(2000, world.Account);
        Assert.DoesNotContain(world.Card.Log, movement => movement.Amount > 0);
    }

    [Theory]
    [InlineData(true, true, new[] { "!cancel" }, DialogueEnd.Cancelled, "12.50 EUR, finger")]
    [InlineData(true, true, new[] { "!broken" }, DialogueEnd.TerminalRefused, "No finger can be read here.")]
    [InlineData(true, true, new[] { Other, Other, Other, Other, Other }, DialogueEnd.CardRefused, "Your finger is blocked.")]
    [InlineData(false, true, new string[0], DialogueEnd.TerminalRefused, "no finger can be laid on this terminal.")]
    [InlineData(true, false, new string[0], DialogueEnd.CardRefused, "your card compares none now.")]
    public async Task Where_the_finger_alone_counts_no_PIN_stands_in(
        bool reader, bool knows, string[] does, DialogueEnd expected, string said)
    {
        using var world = await WorldAsync(Verification.Finger, knows);
        using var phone = world.Insert(reader ? Phone : TerminalProfile.Phone);
        world.Person.Does(does);
        var menu = Dialogue.Choose(View.Titled("Buy what?"), ["Lunch", "Soup"], what => what, _ => World.Lunch);

        foreach (var dialogue in new[] { World.Lunch, menu.Select(chosen => chosen.Result) })
        {
            DialogueEnd? ended = null;
            world.Person.Otherwise = (_, items) => items.Count > 0 ? "Lunch" : "!cancel";
            await world.RunAsync(phone, async (session, cancel) => ended = await PinTests.EndOfAsync(session, dialogue, cancel));
            if (dialogue == World.Lunch) Assert.Equal(expected, ended);
            else Assert.NotNull(ended);
        }

        Assert.Contains(world.Person.Shown, text => text.Contains(said, StringComparison.Ordinal));
        Assert.DoesNotContain(world.Person.Shown, text => text.Contains("PIN", StringComparison.Ordinal));
        Assert.Equal(2000, world.Account);
    }

    [Fact]
    public async Task A_blocked_PIN_stands_in_nobodys_way_who_has_a_finger()
    {
        using var world = await WorldAsync(Verification.Either);
        using var first = world.Insert(TerminalProfile.Phone);
        using var second = world.Insert(Phone, session: 0x2B);
        world.Person.Does("111111", "111111", "111111", "Stop", Own);
        await world.RunAsync(first, async (session, cancel) => await PinTests.EndOfAsync(session, World.Lunch, cancel));

        var receipt = await PayAsync(world, second);

        Assert.Equal(PaymentMethod.Finger, receipt.Method);
        Assert.Equal(750, world.Account);
    }

    [Fact]
    public async Task A_blocked_PIN_at_a_terminal_without_a_reader_is_offered_the_PUK_though_the_card_knows_a_finger()
    {
        using var world = await WorldAsync(Verification.Either);
        using var first = world.Insert(TerminalProfile.Phone);
        using var second = world.Insert(TerminalProfile.Phone, session: 0x2B);
        world.Person.Does("111111", "111111", "111111", "Stop", Pin, "Unblock it with the PUK", "87654321", "654321", "654321", "654321");
        await world.RunAsync(first, async (session, cancel) => await PinTests.EndOfAsync(session, World.Lunch, cancel));

        Assert.Equal(PaymentMethod.Pin, (await PayAsync(world, second)).Method);
        Assert.Equal((750, 750u), (world.Account, world.Card.Balance));
    }

    [Theory]
    [InlineData((int)Fault.AnswerLost)]
    [InlineData((int)Fault.NeverRuns)]
    [InlineData((int)Fault.CardPulled)]
    [InlineData((int)Fault.Interrupted)]
    public async Task A_payment_by_finger_whose_answer_is_lost_is_settled_by_the_next_contact(int fault)
    {
        using var world = await WorldAsync(Verification.Either);
        using var phone = world.Insert(Phone);
        using var next = world.Insert(Phone, session: 0x2B);
        var first = true;
        phone.Faults = script => script.Moves(MoveKind.Debit) && first && !(first = false) ? (Fault)fault : Fault.None;
        world.Person.Otherwise = (_, _) => Own;

        await world.RunAsync(phone, async (session, cancel) => await session.RunAsync(World.Lunch, cancel));
        await world.RunAsync(next, (_, _) => Task.CompletedTask);

        Assert.Equal(world.Account, world.Card.Balance);
        Assert.Equal(2000 - (1250 * world.Card.Log.Count(movement => movement.Amount > 0)), world.Account);
    }

    [Fact]
    public async Task After_a_restart_the_session_goes_on_with_what_it_asked_for()
    {
        for (var (point, failed) = (1, true); failed; point++)
        {
            using var world = await WorldAsync(Verification.Either);
            using var phone = world.Insert(Phone);
            world.Person.Does(Other, "!cancel", Pin);
            world.Power.FailAt(point);
            Receipt? receipt = null;
            async Task BuyAsync(CardSession session, CancellationToken cancel) =>
                receipt = await session.RunAsync(World.Lunch, cancel);

            try
            {
                await world.RunAsync(phone, BuyAsync);
            }
            catch (CrashException)
            {
                world.Restart();
                if (await world.ResumeAsync(phone, BuyAsync) is null && receipt is null) await world.RunAsync(phone, BuyAsync);
            }

            failed = world.Power.HasFailed;
            Assert.True(receipt?.Method == PaymentMethod.Pin, $"Point {point}: {receipt}");
            Assert.Equal((750, 750u), (world.Account, world.Card.Balance));
            Assert.Equal(0, world.Person.Left);
        }
    }

    private static async Task<Receipt> PayAsync(
        World world, ModelLink link, Verification application = Verification.Either)
    {
        Receipt? receipt = null;
        await world.RunAsync(
            link, async (session, cancel) => receipt = await session.RunAsync(World.Lunch, cancel), application);
        return receipt!;
    }

    private static async Task<World> WorldAsync(Verification issuer, bool knows = true)
    {
        var world = await World.WithAsync(2000, options: new SessionOptions { Verification = issuer });
        world.Card.Finger = knows ? Bytes.FromHex(Own).Read<FingerTemplate>() : null;
        return world;
    }
}
