using Tessera.Cards;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.Toolkit.Tests.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Interpretation;

/// <summary>Lists that are told once and named afterwards (docs/protocols/script.md §8).</summary>
public class CachedListTests
{
    private static readonly ListVersion Name = new(0x4D, 0x7F7C);

    private static readonly ProactiveCommand Stops =
        ProactiveCommand.SelectItem("Where to?", "Centre 3.20", "Airport 4.80", "Harbour 2.60");

    private static readonly CommandScript Whole = WorkedScripts.Scripts[0].Read<CommandScript>();
    private static readonly CommandScript Telling = WorkedScripts.Scripts[1].Read<CommandScript>();
    private static readonly CommandScript Naming = WorkedScripts.Scripts[2].Read<CommandScript>();

    [Fact]
    public void The_worked_purchase_is_the_same_whether_its_list_is_whole_told_or_named()
    {
        var whole = Play(Whole, out var whole0, kept: null);
        var telling = Play(Telling, out var done, kept: null);
        var naming = Play(Naming, out var later, kept: Stops);

        Assert.Equal(WorkedScripts.Responses[0], whole0.Answer);
        Assert.Equal(WorkedScripts.Responses[0], done.Answer);
        Assert.Equal(WorkedScripts.Responses[0], later.Answer);
        Assert.Equal([whole.Trace!.Digest, whole.Trace.Digest], [telling.Trace!.Digest, naming.Trace!.Digest]);
        Assert.Equal(whole.Trace.Payments, naming.Trace.Payments);
        Assert.Equal([new CachedListStep(Name.Id, Name.Version, Stops)], done.Lists);
        Assert.Equal([(0, 0)], [(whole0.Lists.Count, later.Lists.Count)]);
    }

    [Fact]
    public void A_list_that_is_not_there_stops_before_anything_is_asked_or_paid()
    {
        var stage = Play(Naming, out var done, kept: null);

        Assert.Equal(WorkedScripts.Responses[2], done.Answer);
        Assert.Empty(stage.Shown);
        Assert.Equal(["805E0000"], stage.Sent);
    }

    [Fact]
    public void Another_title_shows_the_items_that_are_kept_and_is_in_the_digest()
    {
        var titled = WorkedScripts.Scripts[3].Read<CommandScript>();
        var stage = Play(titled, out var done, kept: Stops);
        var whole = new Stage();
        whole.Play(new ScriptBuilder().Perform(
            ProactiveCommand.SelectItem("Where now?", "Centre 3.20", "Airport 4.80", "Harbour 2.60")));

        var shown = Assert.Single(stage.Shown).Command;
        Assert.Equal("Where now?", shown.Alpha);
        Assert.Equal(Stops.Items, shown.Items);
        Assert.Equal(whole.Trace!.Digest, stage.Trace!.Digest);
        Assert.Empty(done.Lists);
        Assert.Equal(Bytes.Of(titled), Bytes.Of(new ScriptBuilder()
            .Add(CachedListStep.Titled(Name, "Where now?")).Build(0x2A, 1)));
    }

    [Fact]
    public void The_digest_is_of_the_items_that_the_card_shows_whatever_they_are_called()
    {
        var other = ProactiveCommand.SelectItem("Where to?", "Airport 4.80", "Centre 3.20", "Harbour 2.60");

        Assert.NotEqual(
            Play(Naming, out _, kept: Stops).Trace!.Digest,
            Play(Naming, out _, kept: other).Trace!.Digest);
    }

    /// <summary>The holder pays what the prompt says: a text of the card's own list, the amount of the MOVE.</summary>
    [Fact]
    public void What_is_paid_is_rendered_from_what_the_card_shows_and_sends()
    {
        var other = ProactiveCommand.SelectItem("Where to?", "Airport 4.80", "Centre 3.20", "Harbour 2.60");
        var stage = Play(Naming, out _, kept: other);

        var payment = Assert.Single(stage.Trace!.Payments).Payment;
        Assert.Equal((320u, "Airport 4.80"), (payment.Amount, payment.Item));
        Assert.Contains("3.20 EUR, PIN:\nAirport 4.80", stage.Texts, StringComparer.Ordinal);
    }

