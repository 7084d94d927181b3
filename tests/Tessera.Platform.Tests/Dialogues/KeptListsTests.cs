using Tessera.Platform.Dialogues;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Platform.Tests.Dialogues;

public class KeptListsTests
{
    private static readonly ProactiveCommand Stops =
        ProactiveCommand.SelectItem("Where to?", "Centre 3.20", "Airport 4.80", "Harbour 2.60");

    private static readonly ListVersion Name = new(0x4D, 0x7F7C);

    private static readonly Sequence<ScriptStep> Script =
    [
        ToolkitStep.Of(ProactiveCommand.DisplayText("Hello")), ToolkitStep.Of(Stops),
    ];

    [Fact]
    public void A_list_is_named_by_what_it_says()
    {
        Assert.Equal(Name, KeptLists.NameOf(Stops));
        foreach (var (title, item) in ((string, string)[])[("Where to?", "Centre 3.30"), ("Where now?", "Centre 3.20")])
        {
            var other = ProactiveCommand.SelectItem(title, item, "Airport 4.80", "Harbour 2.60");
            Assert.NotEqual(Name, KeptLists.NameOf(other));
        }
    }

    [Fact]
    public void A_list_that_is_not_there_is_told_to_be_kept_and_named_when_it_is()
    {
        var first = KeptLists.Of([]).In(Script);
        Assert.Equal(new CachedListStep(Name.Id, Name.Version, Stops), first[1]);

        var second = KeptLists.Of([]).With([Name]).In(Script);
        Assert.Equal(new CachedListStep(Name.Id, Name.Version), second[1]);
        Assert.Equal(second, KeptLists.Of([new(1, 1), Name]).In(Script));
        Assert.Equal([1, -47], [Octets(first) - Octets(Script), Octets(second) - Octets(Script)]);
    }

    [Fact]
    public void A_stale_version_is_told_whole()
    {
        ListVersion[] others = [new(Name.Id, (ushort)(Name.Version ^ 1)), new((byte)(Name.Id ^ 1), Name.Version)];

        Assert.Equal(new CachedListStep(Name.Id, Name.Version, Stops), KeptLists.Of(others).In(Script)[1]);
    }

    [Fact]
    public void A_title_that_speaks_of_now_is_told_each_time()
    {
        var (rich, poor) = (Balance("You have 37.50."), Balance("You have 2.00."));
        Assert.Equal(KeptLists.NameOf(rich), KeptLists.NameOf(poor));
        var name = KeptLists.NameOf(rich);

        Assert.Equal(new CachedListStep(name.Id, name.Version, rich), KeptLists.Of([]).In([ToolkitStep.Of(rich)])[0]);
        Assert.Equal(CachedListStep.Titled(name, "You have 2.00."), KeptLists.Of([name]).In([ToolkitStep.Of(poor)])[0]);

        static ProactiveCommand Balance(string title) =>
            ProactiveCommand.SelectItem(title, "Pay", "What happened", "Load money");
    }

    [Fact]
    public void A_list_that_saves_too_little_is_told_whole()
    {
        Sequence<ScriptStep> small = [ToolkitStep.Of(ProactiveCommand.SelectItem("Sure?", "Yes", "No"))];
        var name = KeptLists.NameOf(ProactiveCommand.SelectItem("Sure?", "Yes", "No"));

        Assert.Equal(small, KeptLists.Of([name]).In(small));
    }

    [Fact]
    public void What_is_worth_keeping_is_a_matter_of_octets()
    {
        for (var length = 0; length < 60; length++)
        {
            var list = ProactiveCommand.SelectItem("?", new string('x', length));
            Sequence<ScriptStep> whole = [ToolkitStep.Of(list)];
            var told = KeptLists.Of([KeptLists.NameOf(list)]).In(whole);
            var saved = Octets(whole) - Octets([new CachedListStep(0, 0)]);

            Assert.Equal(saved >= KeptLists.WorthKeeping, told != whole);
        }
    }

    [Fact]
    public void Lists_in_branches_are_kept_too_and_every_step_stays_in_its_place()
    {
        Sequence<ScriptStep> script = [Script[1], new BranchStep([Script, [], Script]), Script[0]];
        var told = KeptLists.Of([]).In(script);
        var named = KeptLists.Of([Name]).In(script);

        Assert.Equal(3, Numbered(told).Count(step => step is CachedListStep { Whole: not null }));
        Assert.Equal(3, Numbered(named).Count(step => step is CachedListStep { Told: null }));
        for (var i = 0; i < Numbered(script).Length; i++)
        {
            if (Numbered(script)[i] is ToolkitStep { Command.Type: CommandType.SelectItem } or BranchStep) continue;
            Assert.Equal(Numbered(script)[i], Numbered(named)[i]);
        }
    }

    [Fact]
    public void A_terminal_that_keeps_none_is_told_all()
    {
        Assert.Equal(Script, KeptLists.None.In(Script));
        Assert.Equal(Script, KeptLists.None.With([Name]).In(Script));
    }

    [Fact]
    public void A_card_that_lacked_what_it_had_is_told_all_and_keeps_it_again()
    {
        var doubted = KeptLists.Of([Name]).Doubted;

        Assert.Equal(new CachedListStep(Name.Id, Name.Version, Stops), doubted.In(Script)[1]);
        Assert.Equal(doubted.In(Script), doubted.With([Name]).In(Script));
    }

    [Fact]
    public void Where_there_is_no_room_to_keep_only_what_is_there_is_named()
    {
        var other = ProactiveCommand.SelectItem("When do you want to go?", "today", "tomorrow");
        Sequence<ScriptStep> script = [.. Script, ToolkitStep.Of(other)];

        Assert.Equal(
            [script[0], new CachedListStep(Name.Id, Name.Version), script[2]],
            KeptLists.Of([Name]).In(script, keeps: false));
    }

    [Fact]
    public void A_list_in_another_form_than_the_short_one_is_left_as_it_is()
    {
        Sequence<ScriptStep> script =
        [
            new ToolkitStep(Stops, IsShort: false), ToolkitStep.Of(Stops with { Qualifier = 4 }),
        ];

        Assert.Equal(script, KeptLists.Of([Name]).In(script));
    }

    private static ScriptStep[] Numbered(Sequence<ScriptStep> steps) =>
        [.. new CommandScript(1, 1, steps).Numbered().Select(numbered => numbered.Step)];

    private static int Octets(Sequence<ScriptStep> steps) => Bytes.Of(new CommandScript(1, 1, steps)).Length;
}
