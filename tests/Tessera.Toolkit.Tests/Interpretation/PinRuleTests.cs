using System.Text;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Interpretation;

/// <summary>docs/protocols/script.md §6.2: where a PIN goes, and where nobody can make it go.</summary>
public class PinRuleTests
{
    [Fact]
    public void The_PIN_goes_into_VERIFY_and_is_zero_everywhere_afterwards()
    {
        var stage = new Stage();
        var digits = Encoding.ASCII.GetBytes("1234567");
        Bytes sent = default;
        stage.Holder = _ => new HolderEntered(digits);
        stage.Card = command =>
        {
            if (command.Data.Length > 0) sent = command.Data;
            return Stage.Answer("9000");
        };

        var answer = stage.Play(new ScriptBuilder().VerifyPin());

        Assert.Equal("002000800831323334353637FF", stage.Sent[0]);
        Assert.Equal(new byte[7], digits);
        Assert.Equal(new Bytes(new byte[8]), sent);
        Assert.DoesNotContain("313233", Bytes.Of(answer).ToString(), StringComparison.Ordinal);
        Assert.Equal(Bytes.Empty, stage.Trace!.Command(2)!.Data);
    }

    [Fact]
    public void Only_the_status_of_a_PIN_command_comes_back()
    {
        var stage = new Stage { Card = _ => Stage.Answer("313233343536 9000") };

        var answer = stage.Play(new ScriptBuilder().VerifyPin().ChangePin(out _).UnblockPin(out _));

        Assert.All(answer.Results, result => Assert.Equal(Bytes.Empty, ((CardResult)result).Answer.Data));
    }

    [Fact]
    public void The_digest_is_the_same_whatever_the_PIN()
    {
        var (one, other) = (new Stage(), new Stage());
        other.Holder = perform => perform.Prompt!.IsHidden ? Stage.Typed("87654321") : Stage.Agree(perform);

        one.Play(new ScriptBuilder().VerifyPin().UnblockPin(out _));
        other.Play(new ScriptBuilder().VerifyPin().UnblockPin(out _));

        Assert.NotEqual(one.Sent[0], other.Sent[0], StringComparer.Ordinal);
        Assert.Equal(one.Trace!.Digest, other.Trace!.Digest);
    }

    [Fact]
    public void A_new_PIN_is_asked_twice_and_goes_behind_the_old()
    {
        var stage = new Stage();
        stage.Holder = perform => Stage.Typed(perform.Prompt!.Kind == PromptKind.Pin ? "123456" : "654321");

        Assert.Null(stage.Play(new ScriptBuilder().ChangePin(out _)).Stopped);

        Assert.Equal("0024008010313233343536FFFF363534333231FFFF", stage.Sent[0]);
        Assert.Equal([PromptKind.Pin, PromptKind.NewPin, PromptKind.RepeatNewPin], stage.Prompts.Select(prompt => prompt.Kind));
        Assert.All(stage.Shown, perform => Assert.True(perform.Command.IsHiddenInput));
    }

    [Fact]
    public void A_PUK_and_a_new_PIN_go_into_RESET_RETRY_COUNTER()
    {
        var stage = new Stage();

        Assert.Null(stage.Play(new ScriptBuilder().UnblockPin(out _)).Stopped);

        Assert.Equal("002C0080103132333435363738313233343536FFFF", stage.Sent[0]);
        Assert.Equal([PromptKind.Puk, PromptKind.NewPin, PromptKind.RepeatNewPin], stage.Prompts.Select(prompt => prompt.Kind));
    }

    [Fact]
    public void New_PINs_that_differ_three_times_end_the_script()
    {
        var stage = new Stage();
        stage.Holder = perform => Stage.Typed(perform.Prompt!.Kind == PromptKind.RepeatNewPin ? "111111" : "222222");

        stage.Stops(new ScriptBuilder().ChangePin(out _), StopReason.EndedByHolder, 2);

        Assert.Equal(1 + (3 * 2), stage.Shown.Count);
        Assert.Empty(stage.Sent);
    }

