using Tessera.Cards;
using Tessera.Cards.Biometrics;
using Tessera.Cards.Piv;
using Tessera.Cards.Purse;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.Toolkit.Tests.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Interpretation;

/// <summary>docs/protocols/script.md §6.2: a finger goes from the terminal's reader to the card and nowhere else.</summary>
public class FingerTests
{
    private const string Template = "7F2E08 8106 313131 323232";

    private static readonly TerminalProfile Profile =
        TerminalProfile.Rich with { Capabilities = TerminalCapabilities.Biometrics };

    [Fact]
    public void The_finger_goes_into_VERIFY_and_is_zero_everywhere_afterwards()
    {
        var stage = NewStage();
        var octets = Bytes.FromHex(Template).ToArray();
        Bytes sent = default;
        stage.Holder = _ => new HolderEntered(octets);
        stage.Card = command =>
        {
            if (command.Data.Length > 0) sent = command.Data;
            return Stage.Answer("313131 9000");
        };

        var answer = stage.Play(new ScriptBuilder().VerifyFinger());

        Assert.Null(answer.Stopped);
        Assert.Equal(["002100810B7F2E088106313131323232", "0020FF80"], stage.Sent);
        Assert.Equal(["Finger, please"], stage.Texts);
        Assert.Equal(new byte[11], octets);
        Assert.Equal(new Bytes(new byte[11]), sent);
        Assert.DoesNotContain("3131", Bytes.Of(answer).ToString(), StringComparison.Ordinal);
        Assert.Equal(Bytes.Empty, stage.Trace!.Command(2)!.Data);
        Assert.Equal(Bytes.Empty, stage.Trace.Answer(2)!.Data);
    }

    [Fact]
    public void The_digest_is_the_same_whatever_the_finger()
    {
        var (one, other) = (NewStage(), NewStage());
        other.Holder = _ => Laid("7F2E05 8103 414141");

        one.Play(new ScriptBuilder().VerifyFinger());
        other.Play(new ScriptBuilder().VerifyFinger());

        Assert.NotEqual(one.Sent[0], other.Sent[0], StringComparer.Ordinal);
        Assert.Equal(one.Trace!.Digest, other.Trace!.Digest);
    }

    [Fact]
    public void A_payment_is_shown_with_the_finger_that_confirms_it()
    {
        var stage = NewStage();

        Assert.Null(stage.Play(Paying(script => script.VerifyFinger())).Stopped);

        Assert.Equal(["Lunch", "3.20 EUR, finger\nLunch"], stage.Texts);
        Assert.Equal(PaymentMethod.Finger, Assert.Single(stage.Trace!.Payments).Payment.Method);
        Assert.Equal(PaymentMethod.Finger, Assert.Single(stage.Prompts).Payment!.Method);
    }

    [Fact]
    public void After_a_finger_that_is_not_theirs_the_PIN_pays()
    {
        var stage = NewStage();
        var card = stage.Card;
        stage.Card = command => command.Ins == FingerCommands.Verify ? Stage.Answer("6A88") : card(command);

        var answer = stage.Play(Paying(script => script.ExpectAnything().VerifyFinger().VerifyPin()));

        Assert.Null(answer.Stopped);
        Assert.Equal(["Lunch", "Finger, please", "3.20 EUR, PIN:\nLunch"], stage.Texts);
        Assert.Equal(PaymentMethod.Pin, Assert.Single(stage.Trace!.Payments).Payment.Method);
    }

    [Fact]
    public void A_finger_identifies_below_the_reason()
    {
        var stage = NewStage();
        var identify = PurseCommands.Move(MoveKind.Adjust, MoveTerms.PinRequired, 0, 0, new Bytes(new byte[8]));

        Assert.Null(stage.Play(new ScriptBuilder().Perform(ProactiveCommand.DisplayText("Your balance"))
            .VerifyFinger().Move(identify, out _)).Stopped);

        Assert.Equal("Your balance\nIdentify, finger", stage.Texts[^1]);
    }

    [Fact]
    public void A_terminal_without_a_reader_refuses_before_anybody_is_asked()
    {
        var stage = new Stage();

        stage.Stops(new ScriptBuilder().VerifyPin().VerifyFinger(out _), StopReason.NotCapable, 4);

        Assert.Empty(stage.Shown);
        Assert.Empty(stage.Sent);
    }

