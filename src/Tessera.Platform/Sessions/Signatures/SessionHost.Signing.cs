using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Holders;
using Tessera.Platform.Signing;
using Tessera.Platform.Views;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Sessions;

/// <summary>What became of a document that was to be signed at a terminal.</summary>
/// <param name="Transaction">Null where nothing was filed.</param>
/// <param name="Words">Why not, for operators; empty where it was.</param>
public sealed record SigningOutcome(SignedTransaction? Transaction, SessionEnd End, string Words);

public sealed partial class SessionHost
{
    private const ushort Blocked = 0x6983;

    /// <summary>Why a document is none that a terminal would let anybody sign, in words; null where it would.</summary>
    public static string? FaultOf(View document) => SignatureSteps.FaultOf(document);

    /// <summary>
    /// Has whatever card is in a terminal sign a document, in one script: the card tells who it is, its holder sees the
    /// document and agrees, the card signs. The card need not be registered: its certificate says whose it is.
    /// </summary>
    /// <param name="application">Names who wants it.</param>
    /// <param name="withdrawn">Who wanted it does no more: what is signed afterwards is thrown away.</param>
    /// <param name="expected">The card that is there as far as is known, whose certificates need not be read again.</param>
    /// <exception cref="InvalidOperationException">This host files no evidence.</exception>
    public async Task<SigningOutcome> SignAsync(
        ILink link, string application, View document, CardId? expected, CancellationToken cancel,
        CancellationToken withdrawn = default)
    {
        var desk = notary ?? throw new InvalidOperationException("Nobody files evidence here.");
        var now = time.GetUtcNow();
        var record = new SessionRecord(SessionReference.New(now), application, Insertion.Of(link), now);
        await store.OpenAsync(record, cancel);
        var outcome = await TrySignAsync(desk, record, link, document, expected, withdrawn, cancel);
        await store.CloseAsync(record.Id, outcome.End, time.GetUtcNow(), cancel);
        return outcome;
    }

    private async Task<SigningOutcome> TrySignAsync(
        Notary desk, SessionRecord record, ILink link, View document, CardId? expected,
        CancellationToken withdrawn, CancellationToken cancel)
    {
        try
        {
            var known = expected is { } card ? await desk.SignerAsync(card, cancel) : null;
            if (known is not null && await desk.AgainstAsync(known, cancel) is { } against)
                return new SigningOutcome(null, SessionEnd.CardRefused, against);

            var display = SessionRun.Display(link.Profile);
            var steps = Steps(new SigningTerms(known, display), document);
            if (!Fits(steps, link))
                return new SigningOutcome(null, SessionEnd.Failed, "The document is too long for this terminal.");
            var seat = new Seat(link, record.At, await store.LastNumberAsync(record.At, cancel));
            var exchange = await new Journal(store, record.Id, []).SendAsync(
                seat, Journal.Hash("sign"),
                (session, number) => Task.FromResult(Bytes.Of(new CommandScript(session, number, SignatureSteps.With(
                    steps, new Bytes(RandomNumberGenerator.GetBytes(SignStep.NonceLength)))))),
                cancel);
            if (withdrawn.IsCancellationRequested) return await WithdrawAsync(seat, record, cancel);
            var found = CardSituation.Inserted(initializeInForce: false);
            var reading = ScriptReading.Of(exchange, TerminalRules.ForTerminal(server, link.Profile), found);
            var signature = SignatureOrdinal(exchange);
            if (!reading.Did(signature)) return Stopped(reading);

            var place = new SigningPlace(
                link.Terminal, link.Profile.Octets, (byte)link.Profile.Capabilities, display.Columns, display.Rows, false,
                null);
            var notarised = await desk.FileAsync(
                new SignedScript(
                    record.Application, new Bytes(record.Id.Value.ToByteArray(bigEndian: true)), place, exchange.Sent,
                    exchange.Answer, signature, document.Title, known),
                $"{record.Id}:0", cancel);
            return new SigningOutcome(
                notarised.Transaction, notarised.Transaction is null ? SessionEnd.CardRefused : SessionEnd.Completed,
                notarised.Words);
        }
        catch (ConnectionLostException lost)
        {
            return new SigningOutcome(null, SessionEnd.Lost, lost.Message);
        }
        catch (WireFormatException bad)
        {
            return new SigningOutcome(null, SessionEnd.Failed, $"The answer is none to the script: {bad.Message}");
        }
    }

    /// <summary>The purse of a card of ours tells its card id; what comes of asking is no matter.</summary>
    private static Sequence<ScriptStep> Steps(SigningTerms terms, View document) =>
    [
        CardSteps.Anything, CardSteps.SelectPurse,
        .. SignatureSteps.Of(terms, document),
        ToolkitStep.Of(ProactiveCommand.DisplayText(Wording.Signed, DisplayQualifier.None)),
    ];

    /// <summary>The holder is told that what they just agreed to is not wanted any more.</summary>
    private async Task<SigningOutcome> WithdrawAsync(Seat seat, SessionRecord record, CancellationToken cancel)
    {
        var journal = new Journal(store, record.Id, await store.StepsAsync(record.Id, cancel));
        journal.Abandon();
        await journal.SendAsync(
            seat, Journal.Hash("withdrawn"),
            (session, number) => Task.FromResult(
                Bytes.Of(new CommandScript(session, number, [CardSteps.Show(Wording.Withdrawn)]))),
            cancel);
        return new SigningOutcome(null, SessionEnd.Left, "The document was withdrawn.");
    }

    private static bool Fits(Sequence<ScriptStep> steps, ILink link)
    {
        var script = new CommandScript(0, 1, steps);
        return script.Numbered().Count() <= CommandScript.MaxSteps && Bytes.Of(script).Length <= link.Traits.MaxScript;
    }

    private static byte SignatureOrdinal(Exchange exchange) =>
        exchange.Sent.Read<CommandScript>().Numbered().Last(one => one.Step is SignStep).Ordinal;

    private static SigningOutcome Stopped(ScriptReading reading) => (reading.Stop, reading.LastStatus) switch
    {
        (StopReason.EndedByHolder, _) => new(null, SessionEnd.Left, "The holder declined."),
        (StopReason.NoAnswerFromHolder, _) => new(null, SessionEnd.Left, "The holder did not answer."),
        (StopReason.UnexpectedStatus, { TriesLeft: 0 } or { Value: Blocked }) =>
            new(null, SessionEnd.CardRefused, "The PIN is blocked."),
        (StopReason.UnexpectedStatus, var status) =>
            new(null, SessionEnd.CardRefused, $"The card does not sign: {status}."),
        (StopReason.NotCapable, _) => new(null, SessionEnd.CardRefused, "The card has no certificate to sign by."),
        (StopReason.CardLost, _) => new(null, SessionEnd.Lost, "The card was taken out."),
        (var why, _) => new(null, SessionEnd.Lost, $"The terminal did not carry it out: {why}."),
    };
}