    [Theory]
    [InlineData("12345")]
    [InlineData("123456789")]
    [InlineData("12345a")]
    [InlineData("")]
    public void What_is_no_PIN_is_asked_again_three_times_and_never_sent(string typed)
    {
        var stage = new Stage { Holder = _ => Stage.Typed(typed) };

        stage.Stops(new ScriptBuilder().VerifyPin(), StopReason.NotCapable, 1);

        Assert.Equal(3, stage.Shown.Count);
        Assert.Empty(stage.Sent);
    }

    [Fact]
    public void A_hidden_GET_INPUT_is_refused_in_both_forms()
    {
        var phishing = ProactiveCommand.GetInput("Your PIN please", 4, 8, InputQualifier.HiddenOrYesNo);

        new Stage().Stops(new ScriptBuilder().Perform(phishing), StopReason.PinRule, 1);
        new Stage().Stops(new ScriptBuilder().Add(new ToolkitStep(phishing, IsShort: false)), StopReason.PinRule, 1);
        new Stage().Stops(
            new ScriptBuilder().Perform(phishing with { Qualifier = 0x0F }), StopReason.PinRule, 1);
    }

    [Fact]
    public void A_visible_GET_INPUT_that_begs_for_a_PIN_carries_the_notice_first()
    {
        var stage = new Stage();

        stage.Play(new ScriptBuilder()
            .Perform(ProactiveCommand.DisplayText("Enter your PIN next"))
            .Perform(ProactiveCommand.GetInput("PIN:", 4, 8))
            .Perform(ProactiveCommand.GetInkey("First digit of your PIN:")));

        Assert.Equal(
            ["Enter your PIN next", "Goes to server.\nNo PIN here!\nPIN:",
                "Goes to server.\nNo PIN here!\nFirst digit of your PIN:"],
            stage.Texts);
        Assert.Equal(["PIN:", "First digit of your PIN:"], stage.Prompts.Select(prompt => prompt.Text!).ToArray());
    }

    [Fact]
    public void A_notice_that_does_not_fit_the_question_comes_before_it()
    {
        var stage = new Stage { Rules = TerminalRules.ForSim(Stage.Server, TerminalProfile.Phone) };
        var question = new string('x', 220);

        Assert.Null(stage.Play(new ScriptBuilder().Perform(ProactiveCommand.GetInput(question, 0, 9))).Stopped);

        Assert.Equal(["Goes to server.\nNo PIN here!", question], stage.Texts);
        Assert.Equal([PromptKind.Notice, PromptKind.Input], stage.Prompts.Select(prompt => prompt.Kind));
    }

    [Fact]
    public void A_notice_that_is_cancelled_ends_the_script()
    {
        var stage = new Stage { Rules = TerminalRules.ForSim(Stage.Server, TerminalProfile.Phone) };
        stage.Holder = perform => Stage.Result(perform, GeneralResult.BackwardMove);

        stage.Stops(
            new ScriptBuilder().Perform(ProactiveCommand.GetInput(new string('x', 220), 0, 9)), StopReason.EndedByHolder, 1);

        Assert.Single(stage.Shown);
    }

    [Fact]
    public void A_yes_or_no_needs_no_notice()
    {
        var stage = new Stage();

        stage.Play(new ScriptBuilder().Perform(ProactiveCommand.GetInkey("Sure?", InputQualifier.HiddenOrYesNo)));

        Assert.Equal(["Sure?"], stage.Texts);
        Assert.Empty(stage.Prompts);
    }

    [Fact]
    public void Inputs_of_the_terminal_carry_the_notice_too()
    {
        var stage = new Stage { Situation = new CardSituation(AppletPolicies.Store, null, false) };
        stage.Holder = perform => Stage.Entered(perform, "seat 12");

        stage.Play(new ScriptBuilder().Add(InputStep.Text(10, 20, 1, 15))
            .Send(new CommandApdu(0x80, 0x64, 0x00, 0x07, Bytes.FromHex("0001 A1A2A3A4A5A6A7A8"))));

        Assert.StartsWith("Goes to server.\nNo PIN here!", stage.Shown[0].Command.Text, StringComparison.Ordinal);
        Assert.False(stage.Shown[0].Command.IsHiddenInput);
    }

