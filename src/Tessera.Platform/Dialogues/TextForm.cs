using Tessera.Platform.Views;
using Tessera.Toolkit.Commands;
using Tessera.Wire;

namespace Tessera.Platform.Dialogues;

/// <summary>
/// Rewrites a dialogue for a display of text: views become screens, a list too long for one command becomes several.
/// </summary>
/// <param name="display">What is shown at once.</param>
/// <param name="maxList">Octets of the longest SELECT ITEM.</param>
internal sealed class TextForm(TextDisplay display, int maxList)
{
    public const int MaxItems = 32;

    public const string More = "More...";
    private const int MaxScreen = 200;
    private const string AmountHint = "Amount, e.g. 12.50";

    private readonly TextDisplay _display =
        display with { Rows = Math.Clamp(MaxScreen / Math.Max(display.Columns, 1), 1, Math.Max(display.Rows, 1)) };

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
        return Screens(body, List(title, options, first: 0));
    }

    private Node Asking(View view, string hint, Func<View, Leaf> leaf) => Screens(
        view with { Title = "" }, leaf(View.Titled(view.Title.Length > 0 ? view.Title : hint)));

    private Node Screens(View view, Node then) => TextRendering.Screens(view, _display)
        .Reverse().Aggregate(then, (rest, text) => Node.Before(new ScreenLeaf(text), rest));

    /// <summary>
    /// The items from place <paramref name="first"/> on, all in one list or with the last one leading to the next.
    /// </summary>
    private Node List(string title, ReadOnlySpan<Option> options, int first)
    {
        var count = options.Length;
        if (Fits(title, options)) return Place(new Choice(View.Titled(title), [.. options]), first);

        do count--;
        while (count > 1 && !Fits(title, [.. options[..count], new Option(More, new Finished(null))]));

        var next = new Option(More, List(title, options[count..], first + count));
        return Node.MapTo(new Choice(View.Titled(title), [.. options[..count], next]), value =>
        {
            var (place, result) = ((int, object?))value!;
            return place == count ? result : (first + place, result);
        });
    }

    private static Node Place(Choice choice, int first) => first == 0 ? choice : Node.MapTo(choice, value =>
    {
        var (place, result) = ((int, object?))value!;
        return (first + place, result);
    });

    private bool Fits(string title, ReadOnlySpan<Option> options)
    {
        if (options.Length > MaxItems) return false;
        var labels = new string[options.Length];
        for (var i = 0; i < labels.Length; i++) labels[i] = options[i].Label;
        return Bytes.Of(ProactiveCommand.SelectItem(title, labels)).Length <= maxList;
    }
}
