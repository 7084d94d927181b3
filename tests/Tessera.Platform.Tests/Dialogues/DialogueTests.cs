using Tessera.Platform.Dialogues;
using Tessera.Platform.Views;
using Xunit;

namespace Tessera.Platform.Tests.Dialogues;

public class DialogueTests
{
    [Fact]
    public void Results_of_steps_become_the_result_of_the_dialogue()
    {
        var dialogue = Dialogue.Choose(
            View.Titled("Which?"), ["a", "b"], item => item, item => Dialogue.Ask(View.Titled("Why?")).Select(why => $"{item}: {why}"));

        var node = dialogue.Node.Feed(1).Feed("because");

        Assert.Equal(("b", "b: because"), ((string, string))((Finished)node).Result!);
    }

    [Fact]
    public void Then_gives_both_results_and_keeps_their_order()
    {
        var dialogue = Dialogue.Ask(View.Titled("First?")).Then(Dialogue.Ask(View.Titled("Second?"))).ThenShow("Thanks.");

        var node = dialogue.Node.Feed("one").Feed("two");
        Assert.IsType<ShowLeaf>(node.Head);

        Assert.Equal(("one", "two"), ((string, string))((Finished)node.Feed(null)).Result!);
    }

    [Fact]
    public void A_dialogue_can_be_used_again_and_is_not_changed_by_use()
    {
        var ask = Dialogue.Ask(View.Titled("Again?"));
        var twice = ask.Then(ask);

        Assert.Equal(("x", "y"), ((string, string))((Finished)twice.Node.Feed("x").Feed("y")).Result!);
        Assert.Equal(("p", "q"), ((string, string))((Finished)twice.Node.Feed("p").Feed("q")).Result!);
    }

    [Fact]
    public void What_is_put_before_a_dialogue_does_not_change_its_result()
    {
        var node = Node.Before(new ShowLeaf(View.Of("Careful.")), Dialogue.Ask(View.Titled("Name?")).Node);

        Assert.Equal("Ada", (string?)((Finished)node.Feed(null).Feed("Ada")).Result);
    }

    [Fact]
    public void A_dialogue_is_bounded()
    {
        Dialogue<Done> Wide() => Dialogue.Choose(
            View.Titled("?"), Enumerable.Range(0, 100).ToArray(), i => $"{i}",
            _ => Enumerable.Range(0, 10).Select(_ => Dialogue.Show("x")).Aggregate((a, b) => a.Then(b, (_, done) => done)))
            .Select(_ => default(Done));

        Assert.NotNull(Wide());
        Assert.Throws<ArgumentException>(() => Wide().Then(Wide()));
    }

    [Fact]
    public void Callers_are_told_what_cannot_be()
    {
        var view = View.Titled("?");
        Assert.Throws<ArgumentOutOfRangeException>(() => Dialogue.Choose(view, Array.Empty<string>(), item => item));
        Assert.Throws<ArgumentOutOfRangeException>(() => Dialogue.Choose(view, new int[201], item => $"{item}"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Dialogue.Choose(view, ["x"], _ => new string('x', 61)));
        Assert.Throws<ArgumentException>(() => Dialogue.Choose(view, ["x"], _ => "two\nlines"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Dialogue.Pay(Amount.Zero, "nothing"));
        Assert.Throws<ArgumentException>(() => Dialogue.Pay(Amount.Of(1), " "));
        Assert.Throws<ArgumentOutOfRangeException>(() => Dialogue.Ask(view, least: 5, most: 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => Dialogue.AskAmount(view, Amount.Of(5), Amount.Of(4)));
    }
}
