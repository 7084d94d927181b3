using System.Text.Json.Serialization;
using Tessera.Platform.Views;

namespace Tessera.Platform.Sessions;

/// <summary>
/// The application's page beside a terminal: a browser, the voice of a call, a script of answers in tests.
/// </summary>
public interface IPage
{
    /// <summary>
    /// Signalled when nobody will ever come back to this page, such as when its call is over. Default never.
    /// </summary>
    CancellationToken Gone => CancellationToken.None;

    /// <summary>Shows the request until the holder answers it.</summary>
    /// <exception cref="Wire.ConnectionLostException">The page is gone.</exception>
    /// <exception cref="OperationCanceledException">
    /// The session gave up, or the holder's browser went for good.
    /// </exception>
    Task<PageAnswer> PresentAsync(PageRequest request, CancellationToken cancel);

    /// <summary>Says what happens while no answer is wanted; it stays until the next request or status.</summary>
    ValueTask TellAsync(PageStatus status, CancellationToken cancel);
}

/// <summary>What a page is to show and the kind of answer it wants.</summary>
public abstract record PageRequest(View View);

/// <summary>A view to be read, with a button to go on: <see cref="Continued"/>.</summary>
public sealed record NotePage(View View) : PageRequest(View);

/// <summary>A view with one button for each choice: <see cref="Chosen"/>.</summary>
public sealed record ChoicePage(View View, IReadOnlyList<string> Choices) : PageRequest(View);

/// <summary>
/// A view with a field for text of <paramref name="Least"/> to <paramref name="Most"/> characters: <see cref="Typed"/>.
/// </summary>
public sealed record TextPage(View View, int Least, int Most) : PageRequest(View);

/// <summary>A view with a field for an amount within bounds: <see cref="Typed"/>.</summary>
public sealed record AmountPage(View View, Amount Least, Amount Most) : PageRequest(View);

/// <summary>What the holder did with a page.</summary>
[JsonDerivedType(typeof(Continued), "continued")]
[JsonDerivedType(typeof(Chosen), "chosen")]
[JsonDerivedType(typeof(Typed), "typed")]
[JsonDerivedType(typeof(Cancelled), "cancelled")]
[JsonDerivedType(typeof(Left), "left")]
public abstract record PageAnswer;

/// <summary>The holder has read it and goes on.</summary>
public sealed record Continued : PageAnswer;

/// <summary>The holder took the choice at this place, from 0.</summary>
public sealed record Chosen(int Place) : PageAnswer;

/// <summary>The holder entered this; the session checks it.</summary>
public sealed record Typed(string Text) : PageAnswer;

/// <summary>The holder pressed cancel.</summary>
public sealed record Cancelled : PageAnswer;

/// <summary>The holder goes away from the application, wherever in it they are.</summary>
public sealed record Left : PageAnswer;

/// <summary>What goes on while the page waits.</summary>
/// <param name="Text">A sentence for the holder.</param>
public sealed record PageStatus(PageState State, string Text);

/// <summary>Whom the page waits for.</summary>
public enum PageState
{
    /// <summary>The server or the link is at work.</summary>
    Working,

    /// <summary>The holder has to look at the terminal: a PIN, a confirmation.</summary>
    LookAtTerminal,

    /// <summary>The card is out.</summary>
    InsertCard,

    /// <summary>The session is over.</summary>
    Ended,
}
