using System.Globalization;
using Tessera.Platform.Views;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;

namespace Tessera.Platform.Dialogues;

/// <summary>What dialogues put on paper.</summary>
public static class Paper
{
    /// <summary>Characters of a line on the narrowest paper that tills use.</summary>
    public const int Columns = 32;

    private const int CardDigits = 4;

    /// <summary>
    /// The payment, then its receipt on paper, where the terminal has a printer that can. What was paid is printed by the
    /// terminal itself, from what it sent to the card and got from it.
    /// </summary>
    /// <param name="below">What stands below; null for nothing.</param>
    public static Dialogue<Receipt> ThenPrintReceipt(this Dialogue<Receipt> payment, View? below = null) => payment.Then(
        Dialogue.Print(new PrintLeaf(below is null ? "" : Text(below), WithPayment: true)), (receipt, _) => receipt);

    /// <summary>The view as it is printed.</summary>
    /// <exception cref="ArgumentException">It is empty, or too long.</exception>
    internal static string Text(View view)
    {
        var text = string.Join('\n', TextRendering.Lines(view, Columns));
        if (text.Length is 0 or > PrintStep.MaxText || text.Count(c => c == '\n') >= PrintStep.MaxLines)
            throw new ArgumentException(
                $"1 to {PrintStep.MaxText} characters in {PrintStep.MaxLines} lines fit on paper.", nameof(view));
        return text;
    }

    private static string[] Of(PaymentMethod method) =>
        TerminalWording.English.PrintedMethod(method) is { } words ? [words] : [];

    /// <summary>
    /// What the server knows of a payment, where the terminal printed nothing in the script that made it: its answer was
    /// lost, or the script had no room.
    /// </summary>
    internal static string Text(Receipt receipt, string below)
    {
        List<string> lines =
        [
            receipt.Item, receipt.Amount.ToString(), $"Card ..{receipt.Card.ToString()[^CardDigits..]}",
            $"Transaction {receipt.Number.ToString(CultureInfo.InvariantCulture)}",
            .. Of(receipt.Method), receipt.Time.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture),
        ];
        if (below.Length > 0) lines.AddRange(["", below]);
        var text = string.Join('\n', lines);
        return text.Length <= PrintStep.MaxText ? text : text[..PrintStep.MaxText];
    }
}
