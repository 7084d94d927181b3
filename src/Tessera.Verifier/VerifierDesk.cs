using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.Toolkit.Verifiers;
using Tessera.Wire;

namespace Tessera.Verifier;

/// <summary>
/// Answers the servers of a verifier: gives nonces, each good once, decrypts what holders entered, compares it and signs what
/// came of it (docs/protocols/verifier.md §3, §4).
/// </summary>
public sealed class VerifierDesk : IDisposable
{
    /// <summary>How long a nonce is good: a holder may take two minutes to enter something.</summary>
    public static readonly TimeSpan NonceLife = TimeSpan.FromMinutes(5);

    /// <summary>Nonces that wait at one time; the oldest goes where there would be more.</summary>
    public const int MaxNonces = 1024;

    private readonly VerifierFolder _folder;
    private readonly ReferenceStore _references;
    private readonly TimeProvider _time;
    private readonly ECDsa _signing;
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<Bytes, Waiting> _nonces = [];

    /// <param name="folder">Not owned.</param>
    /// <param name="references">Not owned.</param>
    public VerifierDesk(VerifierFolder folder, ReferenceStore references, TimeProvider time)
    {
        (_folder, _references, _time) = (folder, references, time);
        _signing = folder.Certificate.GetECDsaPrivateKey()
            ?? throw new ArgumentException("The verifier has no key to sign with.", nameof(folder));
    }

    /// <summary>Answers one question of a server.</summary>
    /// <param name="server">Who asks: what it brings must be bound to it.</param>
    /// <exception cref="WireFormatException">The octets are no question.</exception>
    public async Task<Bytes> AnswerAsync(Bytes question, PeerIdentity server, CancellationToken cancel) =>
        question.Read<VerifierRequest>() switch
        {
            ChallengeRequest challenge => Bytes.Of(await ChallengeAsync(challenge.Card, server, cancel)),
            VerificationRequest verification => Bytes.Of(await JudgeAsync(verification, server, cancel)),
            _ => throw new WireFormatException("request", 0, "is none"),
        };

    public void Dispose() => _signing.Dispose();

    private async Task<VerifierChallenge> ChallengeAsync(CardId card, PeerIdentity server, CancellationToken cancel)
    {
        var comparable = ComparableEntries.None;
        using (var held = await _references.HoldAsync(cancel))
        using (var reference = held.Find(card))
        {
            if (reference is { HasPin: true })
                comparable |= reference.PinTries > 0 ? ComparableEntries.Pin : ComparableEntries.Blocked;
            if (reference is { HasFinger: true })
                comparable |= reference.FingerTries > 0 ? ComparableEntries.Finger : ComparableEntries.Blocked;
        }

        var nonce = new Bytes(RandomNumberGenerator.GetBytes(VerificationStatement.NonceLength));
        lock (_gate)
        {
            if (_nonces.Count >= MaxNonces) _nonces.RemoveAt(0);
            _nonces.Add(nonce, new Waiting(card, server, _time.GetUtcNow() + NonceLife));
        }

        return new VerifierChallenge(nonce, comparable);
    }

    private async Task<VerifierVerdict> JudgeAsync(VerificationRequest asked, PeerIdentity server, CancellationToken cancel)
    {
        var (result, tries) = IsAwaited(asked.Statement, server)
            ? await CompareAsync(asked, cancel)
            : (VerifierResult.Stale, (byte)0);
        return VerifierVerdict.Sign(_signing, asked, result, tries, _time.GetUtcNow());
    }

    /// <summary>The nonce is gone, whatever comes of it.</summary>
    private bool IsAwaited(VerificationStatement statement, PeerIdentity server)
    {
        lock (_gate)
        {
            return _nonces.Remove(statement.Nonce, out var waiting) && waiting.Card == statement.Card &&
                waiting.Server == server && statement.Server == server.Id && waiting.Until > _time.GetUtcNow();
        }
    }

    /// <summary>A try is on disk before anything is compared; what cannot be read counts none.</summary>
    private async Task<(VerifierResult Result, byte Tries)> CompareAsync(VerificationRequest asked, CancellationToken cancel)
    {
        if (SealedEntry.Open(_folder.Sealing, asked.Statement, asked.Entry) is not { } entered)
            return (VerifierResult.Unreadable, 0);
        try
        {
            var isPin = asked.Statement.Source == InputSource.Pin;
            using var held = await _references.HoldAsync(cancel);
            using var reference = held.Find(asked.Statement.Card);
            if (reference is null || !(isPin ? reference.HasPin : reference.HasFinger)) return (VerifierResult.Unknown, 0);
            if ((isPin ? reference.PinTries : reference.FingerTries) == 0) return (VerifierResult.Blocked, 0);

            reference.TakeTry(isPin);
            held.Keep(asked.Statement.Card, reference);
            var isRight = isPin ? reference.IsPin(entered) : reference.IsFinger(entered);
            if (isRight)
            {
                reference.Restore(isPin);
                held.Keep(asked.Statement.Card, reference);
            }

            return (
                isRight ? VerifierResult.Verified : VerifierResult.Wrong, isPin ? reference.PinTries : reference.FingerTries);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(entered);
        }
    }

    private sealed record Waiting(CardId Card, PeerIdentity Server, DateTimeOffset Until);
}