    [Theory]
    [InlineData(GeneralResult.SessionTerminatedByUser, StopReason.EndedByHolder)]
    [InlineData(GeneralResult.NoResponseFromUser, StopReason.NoAnswerFromHolder)]
    [InlineData(GeneralResult.TerminalBusy, StopReason.NotCapable)]
    public void A_finger_that_is_not_laid_ends_the_script(GeneralResult result, StopReason reason)
    {
        var stage = NewStage();
        stage.Holder = perform => Stage.Result(perform, result);

        stage.Stops(new ScriptBuilder().VerifyFinger(), reason, 1);

        Assert.Empty(stage.Sent);
    }

    [Theory]
    [InlineData("")]
    [InlineData("313233343536")]
    [InlineData("7F2E08 8106 323232 313131")]
    [InlineData("7F2E08 8106 313131 323232 00")]
    public void What_is_no_finger_is_never_sent(string octets)
    {
        var stage = NewStage();
        var entered = Bytes.FromHex(octets).ToArray();
        stage.Holder = _ => new HolderEntered(entered);

        stage.Stops(new ScriptBuilder().VerifyFinger(), StopReason.NotCapable, 1);

        Assert.Empty(stage.Sent);
        Assert.All(entered, octet => Assert.Equal(0, octet));
    }

    public static TheoryData<string> Elsewhere =>
    [
        // A finger to any other command: VERIFY of the PIN, CHANGE, READ RECORD, WRITE, SELECT, MOVE, INITIALIZE.
        "C304 0006BB00 2205 00200080 00",
        "C304 0006BB00 2205 00240080 00",
        "C304 0006BB00 2205 00B20104 00",
        "C304 0006BB00 2205 80640007 00",
        "C304 0006BB00 2205 00A40400 00",
        "C304 0006BB00 2205 80500000 00",
        "C304 0006BB00 2215 80540100 10 00000000000000000000000000000000",
        // Another reference, P1, class.
        "C304 0006BB00 2205 00210080 00",
        "C304 0006BB00 2205 00210082 00",
        "C304 0006BB00 2205 0021FF81 00",
        "C304 0006BB00 2205 00200097 00",
        "C304 0006BB00 2205 0020FF96 00",
        "C304 00210868 2205 00200096 00",
        "C304 0006BB00 2205 10210081 00",
        "C304 0006BB00 2205 0C210081 00",
        "C304 0006BB00 2205 80210081 00",
        // A finger that comes with the script, a PIN in its place, something beside it, a wish for an answer.
        "2210 00210081 0B 7F2E088106313131323232",
        "2204 00210081",
        "C304 00210868 2205 00210081 00",
        "C304 00220808 2205 00210081 00",
        "C304 0006BB00 C402 0008 2205 00210081 00",
        "C402 0008 C304 0006BB00 2205 00210081 00",
        "C304 0006BB00 2206 00210081 01 31",
        "C304 0006BB00 2206 00210081 00 00",
    ];

    [Theory]
    [MemberData(nameof(Elsewhere))]
    public void A_finger_goes_nowhere_else(string steps)
    {
        var stage = NewStage();
        var script = Bytes.Of(new Tlv(0xAA, Bytes.FromHex("C004 01002A01" + steps))).Read<CommandScript>();

        Assert.Equal(StopReason.PinRule, stage.Play(script).Stopped?.Reason);

        Assert.Empty(stage.Shown);
        Assert.Empty(stage.Sent);
    }

    [Fact]
    public void A_PIV_card_gets_the_minutiae_alone_and_signs_what_its_holder_agreed_to_by_finger()
    {
        var stage = NewStage();
        stage.Situation = CardSituation.Inserted(initializeInForce: false);
        stage.Card = _ => Stage.Answer("9000");

        Assert.Null(stage.Play(Signing()).Stopped);

        Assert.Equal("To sign, finger", stage.Texts[^1]);
        Assert.Equal("0020009606313131323232", stage.Sent[1]);
        Assert.StartsWith("0087119C", stage.Sent[2], StringComparison.Ordinal);
        Assert.Equal(["0020FF80", "0020FF96"], stage.Sent.Skip(3), StringComparer.Ordinal);
        Assert.Equal(Bytes.Empty, stage.Trace!.Command(4)!.Data);
    }

