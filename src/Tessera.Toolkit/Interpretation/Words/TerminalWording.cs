using Tessera.Toolkit.Scripts;

namespace Tessera.Toolkit.Interpretation;

/// <summary>
/// What the terminal itself says to the holder; short, so that it fits two lines of sixteen where it can.
/// </summary>
/// <remarks>In a text, {0} stands for an amount, a currency unit or what a command wants to do.</remarks>
public sealed record TerminalWording
{
    public static TerminalWording English { get; } = new();

    public string Pin { get; init; } = "PIN:";

    public string PinForPayment { get; init; } = "{0}, PIN:";

    /// <summary>Below the reason why the holder is asked, next to what they type.</summary>
    public string PinForIdentification { get; init; } = "Identify, PIN:";

    public string PinForSignature { get; init; } = "To sign, PIN:";

    /// <summary>Above it, after a wrong one.</summary>
    public string WrongPin { get; init; } = "Wrong, {0} left";

    /// <summary>Below the question for a PIN that is typed at the keypad of the card's reader.</summary>
    public string AtReader { get; init; } = "on the reader";

    /// <summary>Both PINs are typed there: the one there is, then the new one twice.</summary>
    public string ChangeAtReader { get; init; } = "PIN, 2 x new PIN";

    public string NewPin { get; init; } = "New PIN:";

    public string RepeatNewPin { get; init; } = "New PIN again:";

    public string Finger { get; init; } = "Finger, please";

    public string FingerForPayment { get; init; } = "{0}, finger";

    /// <summary>Below the reason why the holder is asked.</summary>
    public string FingerForIdentification { get; init; } = "Identify, finger";

    public string FingerForSignature { get; init; } = "To sign, finger";

    /// <summary>Below the reason; {0} stands for the name of the verifier that gets it.</summary>
    public string PinForVerifier { get; init; } = "PIN goes to\n{0}:";

    /// <summary>Below the reason; {0} stands for the name of the verifier that gets it.</summary>
    public string FingerForVerifier { get; init; } = "Finger goes to\n{0}";

    public string Puk { get; init; } = "PUK:";

    /// <summary>Before every visible input.</summary>
    public string Notice { get; init; } = "Goes to server.\nNo PIN here!";

    public string Amount { get; init; } = "Amount x {0}:";

    public string Text { get; init; } = "Enter text:";

    public string Payment { get; init; } = "Pay {0}?";

    /// <summary>Above its last digits, on paper.</summary>
    public string PrintedCard { get; init; } = "Card ..{0}";

    /// <summary>The transaction number of the card, on paper.</summary>
    public string PrintedNumber { get; init; } = "Transaction {0}";

    /// <summary>On paper, where the PIN of the holder confirmed the payment.</summary>
    public string PrintedPin { get; init; } = "PIN verified";

    /// <summary>On paper, where a finger did.</summary>
    public string PrintedFinger { get; init; } = "Finger verified";

    /// <summary>The card's code for the payment, on paper.</summary>
    public string PrintedCode { get; init; } = "Code {0}";

    public string Call { get; init; } = "Call {0}?";

    public string Message { get; init; } = "Message to {0}?";

    public string Request { get; init; } = "Send {0}?";

    public string Browse { get; init; } = "Open {0}?";

    /// <summary>By what the card knew its holder, on paper; null where a key was pressed and it knew nobody.</summary>
    public string? PrintedMethod(PaymentMethod method) => method switch
    {
        PaymentMethod.Pin => PrintedPin,
        PaymentMethod.Finger => PrintedFinger,
        _ => null,
    };
}
