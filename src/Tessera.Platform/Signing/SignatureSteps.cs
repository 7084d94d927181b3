using Tessera.Cards.Piv;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Views;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Signing;

/// <summary>What a script for a signature is made for.</summary>
/// <param name="Signer">Null for a card that has to show its certificates.</param>
/// <param name="Display">What the terminal shows at once.</param>
/// <param name="IsProven">The card has shown the certificate of its key 9E in the same script, and proven itself by it.</param>
internal sealed record SigningTerms(CardSigner? Signer, TextDisplay Display, bool IsProven = false)
{
    /// <summary>By what the holder agrees: PIN or finger. Default the PIN.</summary>
    public PaymentMethod Method { get; init; } = PaymentMethod.Pin;
}

/// <summary>The steps by which a card shows who it is, its holder sees a document and agrees, and the card signs.</summary>
internal static class SignatureSteps
{
    private const int MaxScreen = 480;

    /// <summary>Stands where the nonce will be: a script is asked for before it is sent.</summary>
    private static readonly Bytes NoNonce = new(new byte[SignStep.NonceLength]);

    /// <summary>The last of them is the signature.</summary>
    public static Sequence<ScriptStep> Of(SigningTerms terms, View document) =>
    [
        new CardStep(PivCommands.Select),
        .. terms.Signer is { } known ? Proof(known) : Certificates(terms.IsProven),
        .. TextRendering.Screens(Straight(document), Clamped(terms.Display)).Select(CardSteps.Show),
        .. CardSteps.VerifyForSignature(terms.Method),
        new SignStep(
            PivKeyReference.Signature, terms.Signer?.Algorithm ?? SignatureAlgorithm.OfCertificate, NoNonce),
    ];

    /// <summary>The same script with a nonce of the server in all that it has signed.</summary>
    public static Sequence<ScriptStep> With(Sequence<ScriptStep> steps, Bytes nonce) => steps.Select(step => step switch
    {
        SignStep sign => sign with { Nonce = nonce },
        BranchStep branch => new BranchStep(branch.Branches.Select(way => With(way, nonce)).ToSequence()),
        _ => step,
    }).ToSequence();

    /// <summary>Why a terminal would not show the document as one to be signed, in words; null where it would.</summary>
    public static string? FaultOf(View document) => TextRendering.Lines(Straight(document), View.MaxText)
        .Select(PlainText.FaultOf).FirstOrDefault(fault => fault is not null) is { } one
            ? $"U+{(int)one:X4} may show something else than it says, and nobody can sign that."
            : null;

    /// <summary>With line ends and tabs as a display has them, wherever the text comes from.</summary>
    private static View Straight(View document) => document with
    {
        Title = PlainText.Straightened(document.Title),
        Parts =
        [
            .. document.Parts.Select(part =>
                part is Paragraph { Text: var text } ? new Paragraph(PlainText.Straightened(text)) : part),
        ],
    };

    private static IEnumerable<ScriptStep> Proof(CardSigner known) => known.CardAlgorithm is { } algorithm
        ? [new SignStep(PivKeyReference.CardAuthentication, algorithm, NoNonce)]
        : [];

    private static IEnumerable<ScriptStep> Certificates(bool isProven)
    {
        yield return new CardStep(PivCommands.Read(PivKeyReference.Certificate(PivKeyReference.Signature)!.Value));
        if (isProven) yield break;
        yield return CardSteps.Anything;
        yield return new CardStep(PivCommands.Read(PivKeyReference.Certificate(PivKeyReference.CardAuthentication)!.Value));
    }

    /// <summary>One text is at most 480 characters, whatever the display.</summary>
    private static TextDisplay Clamped(TextDisplay display) => display with
    {
        Rows = Math.Clamp(MaxScreen / Math.Max(display.Columns, 1), 1, Math.Max(display.Rows, 1)),
    };
}
