using Tessera.Cards;
using Tessera.Cards.Piv;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Toolkit;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Signing;

/// <summary>What script and answer say of a signature: what was shown before, who agreed and how, what was signed.</summary>
/// <param name="Shown">Everything the terminal showed before, in order, with what came of it where that says something.</param>
/// <param name="Method">By what the holder agreed.</param>
/// <param name="Signed">What the card was asked to sign, and its answer.</param>
/// <param name="Certificates">What the script read of certificates, by key reference.</param>
/// <param name="CardProof">The signature by which the card proved itself first; null for none.</param>
public sealed record SignatureReading(
    IReadOnlyList<string> Shown, PaymentMethod Method, TracedSignature Signed, IReadOnlyDictionary<byte, Bytes> Certificates,
    TracedSignature? CardProof)
{
    /// <summary>The card id that purse or data store told in the script; null for none.</summary>
    public CardId? Card { get; private init; }

    /// <summary>What the card answered to, the signature included.</summary>
    internal int Commands { get; private init; }

    /// <summary>The signature; null where the card gave none.</summary>
    public Bytes? Signature => SignatureOf(Signed);

    /// <summary>Computes it from the octets alone.</summary>
    /// <param name="server">Server identity of the link, 8 octets.</param>
    /// <param name="initializeInForce">An INITIALIZE was in force on the card before the script.</param>
    /// <param name="step">Of the signature.</param>
    /// <returns>Null where the card was asked for none by that step.</returns>
    /// <exception cref="WireFormatException">The script cannot have that answer.</exception>
    public static SignatureReading? Of(
        Bytes script, Bytes answer, Bytes server, TerminalProfile profile, bool initializeInForce, byte step)
    {
        var trace = ScriptReplay.Trace(
            script.Read<CommandScript>(), answer, TerminalRules.ForTerminal(server, profile),
            CardSituation.Inserted(initializeInForce));
        return Of(trace, step);
    }

    internal static SignatureReading? Of(ScriptTrace trace, byte step)
    {
        if (trace.Signatures.FirstOrDefault(one => one.Ordinal == step) is not { } signed) return null;
        var before = trace.Steps.TakeWhile(step => step.Ordinal != signed.Ordinal).ToList();
        return new SignatureReading(
            [.. before.OfType<TracedDialogue>().Select(Words).OfType<string>()], MethodOf(before), signed,
            Read(before.OfType<TracedCommand>()),
            trace.Signatures.FirstOrDefault(one => one.Step.KeyReference == PivKeyReference.CardAuthentication))
        {
            Commands = trace.Steps.OfType<TracedCommand>().Count(one => one.Ordinal <= step),
            Card = before.OfType<TracedCommand>().Select(CardOf).OfType<CardId>().Cast<CardId?>().FirstOrDefault(),
        };
    }

    /// <summary>7C { 82 signature } of an answer; null where it has none.</summary>
    public static Bytes? SignatureOf(TracedSignature signed) =>
        signed.Answer is { Status.IsSuccess: true } answer ? PivCommands.Response(answer.Data) : null;

    private static string? Words(TracedDialogue step) => step switch
    {
        { Command: { Type: CommandType.SelectItem } list, Choice: { } place } => $"{list.Alpha}: {list.Items[place - 1].Text}",
        { Result.Text: { } typed, Command: var asked } => $"{asked?.Text}: {typed}",
        _ => step.Command?.Text ?? step.Command?.Alpha,
    };

    private static PaymentMethod MethodOf(IEnumerable<TracedStep> before) =>
        before.OfType<TracedCommand>().LastOrDefault() is { Command: var last, Answer.Status.IsSuccess: true }
            ? (last.Ins, last.P2) switch
            {
                (0x20, 0x80) => PaymentMethod.Pin,
                (0x21, 0x81) or (0x20, PivCommands.PrimaryFinger) => PaymentMethod.Finger,
                _ => PaymentMethod.Key,
            }
            : PaymentMethod.Key;

    private static CardId? CardOf(TracedCommand one) =>
        (one.Command == PurseCommands.Select || one.Command == StoreCommands.Select) && one.Answer.Status.IsSuccess
            ? one.Answer.Data.Read<ApplicationTemplate>().Card
            : null;

    private static Dictionary<byte, Bytes> Read(IEnumerable<TracedCommand> commands)
    {
        var read = new Dictionary<byte, Bytes>();
        foreach (var one in commands.Where(one => one is { Command.Ins: PivCommands.GetData, Answer.Status.IsSuccess: true }))
        {
            foreach (var key in PivKeyReference.All.Where(key => Reads(one.Command, key)))
                if (PivCertificate.OfAnswer(one.Answer.Data) is { } certificate) read[key] = certificate;
        }

        return read;
    }

    private static bool Reads(CommandApdu command, byte key) =>
        PivKeyReference.Certificate(key) is { } tag && PivCommands.Read(tag).Data == command.Data;
}
