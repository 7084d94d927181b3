using Tessera.Platform.Dialogues;
using Tessera.Toolkit.Scripts;
using Tessera.Toolkit.Verifiers;
using Tessera.Wire;

namespace Tessera.Platform.Sessions.Verifying;

/// <summary>
/// Has holders identified by a verifier, where the issuer of the purses and the application want that: what they enter passes
/// here encrypted (docs/protocols/verifier.md §5).
/// </summary>
/// <param name="verifier">Null on a server that has none.</param>
/// <param name="allowed">What issuer and application allow.</param>
internal sealed class VerifierSide(Journal journal, CardSide card, SessionVerifier? verifier, Verification allowed)
{
    private const int MaxStale = 3;

    private ComparableEntries _comparable;
    private VerifierVerdict? _verdict;
    private int _stale;

    /// <summary>An identification is the verifier's.</summary>
    public bool IsUsed => verifier is not null && allowed.HasFlag(Verification.Verifier);

    /// <summary>What the terminal is to ask for the verifier, in the next script and no other.</summary>
    public SealedStep? Entry { get; private set; }

    private string Name => verifier!.Key.Name;

    /// <summary>Gets a nonce for an entry; what stands against one, where something does.</summary>
    public async Task<(string Words, DialogueEnd End)?> AgainstAsync(CancellationToken cancel)
    {
        Entry = null;
        if (!card.Seat.Link.Profile.HasVerifier) return (Wording.SendsNothing(Name), DialogueEnd.TerminalRefused);
        if (await AskAsync<VerifierChallenge>("challenge", new ChallengeRequest(card.Card), cancel) is not { } challenge)
            return (Wording.VerifierSilent(Name), DialogueEnd.NotVerified);

        _comparable = challenge.Comparable;
        InputSource? source =
            Has(ComparableEntries.Finger) && card.Seat.Link.Profile.HasBiometrics ? InputSource.Finger
            : Has(ComparableEntries.Pin) ? InputSource.Pin
            : null;
        if (source is null)
            return Has(ComparableEntries.Blocked)
                ? (Wording.BlockedAt(Name), DialogueEnd.PinBlocked)
                : (Wording.UnknownTo(Name), DialogueEnd.NotVerified);
        Entry = new SealedStep(source.Value, verifier!.Key.Id, challenge.Nonce);
        return null;
    }

    /// <summary>Has the verifier compare what the holder entered; true where it is theirs.</summary>
    public async Task<bool> JudgeAsync(TracedEntry entry, CancellationToken cancel)
    {
        var asked = new VerificationRequest(entry.Statement, entry.Sealed);
        var verdict = await AskAsync<VerifierVerdict>("verdict", asked, cancel);
        _verdict = verdict?.IsOf(verifier!.Key, asked) == true ? verdict : null;
        return _verdict is { Result: VerifierResult.Verified };
    }

    /// <summary>What follows where it is not theirs, or nobody said so.</summary>
    public Node Refused(Remarks remarks, Node node)
    {
        var isPin = Entry?.Source == InputSource.Pin;
        return _verdict switch
        {
            { Result: VerifierResult.Wrong, TriesLeft: > 0 and var tries } =>
                remarks.Saying(isPin ? Wording.WrongPin(tries) : Wording.WrongFinger(tries), node),
            { Result: VerifierResult.Wrong or VerifierResult.Blocked } when !isPin && Has(ComparableEntries.Pin) =>
                remarks.Saying(Wording.BlockedAt(Name), node),
            { Result: VerifierResult.Wrong or VerifierResult.Blocked } =>
                remarks.Ending(Wording.BlockedAt(Name), DialogueEnd.PinBlocked, node),
            { Result: VerifierResult.Unknown } => remarks.Ending(Wording.UnknownTo(Name), DialogueEnd.NotVerified, node),
            { Result: VerifierResult.Stale } when ++_stale < MaxStale => node,
            _ => remarks.Ending(Wording.VerifierSilent(Name), DialogueEnd.NotVerified, node),
        };
    }

    /// <summary>The terminal is set up for another verifier, or for none.</summary>
    public Node Impossible(Remarks remarks, Node node) =>
        remarks.Ending(Wording.SendsNothing(Name), DialogueEnd.TerminalRefused, node);

    private bool Has(ComparableEntries entries) => _comparable.HasFlag(entries);

    /// <summary>What the verifier answered is on record as it came; null where it did not, or nothing that can be read.</summary>
    private async Task<T?> AskAsync<T>(string name, VerifierRequest request, CancellationToken cancel)
        where T : class, IWireFormat<T>
    {
        var answer = await journal.EffectAsync(name, async (_, token) =>
        {
            try
            {
                return await verifier!.AskAsync(request, token);
            }
            catch (IOException)
            {
                // Named to the holder: nobody is identified without it.
                return Bytes.Empty;
            }
        }, cancel);
        try
        {
            return answer.Length == 0 ? null : answer.Read<T>();
        }
        catch (WireFormatException)
        {
            return null;
        }
    }
}