    [Fact]
    public void A_list_told_in_a_script_is_there_for_the_steps_behind_it()
    {
        var stage = new Stage();
        var done = stage.Run(new ScriptBuilder()
            .KeepList(7, 1, Stops, out _).ShowList(7, 1, out _)
            .KeepList(8, 1, Stops, out _)
            .KeepList(7, 2, ProactiveCommand.SelectItem("When?", "now", "later"), out _).ShowList(7, 2, out var last));

        Assert.Equal(
            ["Where to?", "Where to?", "Where to?", "When?", "When?"],
            stage.Shown.Select(one => one.Command.Alpha), StringComparer.Ordinal);
        Assert.Equal([new ListVersion(8, 1), new ListVersion(7, 2)], done.Lists.Select(list => list.Name));
        Assert.Equal(1, stage.Trace!.Choice(last));
        stage.Stops(new ScriptBuilder().KeepList(7, 2, Stops, out _).ShowList(7, 1, out _), StopReason.NoSuchList, 2);
    }

    [Fact]
    public void A_list_on_a_way_that_was_not_taken_is_not_kept_and_one_that_was_left_is()
    {
        var stage = new Stage();
        var branched = stage.Run(new ScriptBuilder()
            .Perform(ProactiveCommand.SelectItem("?", "a", "b"))
            .Branch(a => a.KeepList(1, 1, Stops, out _), b => b.KeepList(2, 1, Stops, out _)));
        var left = new Stage { Holder = perform => Stage.Result(perform, GeneralResult.SessionTerminatedByUser) };

        Assert.Equal([new ListVersion(1, 1)], branched.Lists.Select(list => list.Name));
        var done = left.Run(new ScriptBuilder().KeepList(1, 1, Stops, out _).KeepList(2, 1, Stops, out _));
        Assert.Equal([new ListVersion(1, 1)], done.Lists.Select(list => list.Name));
        Assert.Equal(new Stopped(StopReason.EndedByHolder, 1), done.Answer.Read<ResponseScript>().Stopped);
    }

    [Fact]
    public void A_list_that_the_terminal_cannot_show_is_not_kept()
    {
        var tooLong = ProactiveCommand.SelectItem("?", [.. Enumerable.Range(0, 9).Select(_ => new string('x', 30))]);
        var tooMany = ProactiveCommand.SelectItem("?", [.. Enumerable.Range(0, 33).Select(i => $"{i}")]);
        foreach (var list in (ProactiveCommand[])[tooLong, tooMany])
        {
            var stage = OnPhone(null);
            var done = stage.Run(new ScriptBuilder().KeepList(1, 1, list, out _));

            Assert.Empty(done.Lists);
            Assert.Empty(stage.Shown);
            Assert.Equal(new Stopped(StopReason.Limit, 1), done.Answer.Read<ResponseScript>().Stopped);
        }
    }

    [Fact]
    public void A_title_too_long_for_the_kept_items_is_stopped_too()
    {
        var items = ProactiveCommand.SelectItem("", [.. Enumerable.Range(0, 7).Select(_ => new string('x', 30))]);
        var stage = OnPhone(items);

        stage.Stops(
            new ScriptBuilder().Add(CachedListStep.Titled(Name, new string('t', 60))), StopReason.Limit, 1);
        Assert.Empty(stage.Shown);
    }

    [Fact]
    public void A_missing_list_behind_a_movement_leaves_it_done()
    {
        var stage = new Stage();
        var data = Bytes.FromHex("00000000 00000140 A0A0A0A0A0A0A0A0");
        var script = new ScriptBuilder()
            .Perform(ProactiveCommand.DisplayText("Tea")).VerifyPin()
            .Move(new CommandApdu(0x80, 0x54, 0x01, 0x00, data, 256), out var move)
            .ShowList(3, 1, out _);

        stage.Stops(script, StopReason.NoSuchList, (byte)(move + 1));
        Assert.NotNull(Assert.Single(stage.Trace!.Payments).Answer);
    }

    [Fact]
    public void An_answer_that_misses_a_list_which_its_script_does_not_name_is_none()
    {
        var answer = WorkedScripts.Responses[2];
        var rules = OnPhone(null).Rules;

        foreach (var script in (CommandScript[])[Whole, Telling])
        {
            Assert.Throws<WireFormatException>(() => ScriptReplay.Trace(
                script, answer, rules, CardSituation.Sim(Stage.Euro, initializeInForce: true)));
        }
    }

    private static Stage Play(CommandScript script, out Done done, ProactiveCommand? kept)
    {
        var stage = OnPhone(kept);
        done = stage.Run(script);
        return stage;
    }

    private static Stage OnPhone(ProactiveCommand? kept) => new()
    {
        Rules = TerminalRules.ForSim(Stage.Server, TerminalProfile.Phone) with
        {
            CachedList = named => named == Name ? kept : null,
        },
        Situation = CardSituation.Sim(Stage.Euro, initializeInForce: true),
    };
}
