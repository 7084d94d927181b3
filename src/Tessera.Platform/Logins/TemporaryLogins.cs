using System.Collections.Concurrent;
using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Platform.Holders;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Logins;

/// <summary>
/// Gives a caller a pair of login and password for a minute, and takes it once, from the same card. The digits
/// themselves are nowhere on record; here they are kept while they live, so that who asks again gets the same.
/// </summary>
/// <param name="key">Makes the digests on record; stays with the caller.</param>
public sealed class TemporaryLogins(ILoginStore store, SecretKey key, LoginOptions options, TimeProvider time) : IDisposable
{
    private const int DigestLength = 16;

    private readonly ConcurrentDictionary<CardId, Living> _living = new();
    private readonly SemaphoreSlim _issuing = new(1);

    /// <summary>
    /// A pair for the card of a caller: a new one, or the one that still lives. Send it with a validity as long as its
    /// life, and say when it was delivered.
    /// </summary>
    /// <param name="call">Names the call.</param>
    /// <param name="isProven">The card itself spoke up in the call, and not just its number.</param>
    /// <returns>Null where the holder got as many today as there may be.</returns>
    public async Task<IssuedLogin?> IssueAsync(
        CardRegistration card, string call, string? application, bool isProven, CancellationToken cancel)
    {
        await _issuing.WaitAsync(cancel);
        try
        {
            var now = time.GetUtcNow();
            var (count, most) = isProven
                ? (LoginCount.Proven, options.ProvenADay)
                : (LoginCount.Claimed, options.ClaimedADay);
            if (await AddAsync(count, card.Holder.ToString(), now, cancel) > most) return null;

            return await LivingAsync(card.Card, now, cancel) ?? await NewAsync(card.Card, call, application, now, cancel);
        }
        finally
        {
            _issuing.Release();
        }
    }

    /// <summary>The phone has the message with the pair: its last minute has begun.</summary>
    public Task DeliveredAsync(Guid login, CancellationToken cancel) =>
        store.EndAsync(login, time.GetUtcNow() + options.Life, cancel);

    /// <summary>A card brings a pair, in a secured packet of its own.</summary>
    /// <param name="session">The number of the session that it opens with it.</param>
    /// <param name="number">Where the packet came from.</param>
    public async Task<LoginUse> UseAsync(
        CardRegistration card, ushort session, LoginPair pair, string number, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var (holder, failed, from) = (card.Holder.ToString(), LoginCount.Failed, LoginCount.FailedFrom);

        // Each attempt counts as wrong until it was right: many at once get no more tries than one after the other.
        if (await AddAsync(failed, holder, now, cancel) > options.FailedADay ||
            await AddAsync(from, number, now, cancel) > options.FailedFromADay)
            return new LoginUse(LoginVerdict.TooMany);
        if (await store.FindAsync(card.Card, DigestOf(card.Card, pair), cancel) is not { } login)
            return new LoginUse(LoginVerdict.Wrong);

        await AddAsync(failed, holder, now, cancel, by: -1);
        await AddAsync(from, number, now, cancel, by: -1);
        if (!await store.UseAsync(login.Id, session, now, cancel))
            return new LoginUse(login.UsedBy is null ? LoginVerdict.Expired : LoginVerdict.Used);
        _living.TryRemove(card.Card, out _);
        return new LoginUse(LoginVerdict.Accepted, login);
    }

    /// <summary>Forgets what has no use any more.</summary>
    public Task PruneAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        foreach (var (card, living) in _living)
        {
            if (living.Login.Dispatched + options.Longest <= now)
                _living.TryRemove(new KeyValuePair<CardId, Living>(card, living));
        }

        return store.PruneAsync(now - options.Memory, cancel);
    }

    public void Dispose() => _issuing.Dispose();

    private async Task<IssuedLogin?> LivingAsync(CardId card, DateTimeOffset now, CancellationToken cancel)
    {
        if (!_living.TryGetValue(card, out var living)) return null;
        if (await store.NewestAsync(card, cancel) is { UsedBy: null } login && login.Id == living.Login.Id && now < login.Until)
            return new IssuedLogin(login, living.Pair);
        _living.TryRemove(card, out _);
        return null;
    }

    private async Task<IssuedLogin> NewAsync(
        CardId card, string call, string? application, DateTimeOffset now, CancellationToken cancel)
    {
        var pair = LoginPair.Draw();
        var login = new TemporaryLogin(
            Guid.CreateVersion7(now), card, call, application, DigestOf(card, pair), now, now + options.Longest);
        await store.AddAsync(login, cancel);
        _living[card] = new Living(login, pair);
        return new IssuedLogin(login, pair);
    }

    private Bytes DigestOf(CardId card, LoginPair pair) => new(
        HMACSHA256.HashData(key.Reveal(), [.. Bytes.Of(card).Span, .. Bytes.Of(pair).Span]).AsMemory(0, DigestLength));

    private Task<int> AddAsync(LoginCount count, string whose, DateTimeOffset now, CancellationToken cancel, int by = 1) =>
        store.CountAsync(count, whose, DateOnly.FromDateTime(now.UtcDateTime), by, cancel);

    private sealed record Living(TemporaryLogin Login, LoginPair Pair);
}

/// <summary>A pair to be sent to the holder.</summary>
public sealed record IssuedLogin(TemporaryLogin Login, LoginPair Pair);

/// <summary>What became of a pair that a card brought.</summary>
/// <param name="Login">Only where it was accepted.</param>
public sealed record LoginUse(LoginVerdict Verdict, TemporaryLogin? Login = null);

/// <summary>Whether a pair is good.</summary>
public enum LoginVerdict
{
    /// <summary>It opens the session, and no other.</summary>
    Accepted = 1,

    /// <summary>No pair that this card was given lately.</summary>
    Wrong = 2,

    /// <summary>It was right, and its time is over.</summary>
    Expired = 3,

    /// <summary>Another session was opened with it.</summary>
    Used = 4,

    /// <summary>Too many were wrong today: none is looked at any more.</summary>
    TooMany = 5,
}
