using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Interpretation;

/// <summary>docs/protocols/script.md §6.6, §6.7: what the holder gets, what needs a yes, what is too much.</summary>
public class DialogueTests
{
    private static readonly TerminalRules Phone = TerminalRules.ForTerminal(Stage.Server, TerminalProfile.Phone);

    [Theory]
    [InlineData(GeneralResult.Success, null)]
    [InlineData(GeneralResult.PartialComprehension, null)]
    [InlineData(GeneralResult.HelpRequired, null)]
    [InlineData(GeneralResult.SessionTerminatedByUser, StopReason.EndedByHolder)]
    [InlineData(GeneralResult.BackwardMove, StopReason.EndedByHolder)]
    [InlineData(GeneralResult.UserRefused, StopReason.EndedByHolder)]
    [InlineData(GeneralResult.UserClearedCall, StopReason.EndedByHolder)]
    [InlineData(GeneralResult.NoResponseFromUser, StopReason.NoAnswerFromHolder)]
    [InlineData(GeneralResult.TerminalBusy, StopReason.NotCapable)]
    [InlineData(GeneralResult.BeyondCapabilities, StopReason.NotCapable)]
    [InlineData((GeneralResult)0x3F, StopReason.NotCapable)]
    [InlineData((GeneralResult)0xFF, StopReason.NotCapable)]
    public void A_result_is_kept_and_may_end_the_script(GeneralResult result, StopReason? reason)
    {
        var stage = new Stage { Holder = perform => Stage.Result(perform, result) };

        var answer = stage.Play(new ScriptBuilder().Perform(ProactiveCommand.DisplayText("hi")).Send(PurseCommands.Balance));

        Assert.Equal(reason, answer.Stopped?.Reason);
        Assert.Equal(reason is null ? 1 : 0, answer.Executed);
        if (result != GeneralResult.Success) Assert.Equal(new ToolkitResult(1, result, []), answer.Results[0]);
    }

