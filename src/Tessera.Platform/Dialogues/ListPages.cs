using Tessera.Platform.Views;

namespace Tessera.Platform.Dialogues;

/// <summary>Cuts a list that is too long into several, each but the last ending with an item that leads to the next.</summary>
/// <param name="fits">
/// Whether a list of that title and these labels is short enough; the place of its first item is the third argument.
/// </param>
internal sealed class ListPages(Func<string, IReadOnlyList<string>, int, bool> fits)
{
    public const string More = "More...";

    public Node Of(Choice choice)
    {
        Option[] options = [.. choice.Options];
        return IsShort(choice.View.Title, options, 0) ? choice : List(choice.View.Title, options, first: 0);
    }

    /// <summary>
    /// The items from place <paramref name="first"/> on, all in one list or with the last one leading to the next.
    /// </summary>
    private Node List(string title, ReadOnlySpan<Option> options, int first)
    {
        var count = options.Length;
        if (IsShort(title, options, first)) return Place(new Choice(View.Titled(title), [.. options]), first);

        do count--;
        while (count > 1 && !IsShort(title, [.. options[..count], new Option(More, new Finished(null))], first));

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

    private bool IsShort(string title, ReadOnlySpan<Option> options, int first)
    {
        var labels = new string[options.Length];
        for (var i = 0; i < labels.Length; i++) labels[i] = options[i].Label;
        return fits(title, labels, first);
    }
}
