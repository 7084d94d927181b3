using System.Globalization;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Toolkit.Interpretation;

/// <summary>What goes to the printer of a terminal (docs/protocols/script.md §6.9).</summary>
/// <param name="Slip">The payment, in the terminal's own words; it stands first. Null where there is none.</param>
/// <param name="Lines">What the application adds, without characters that mean anything to a printer.</param>
public sealed record Printout(PaymentSlip? Slip, Sequence<string> Lines)
{
    /// <summary>All lines, from top to bottom; they are to be broken to the width of the paper.</summary>
    /// <param name="now">The terminal's own time, as its holder reads it.</param>
    public IEnumerable<string> LinesAt(DateTimeOffset now) => Slip is null
        ? Lines
        : [.. Slip.LinesAt(now), .. Lines.Count > 0 ? [""] : Array.Empty<string>(), .. Lines];
}

/// <summary>
/// A payment as the terminal itself knows it: what its holder confirmed, from the MOVE it sent, and what the card answered.
/// </summary>
/// <param name="Card">Null where the purse was not selected by the script.</param>
/// <param name="Receipt">The card's S3.</param>
public sealed record PaymentSlip(Payment Payment, CardId? Card, PurseReceipt Receipt, TerminalWording Wording)
{
    /// <summary>As many digits of a card id as paper is told.</summary>
    private const int CardDigits = 4;

    public IReadOnlyList<string> LinesAt(DateTimeOffset now)
    {
        List<string> lines =
        [
            OneLine.Of(Payment.Item),
            Currencies.Show(Payment.Amount, Payment.Currency),
        ];
        if (Card is { } card) lines.Add(Filled(Wording.PrintedCard, card.ToString()[^CardDigits..]));
        lines.Add(Filled(Wording.PrintedNumber, Receipt.Number.ToString(CultureInfo.InvariantCulture)));
        if (Wording.PrintedMethod(Payment.Method) is { } method) lines.Add(method);
        lines.Add(now.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
        lines.Add(Filled(Wording.PrintedCode, Receipt.Mac.ToString()));
        return lines;
    }

    private static string Filled(string wording, string what) =>
        string.Format(CultureInfo.InvariantCulture, wording, what);
}