    public static TheoryData<string> Phishing =>
    [
        // A PIN to any other command: READ RECORD, WRITE of the store, SELECT, MOVE, INITIALIZE, PIN commands of other form.
        "C304 00210868 2205 00B20104 00",
        "C304 00210868 2205 80640007 00",
        "C304 00210868 2205 00A40400 00",
        "C304 00210868 2205 80500000 00",
        "C304 00210868 2215 80540100 10 00000000000000000000000000000000",
        "C304 00210868 2205 0020FF80 00",
        "C304 00210868 2205 00200081 00",
        "C304 00210868 2205 00200180 00",
        "C304 00240868 2205 80500000 00",
        "C304 00250888 2205 80500000 00",
        // VERIFY and the others with chaining, secure messaging, logical channel bits, another class.
        "C304 00210868 2205 10200080 00",
        "C304 00210868 2205 0C200080 00",
        "C304 00210868 2205 01200080 00",
        "C304 00210868 2205 40200080 00",
        "C304 00210868 2205 80200080 00",
        // A PIN that arrives with the script, whole or in part, or none at all.
        "220D 00200080 08 313233343536FFFF",
        "2204 00200080",
        "2205 00200080 00",
        "2204 00240080",
        "2204 002C0080",
        "C304 01210868 2206 00200080 01 31",
        // Two PINs, a PIN beside something else, a PIN from a pick, the digest behind a PIN.
        "C304 00210868 C304 00210868 2205 00200080 00",
        "C304 00210868 C304 08210868 2205 00200080 00",
        "C304 00210868 C402 0808 2205 00200080 00",
        "C402 0008 C304 00210868 2205 00200080 00",
        "C402 0008 2205 00200080 00",
        "C304 00210868 C304 08220808 2205 00200080 00",
        "C304 00220868 2205 00200080 00",
        "C304 00030400 2205 00200080 00",
        // Formats other than ASCII of 8 octets, bounds that are no PIN's, a wish for an answer.
        "C304 00010868 2205 00200080 00",
        "C304 00110868 2205 00200080 00",
        "C304 00210767 2205 00200080 00",
        "C304 00210811 2205 00200080 00",
        "C304 00210845 2205 00200080 00",
        "C304 00210868 2206 00200080 00 00",
        // The wrong one of PIN, new PIN and PUK for the command; places exchanged; one missing.
        "C304 00240868 2205 00200080 00",
        "C304 00250888 2205 00200080 00",
        "C304 00210868 2205 00240080 00",
        "C304 00210868 C304 08210868 2205 00240080 00",
        "C304 00240868 C304 00210868 2205 00240080 00",
        "C304 00210868 C304 00240868 2205 00240080 00",
        "C304 00250888 C304 08240868 2205 00240080 00",
        "C304 00210868 C304 08240868 2205 002C0080 00",
        "C304 00250888 C304 08250888 2205 002C0080 00",
        "C304 00250866 C304 08240868 2205 002C0080 00",
    ];

    [Theory]
    [MemberData(nameof(Phishing))]
    public void A_PIN_goes_nowhere_else(string steps)
    {
        var stage = new Stage();
        var script = Bytes.Of(new Tlv(0xAA, Bytes.FromHex("C004 01002A01" + steps))).Read<CommandScript>();

        var stopped = stage.Play(script).Stopped;

        Assert.Equal(StopReason.PinRule, stopped?.Reason);
        Assert.Empty(stage.Shown);
        Assert.Empty(stage.Sent);
    }

    [Fact]
    public void No_PIN_is_asked_for_a_card_of_which_nothing_is_selected() =>
        NothingShown(new Stage { Situation = CardSituation.Inserted(false) },
            new ScriptBuilder().VerifyPin(), StopReason.NotAllowed, 2);

    [Fact]
    public void No_PIN_is_asked_where_the_application_has_none() =>
        NothingShown(new Stage { Situation = new CardSituation(AppletPolicies.Store, null, false) },
            new ScriptBuilder().VerifyPin(), StopReason.NotAllowed, 2);

