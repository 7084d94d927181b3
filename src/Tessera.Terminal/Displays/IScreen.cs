namespace Tessera.Terminal.Displays;

/// <summary>
/// Display and keypad of a terminal, whatever their size: shows one thing at a time and takes the holder's answer.
/// </summary>
public interface IScreen
{
    /// <summary>Shows the request until the holder answers it. One at a time.</summary>
    /// <returns>The answer; <see cref="Entry"/> is the caller's to dispose.</returns>
    /// <exception cref="OperationCanceledException">
    /// The caller gave up waiting: the request leaves the screen.
    /// </exception>
    Task<ScreenAnswer> AskAsync(ScreenRequest request, CancellationToken cancel);

    /// <summary>What stands there while nothing is asked.</summary>
    void Idle(IdleState state);
}

/// <summary>What a terminal shows between requests.</summary>
/// <param name="Name">The terminal's.</param>
/// <param name="Card">A card is in and its session open; one whose session ended is to be inserted again.</param>
/// <param name="Connected">The server is there.</param>
/// <param name="Code">Digits that join it to a browser; empty for none.</param>
/// <param name="Page">Where they are to be entered; may be empty.</param>
/// <param name="Trouble">Why no card can be served, such as a reader that is not there; empty for no reason.</param>
public sealed record IdleState(string Name, bool Card, bool Connected, string Code, string Page, string Trouble)
{
    /// <summary>What the terminal says itself, in place of card and connection; null for nothing.</summary>
    public IdleWords? Words { get; init; }
}

/// <summary>Two short lines of a terminal that nothing is asked on.</summary>
/// <param name="Detail">May be empty.</param>
public sealed record IdleWords(string Headline, string Detail);

/// <summary>One thing shown, and what is wanted in return.</summary>
public abstract record ScreenRequest;

/// <summary>A text; answered by <see cref="Acknowledged"/> or <see cref="Cancelled"/>.</summary>
/// <param name="Waits">
/// Stays until a key is pressed; otherwise it is answered at once and stays until the next request, or until the terminal
/// rests in another way than before: another card, trouble, words of its own. A link that comes or goes takes nothing away.
/// </param>
public sealed record TextShown(string Text, bool Waits) : ScreenRequest;

/// <summary>A list; answered by <see cref="Selected"/>.</summary>
public sealed record ListShown(string Title, IReadOnlyList<string> Items) : ScreenRequest;

/// <summary>Visible typing; answered by <see cref="Entry"/>.</summary>
/// <param name="Text">Question and notice, as they stand in the command.</param>
/// <param name="Digits">Only digits are taken.</param>
public sealed record TextAsked(string Text, int Least, int Most, bool Digits) : ScreenRequest;

/// <summary>
/// An amount in minor units, typed as digits that fill it from the right; answered by <see cref="Entry"/>.
/// </summary>
public sealed record AmountAsked(string Text, int MostDigits) : ScreenRequest;

/// <summary>Hidden digits; answered by <see cref="Entry"/>.</summary>
/// <param name="Kind">Which secret.</param>
/// <param name="Text">The terminal's own words, whole.</param>
/// <param name="Payment">What the PIN pays for, to be shown large; null for none.</param>
public sealed record SecretAsked(SecretKind Kind, string Text, int Least, int Most, ShownPayment? Payment) : ScreenRequest;

/// <summary>Yes or no; answered by <see cref="Decided"/>.</summary>
public sealed record DecisionAsked(string Text, ShownPayment? Payment) : ScreenRequest;

/// <summary>Which secret a terminal asks for.</summary>
public enum SecretKind
{
    Pin,
    NewPin,
    Puk,
}

/// <summary>What is paid, as the terminal read it from the command it is about to send.</summary>
/// <param name="Item">What for.</param>
/// <param name="Amount">Written out, e.g. 12.50.</param>
/// <param name="Currency">ISO 4217 code, e.g. EUR.</param>
public sealed record ShownPayment(string Item, string Amount, string Currency);

/// <summary>What the holder did.</summary>
public abstract record ScreenAnswer;

/// <summary>The text was read.</summary>
public sealed record Acknowledged : ScreenAnswer;

/// <summary>An item was chosen, from 0.</summary>
public sealed record Selected(int Place) : ScreenAnswer;

/// <summary>Yes or no.</summary>
public sealed record Decided(bool Yes) : ScreenAnswer;

/// <summary>The holder pressed cancel.</summary>
public sealed record Cancelled : ScreenAnswer;