    [Fact]
    public void A_plain_success_is_left_out_of_the_answer_but_not_of_the_digest()
    {
        var (shown, silent) = (new Stage(), new Stage());

        Assert.Empty(shown.Play(new ScriptBuilder().Perform(ProactiveCommand.DisplayText("hi"))).Results);
        silent.Play(new ScriptBuilder());

        Assert.NotEqual(silent.Trace!.Digest, shown.Trace!.Digest);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 0)]
    public void A_branch_follows_the_choice_and_none_where_there_are_fewer(byte choice, int executed)
    {
        var stage = new Stage { Holder = perform => Stage.Chosen(perform, choice) };

        var answer = stage.Play(new ScriptBuilder().Perform(ProactiveCommand.SelectItem("?", "a", "b", "c"))
            .Branch(a => a.Send(PurseCommands.Balance), b => { }));

        Assert.Null(answer.Stopped);
        Assert.Equal(executed, answer.Executed);
    }

    [Fact]
    public void The_ordinal_is_the_position_whatever_the_identifiers()
    {
        var list = Bytes.FromHex("D012 8103012400 82028182 8F03 094161 8F02 0742").Read<ProactiveCommand>();
        var stage = new Stage { Holder = perform => Stage.Chosen(perform, 7) };

        stage.Play(new ScriptBuilder().Perform(list).Branch(a => a.Send(PurseCommands.End), b => b.Send(PurseCommands.Balance)));

        Assert.Equal((int?)2, stage.Trace!.Choice(1));
        Assert.Equal("805C000000", stage.Sent[0]);
    }

    [Fact]
    public void A_branch_without_a_choice_stops()
    {
        var without = new Stage();
        var unknown = new Stage { Holder = perform => Stage.Chosen(perform, 9) };

        without.Stops(new ScriptBuilder().Branch(a => a.Send(PurseCommands.Balance)), StopReason.NoChoice, 1);
        unknown.Stops(
            new ScriptBuilder().Perform(ProactiveCommand.SelectItem("?", "a")).Branch(a => a.Send(PurseCommands.Balance)),
            StopReason.NoChoice, 2);
    }

    [Fact]
    public void A_pick_without_a_choice_stops_before_the_command() =>
        new Stage().Stops(
            new ScriptBuilder().Pick(0, Bytes.FromHex("0102030405060708")).Send(PurseCommands.Initialize(Bytes.Empty)),
            StopReason.NoChoice, 2);

    [Fact]
    public void A_cached_list_is_shown_and_hashed_as_the_card_keeps_it()
    {
        var list = ProactiveCommand.SelectItem("Where to?", "Centre", "Airport");
        var (kept, written) = (new Stage(), new Stage());
        kept.Rules = kept.Rules with { CachedList = named => named == new ListVersion(7, 2) ? list : null };

        Assert.Null(kept.Play(new ScriptBuilder().ShowList(7, 2, out _).Branch(a => a.Send(PurseCommands.End))).Stopped);
        written.Play(new ScriptBuilder().Perform(list).Branch(a => a.Send(PurseCommands.End)));

        Assert.Equal(written.Trace!.Digest, kept.Trace!.Digest);
        kept.Stops(new ScriptBuilder().ShowList(7, 3, out _), StopReason.NoSuchList, 1);
        kept.Rules = kept.Rules with { CachedList = _ => ProactiveCommand.GetInput("PIN", 4, 8, InputQualifier.HiddenOrYesNo) };
        kept.Stops(new ScriptBuilder().ShowList(7, 3, out _), StopReason.NoSuchList, 1);
    }

    public static TheoryData<string, string> Guarded => new()
    {
        { "D011 8103011000 82028183 8606 915421436587", "Call +4512345678?" },
        { "D01B 8103011000 82028183 8508 4E6F742062757379 8606 915421436587", "Call +4512345678?" },
        { "D018 8103011300 82028183 8B0D 0100 0A 91 5421436587 00 F4 01 41", "Message to +4512345678?" },
        { "D00E 8103011200 82028183 8A06 0F AA180C3602", "Send *100#?" },
        { "D00F 8103011100 82028183 8904 FF AA13FB", "Send **31#?" },
        { "D017 8103011500 82028182 310C 687474703A2F2F612E622F63", "Open http://a.b/c?" },
    };

    [Theory]
    [MemberData(nameof(Guarded))]
    public void What_costs_or_reveals_needs_a_yes_to_what_it_really_does(string hex, string question)
    {
        var command = Guard(hex);
        var (yes, no) = (new Stage { Rules = Phone }, new Stage { Rules = Phone });
        no.Holder = perform => new HolderAnswered(TerminalResponse.Decided(perform.Command, yes: false));

        Assert.Null(yes.Play(new ScriptBuilder().Perform(command)).Stopped);
        no.Stops(new ScriptBuilder().Perform(command), StopReason.EndedByHolder, 1);

        Assert.Equal([question, command.Text ?? ""], yes.Texts);
        Assert.Equal(command, yes.Shown[1].Command);
        Assert.Equal(PromptKind.Permission, Assert.Single(no.Shown).Prompt!.Kind);
    }

    [Theory]
    [InlineData("D009 8103011000 82028183")]
    [InlineData("D00D 8103011000 82028183 8602 91EE")]
    [InlineData("D009 8103011300 82028183")]
    [InlineData("D010 8103011300 82028183 8B05 01000A9154")]
    [InlineData("D00D 8103011200 82028183 8A02 7741")]
    [InlineData("D009 8103011500 82028182")]
    public void What_cannot_be_said_is_not_done(string hex)
    {
        var stage = new Stage { Rules = Phone };

        stage.Stops(new ScriptBuilder().Perform(Guard(hex)), StopReason.NotCapable, 1);

        Assert.Empty(stage.Shown);
    }

    [Theory]
    [InlineData(CommandType.Refresh)]
    [InlineData(CommandType.SetUpMenu)]
    [InlineData(CommandType.SetUpEventList)]
    [InlineData(CommandType.PollInterval)]
    [InlineData(CommandType.ProvideLocalInformation)]
    [InlineData(CommandType.TimerManagement)]
    [InlineData(CommandType.OpenChannel)]
    [InlineData(CommandType.SendDtmf)]
    [InlineData((CommandType)0x34)]
    [InlineData((CommandType)0xFE)]
    public void Anything_else_is_not_done(CommandType type)
    {
        var all = new TerminalProfile(new Bytes(Enumerable.Repeat((byte)0xFF, 13).ToArray()), TerminalCapabilities.None);
        var stage = new Stage { Rules = TerminalRules.ForTerminal(Stage.Server, all) };

        stage.Stops(
            new ScriptBuilder().Perform(ProactiveCommand.DisplayText("hi") with { Type = type }), StopReason.NotCapable, 1);

        Assert.Empty(stage.Shown);
    }

    [Fact]
    public void What_the_profile_does_not_name_is_not_done()
    {
        var nothing = new TerminalProfile(Bytes.Empty, TerminalCapabilities.None);
        var stage = new Stage { Rules = TerminalRules.ForTerminal(Stage.Server, nothing) };

        stage.Stops(new ScriptBuilder().Perform(ProactiveCommand.DisplayText("hi")), StopReason.NotCapable, 1);
        new Stage().Stops(new ScriptBuilder().Perform(ProactiveCommand.SetUpCall("x", "112")), StopReason.NotCapable, 1);
    }

    [Fact]
    public void Texts_have_512_characters_and_lists_32_items_at_most()
    {
        Ends(ProactiveCommand.DisplayText(new string('x', 512)), null);
        Ends(ProactiveCommand.DisplayText(new string('x', 513)), StopReason.Limit);
        Ends(ProactiveCommand.GetInput(new string('я', 513), 1, 1), StopReason.Limit);
        Ends(ProactiveCommand.SelectItem("?", Enumerable.Repeat("x", 32).ToArray()), null);
        Ends(ProactiveCommand.SelectItem("?", Enumerable.Repeat("x", 33).ToArray()), StopReason.Limit);
        Ends(ProactiveCommand.SelectItem(new string('x', 513), "x"), StopReason.Limit);
        Ends(ProactiveCommand.SelectItem("?", new string('x', 513)), StopReason.Limit);

        static void Ends(ProactiveCommand command, StopReason? reason)
        {
            var stage = new Stage();
            Assert.Equal(reason, stage.Play(new ScriptBuilder().Perform(command)).Stopped?.Reason);
            Assert.Equal(reason is null ? 1 : 0, stage.Shown.Count);
        }
    }

    [Fact]
    public void Behind_FETCH_a_command_has_256_octets()
    {
        var rules = TerminalRules.ForSim(Stage.Server, TerminalProfile.Phone);
        var fits = ProactiveCommand.DisplayText(new string('x', 240));
        Assert.Equal(256, Bytes.Of(fits).Length);

        Assert.Null(new Stage { Rules = rules }.Play(new ScriptBuilder().Perform(fits)).Stopped);
        new Stage { Rules = rules }.Stops(
            new ScriptBuilder().Perform(ProactiveCommand.DisplayText(new string('x', 241))), StopReason.Limit, 1);
    }

    [Fact]
    public void An_answer_that_is_full_stops_the_script_before_the_next_command()
    {
        var stage = new Stage { Card = _ => Stage.Answer($"{new string('A', 512)} 9000") };
        var script = new ScriptBuilder();
        for (var i = 0; i < 40; i++) script.Send(PurseCommands.Balance);

        var answer = stage.Play(script);

        Assert.Equal(StopReason.Limit, answer.Stopped?.Reason);
        Assert.Equal(answer.Executed, answer.Results.Count);
        Assert.Equal(answer.Executed + 1, stage.Sent.Count);
        Assert.InRange(Bytes.Of(answer).Length, 7500, ResponseScript.MaxLength);
    }

    [Fact]
    public void A_result_that_does_not_fit_stops_the_script_without_it()
    {
        var stage = new Stage { Card = _ => Stage.Answer($"{new string('A', 20_000)} 9000") };

        var answer = stage.Play(new ScriptBuilder().Send(PurseCommands.Balance));

        Assert.Equal(new Stopped(StopReason.Limit, 1), answer.Stopped);
        Assert.Equal((1, 0), (answer.Executed, answer.Results.Count));
    }

    [Fact]
    public void Expected_statuses_let_the_script_go_on()
    {
        var either = new ScriptBuilder().Expect(new StatusWord(0x9000), new StatusWord(0x6A82)).Send(PurseCommands.Balance);
        var other = new ScriptBuilder().Expect(new StatusWord(0x6A82)).Send(PurseCommands.Balance);
        Assert.Null(Statused("6A82", either));
        Assert.Null(Statused("63C1", new ScriptBuilder()
            .Add(new ExpectStep([new ExpectedStatus(new StatusWord(0x63C0), 0xFFF0)])).Send(PurseCommands.Balance)));
        Assert.Equal(StopReason.UnexpectedStatus, Statused("9000", other));
        Assert.Equal(StopReason.UnexpectedStatus, Statused("9001", new ScriptBuilder().Send(PurseCommands.Balance)));
        Assert.Equal(StopReason.UnexpectedStatus, Statused("6A82",
            new ScriptBuilder().Expect(new StatusWord(0x6A82)).Send(PurseCommands.Balance).Send(PurseCommands.Balance)));

        static StopReason? Statused(string status, ScriptBuilder script) =>
            new Stage { Card = _ => Stage.Answer(status) }.Play(script).Stopped?.Reason;
    }

    [Fact]
    public void Text_goes_into_a_command_padded_and_into_the_answer_as_typed()
    {
        var stage = new Stage { Situation = new CardSituation(AppletPolicies.Store, null, false) };
        stage.Holder = perform => Stage.Entered(perform, "12A");

        var answer = stage.Play(new ScriptBuilder().Add(InputStep.Text(10, 6, 1, 6), out var input)
            .Send(new CommandApdu(0x80, 0x64, 0x00, 0x07, Bytes.FromHex("0001 A1A2A3A4A5A6A7A8"))));

        Assert.Equal("8064000710" + "0001A1A2A3A4A5A6A7A8" + "313241000000", stage.Sent[0]);
        Assert.Equal("12A", ((ToolkitResult)answer.Results[0]).Text);
        Assert.Equal("12A", stage.Trace!.Text(input));
    }

    [Theory]
    [InlineData("1234567")]
    [InlineData("")]
    [InlineData("é")]
    [InlineData("a\n")]
    public void A_text_that_is_too_long_too_short_or_not_ASCII_is_asked_again_three_times(string typed)
    {
        var stage = new Stage { Situation = new CardSituation(AppletPolicies.Store, null, false) };
        stage.Holder = perform => Stage.Entered(perform, typed);

        stage.Stops(new ScriptBuilder().Add(InputStep.Text(10, 6, 1, 6), out var input)
            .Send(new CommandApdu(0x80, 0x64, 0x00, 0x07, Bytes.FromHex("0001 A1A2A3A4A5A6A7A8"))), StopReason.NotCapable, input);

        Assert.Equal(3, stage.Shown.Count);
    }

    [Fact]
    public void A_card_lost_or_an_interruption_ends_the_script_wherever_it_is()
    {
        var lost = new Stage { Holder = _ => StepOutcome.CardLost };
        var interrupted = new Stage { Card = command => command.Ins == 0x5C ? StepOutcome.Interrupted : Stage.Answer("9000") };

        lost.Stops(new ScriptBuilder().Perform(ProactiveCommand.DisplayText("hi")), StopReason.CardLost, 1);
        interrupted.Stops(new ScriptBuilder().Send(PurseCommands.Balance), StopReason.Interrupted, 1);

        Assert.Empty(lost.Sent);
        Assert.Equal("0020FF80", interrupted.Sent[^1]);
    }

    private static ProactiveCommand Guard(string hex)
    {
        var octets = Bytes.FromHex(hex).ToArray();
        octets[1] = (byte)(octets.Length - 2);
        return new Bytes(octets).Read<ProactiveCommand>();
    }
}
