using Tessera.Platform.Views;
using Tessera.Toolkit.Commands;
using Tessera.Wire;

namespace Tessera.Platform.Dialogues;

/// <summary>
/// Rewrites a dialogue for a display of text: views become screens, a list too long for one command becomes several.
/// </summary>
/// <param name="display">What is shown at once.</param>
/// <param name="maxList">Octets of the longest SELECT ITEM.</param>
/// <param name="maxView">Characters of a view that are shown; the rest is left out.</param>
internal sealed class TextForm(TextDisplay display, int maxList, int maxView = int.MaxValue)
{
    public const int MaxItems = 32;

    /// <summary>Octets of a list that every phone takes: one FETCH holds 256.</summary>
    private const int MaxFetched = 240;

    /// <summary>What a script has beside a view: its head, a nonce for what comes next.</summary>
    private const int Reserve = 60;

    private const int MaxScreen = 200;
    private const string AmountHint = "Amount, e.g. 12.50";

    private readonly TextDisplay _display =
        display with { Rows = Math.Clamp(MaxScreen / Math.Max(display.Columns, 1), 1, Math.Max(display.Rows, 1)) };

    /// <summary>For a link: two lists fit a script, and where a round trip is costly one script holds a view.</summary>
    public static TextForm For(TextDisplay display, int maxScript, bool isCostly) => new(
        display, Math.Min(MaxFetched, maxScript / 2), isCostly ? maxScript - Reserve : int.MaxValue);

    public Node Of(Node node) => node switch
    {
        Both both => Node.Then(Of(both.First), Of(both.Second)),
        Map map => Node.MapTo(Of(map.Inner), map.Apply),
        Choice choice => Of(choice),
        ShowLeaf show => Screens(show.View, new Finished(null)),
        TextLeaf text => Asking(text.View, "Your answer", title => text with { View = title }),
        AmountLeaf amount => Asking(amount.View, AmountHint, title => amount with { View = title }),
        _ => node,
    };

    /// <summary>The items stand for the tables of their view; what else it holds is shown before them.</summary>
    private Node Of(Choice choice)
    {
        var body = choice.View with { Title = "", Parts = [.. choice.View.Parts.Where(part => part is not Table)] };
        var title = choice.View.Title.Length > 0 ? choice.View.Title : "Please choose";
        Option[] options = [.. choice.Options.Select(option => option with { Then = Of(option.Then) })];
        return Screens(body, new ListPages(Fits).Of(new Choice(View.Titled(title), options)));
    }

    private Node Asking(View view, string hint, Func<View, Leaf> leaf) => Screens(
        view with { Title = "" }, leaf(View.Titled(view.Title.Length > 0 ? view.Title : hint)));

    private Node Screens(View view, Node then) => Short([.. TextRendering.Screens(view, _display)])
        .Reverse().Aggregate(then, (rest, text) => Node.Before(new ScreenLeaf(text), rest));

    /// <summary>The first screens, as many as are worth their way; one is.</summary>
    private IEnumerable<string> Short(IReadOnlyList<string> screens)
    {
        var shown = 0;
        return screens.TakeWhile((text, i) => (shown += text.Length) <= maxView || i == 0);
    }

    private bool Fits(string title, IReadOnlyList<string> labels, int first) =>
        labels.Count <= MaxItems && Bytes.Of(ProactiveCommand.SelectItem(title, labels)).Length <= maxList;
}