    [Theory]
    [InlineData(GeneralResult.SessionTerminatedByUser, StopReason.EndedByHolder)]
    [InlineData(GeneralResult.BackwardMove, StopReason.EndedByHolder)]
    [InlineData(GeneralResult.UserRefused, StopReason.EndedByHolder)]
    [InlineData(GeneralResult.NoResponseFromUser, StopReason.NoAnswerFromHolder)]
    [InlineData(GeneralResult.TerminalBusy, StopReason.NotCapable)]
    [InlineData(GeneralResult.BeyondCapabilities, StopReason.NotCapable)]
    public void A_PIN_that_is_not_entered_ends_the_script(GeneralResult result, StopReason reason)
    {
        var stage = new Stage { Holder = perform => Stage.Result(perform, result) };

        stage.Stops(new ScriptBuilder().VerifyPin(), reason, 1);

        Assert.Empty(stage.Sent);
    }

    [Fact]
    public void The_PIN_is_cleared_however_a_script_ends_that_used_the_card()
    {
        Assert.Equal("0020FF80", After(new ScriptBuilder().VerifyPin()).Sent[^1]);
        var foreign = PurseCommands.Balance with { Ins = 0xFF };
        Assert.Equal("0020FF80", After(new ScriptBuilder().Send(PurseCommands.Balance).Send(foreign)).Sent[^1]);
        var refused = new Stage { Card = _ => Stage.Answer("6985") };
        refused.Play(new ScriptBuilder().Send(PurseCommands.Balance));
        Assert.Equal(["805C000000", "0020FF80"], refused.Sent);

        Assert.Empty(After(new ScriptBuilder().Perform(ProactiveCommand.DisplayText("hi"))).Sent);
    }

    [Fact]
    public void A_terminal_response_is_no_way_to_hand_over_a_PIN()
    {
        using var interpreter = new ScriptInterpreter(new ScriptBuilder().VerifyPin().Build(1, 1),
            TerminalRules.ForTerminal(Stage.Server, TerminalProfile.Rich), CardSituation.Sim(Stage.Euro, false));
        var perform = (Perform)interpreter.Next(null);

        Assert.Throws<ArgumentException>(() => interpreter.Next(Stage.Entered(perform, "123456")));
    }

    [Fact]
    public void A_PIN_handed_over_at_the_wrong_time_is_zeroed_too()
    {
        var digits = Encoding.ASCII.GetBytes("123456");
        using var interpreter = new ScriptInterpreter(new ScriptBuilder().Send(PurseCommands.Balance).Build(1, 1),
            TerminalRules.ForTerminal(Stage.Server, TerminalProfile.Rich), CardSituation.Sim(Stage.Euro, false));
        interpreter.Next(null);

        Assert.Throws<ArgumentException>(() => interpreter.Next(new HolderEntered(digits)));
        Assert.Equal(new byte[6], digits);
    }

    [Fact]
    public void Disposing_the_interpreter_zeroes_a_PIN_on_its_way_to_the_card()
    {
        var interpreter = new ScriptInterpreter(new ScriptBuilder().VerifyPin().Build(1, 1),
            TerminalRules.ForTerminal(Stage.Server, TerminalProfile.Rich), CardSituation.Sim(Stage.Euro, false));
        interpreter.Next(null);
        var transmit = (Transmit)interpreter.Next(Stage.Typed("123456"));
        Assert.Equal(0x31, transmit.Command.Data.Span[0]);

        interpreter.Dispose();

        Assert.Equal(new Bytes(new byte[8]), transmit.Command.Data);
    }

    [Fact]
    public void Neither_action_nor_outcome_prints_a_PIN()
    {
        var verify = new CommandApdu(0, 0x20, 0, 0x80, Bytes.FromHex("313233343536FFFF"));
        Assert.DoesNotContain("31", new Transmit(verify).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("31", $"{Stage.Typed("111111")}", StringComparison.Ordinal);
    }

    private static Stage After(ScriptBuilder script)
    {
        var stage = new Stage();
        stage.Play(script);
        return stage;
    }

    private static void NothingShown(Stage stage, ScriptBuilder script, StopReason reason, byte step)
    {
        stage.Stops(script, reason, step);
        Assert.Empty(stage.Shown);
        Assert.Empty(stage.Sent);
    }
}