    [Theory]
    [InlineData("63C4")]
    [InlineData("6983")]
    [InlineData("6A88")]
    public void A_PIV_card_that_does_not_know_the_finger_signs_nothing(string status)
    {
        var stage = NewStage();
        stage.Situation = CardSituation.Inserted(initializeInForce: false);
        stage.Card = command => Stage.Answer(command.P2 == 0x96 ? status : "9000");

        stage.Stops(Signing(), StopReason.UnexpectedStatus, 4);

        Assert.DoesNotContain(stage.Sent, sent => sent.StartsWith("0087", StringComparison.Ordinal));
    }

    [Fact]
    public void The_finger_of_a_PIV_card_is_taken_from_another_application_by_its_selection()
    {
        var stage = NewStage();
        stage.Situation = CardSituation.Inserted(initializeInForce: false);

        stage.Play(Signing().Send(PurseCommands.Select));

        Assert.Equal("0020FF80", stage.Sent[^1]);
        var again = NewStage();
        again.Situation = stage.Situation;
        again.Card = _ => Stage.Answer("9000");
        again.Play(Signing().Send(PivCommands.Select)); // which leaves it as it was
        Assert.Equal("0020FF96", again.Sent[^1]);
    }

    [Fact]
    public void No_finger_is_asked_where_the_application_takes_none()
    {
        var stage = NewStage();
        stage.Situation = new CardSituation(AppletPolicies.Piv, null, false);

        stage.Stops(new ScriptBuilder().VerifyFinger(), StopReason.NotAllowed, 2);

        Assert.Empty(stage.Shown);
    }

    [Fact]
    public void Disposing_the_interpreter_zeroes_a_finger_on_its_way_to_the_card()
    {
        var interpreter = new ScriptInterpreter(new ScriptBuilder().VerifyFinger().Build(1, 1),
            TerminalRules.ForTerminal(Stage.Server, Profile), CardSituation.Sim(Stage.Euro, false));
        interpreter.Next(null);
        var transmit = (Transmit)interpreter.Next(Laid(Template));
        Assert.Equal(0x7F, transmit.Command.Data.Span[0]);

        interpreter.Dispose();

        Assert.Equal(new Bytes(new byte[11]), transmit.Command.Data);
    }

    [Fact]
    public void The_worked_finger_gives_its_answers()
    {
        var script = WorkedScripts.Of("fingerscript").Single().Read<CommandScript>();
        var (own, other, none) = (NewStage(), NewStage(), new Stage());
        other.Card = _ => Stage.Answer("63C4");

        Bytes[] answers = [.. new[] { own, other, none }.Select(stage => Bytes.Of(stage.Play(script)))];

        Assert.Equal(WorkedScripts.Of("fingeranswer"), answers);
        Assert.Equal("3.20 EUR, finger\nLunch", own.Texts[^1]);
    }

    private static ScriptBuilder Signing() => new ScriptBuilder()
        .Send(PivCommands.Select).Perform(ProactiveCommand.DisplayText("Lunch")).Add(InputStep.Finger)
        .Send(new CommandApdu(0x00, 0x20, 0x00, PivCommands.PrimaryFinger)).Sign(0x9C, SignatureAlgorithm.EccP256, out _);

    private static ScriptBuilder Paying(Func<ScriptBuilder, ScriptBuilder> verify) =>
        verify(new ScriptBuilder().Perform(ProactiveCommand.DisplayText("Lunch")))
            .Move(PurseCommands.Move(MoveKind.Debit, MoveTerms.PinRequired, 0, 320, new Bytes(new byte[8])), out _);

    private static Stage NewStage()
    {
        var stage = new Stage { Rules = TerminalRules.ForTerminal(Stage.Server, Profile) };
        stage.Holder = perform => perform.Prompt?.Kind == PromptKind.Finger ? Laid(Template) : Stage.Agree(perform);
        return stage;
    }

    private static HolderEntered Laid(string template) => new(Bytes.FromHex(template).ToArray());
}
