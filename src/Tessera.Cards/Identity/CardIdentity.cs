using Tessera.Cards.Piv;
using Tessera.Wire;

namespace Tessera.Cards.Identity;

/// <summary>Who a card says it is: its keys and certificates, judged and proven as far as somebody asked.</summary>
/// <remarks>
/// Of any PIV card, and from nothing but its channel. What one object of it does not let itself be read says the key it
/// belongs to; only a card that goes away, or one that breaks the transport, ends the reading.
/// </remarks>
/// <param name="Name">The GUID of its CHUID; null where it has none.</param>
/// <param name="Discovery">Null where it says nothing of PINs.</param>
public sealed record CardIdentity(
    PivApplication Application, Guid? Name, PivDiscovery? Discovery, IReadOnlyList<CardKey> Keys)
{
    /// <summary>Null where the card has no PIV application, which is selected afterwards.</summary>
    /// <param name="card">It stays the caller's.</param>
    /// <exception cref="CardStatusException">The application is there and cannot be selected.</exception>
    /// <exception cref="ConnectionLostException">The card or its reader went away.</exception>
    public static async Task<CardIdentity?> ReadAsync(ICardChannel card, CancellationToken cancel)
    {
        if (await PivClient.SelectAsync(card, cancel) is not { } piv) return null;
        var discovery = await TryAsync(() => piv.DiscoveryAsync(cancel));
        var name = await TryAsync(() => piv.GuidAsync(cancel));
        var history = await TryAsync(() => piv.KeyHistoryAsync(cancel));
        var keys = new List<CardKey>();
        foreach (var reference in References(history))
            if (await KeyAsync(piv, reference, cancel) is { } key) keys.Add(key);
        return new CardIdentity(piv.Application, name, discovery, keys);
    }

    /// <summary>One key with its certificate; null where it has none.</summary>
    public static async Task<CardKey?> KeyAsync(PivClient piv, byte reference, CancellationToken cancel)
    {
        try
        {
            return await piv.CertificateAsync(reference, cancel) is { } der ? CardKey.Of(reference, der) : null;
        }
        catch (Exception e) when (e is WireFormatException or CardStatusException)
        {
            return CardKey.Unread(reference, e.Message);
        }
    }

    public CardKey? Find(byte reference) => Keys.FirstOrDefault(key => key.Reference == reference);

    /// <summary>Every certificate judged.</summary>
    public CardIdentity Judged(TrustStore trust, DateTimeOffset at, RevocationCheck revocation = RevocationCheck.Chain) =>
        this with { Keys = [.. Keys.Select(key => key.Judged(trust, at, revocation))] };

    /// <summary>One key challenged, freshly. The application is selected, and the PIN verified where the key wants it.</summary>
    /// <param name="context">What it is asked for.</param>
    public async Task<CardIdentity> ProvenAsync(
        ICardChannel card, byte reference, Bytes context, CancellationToken cancel)
    {
        if (Find(reference) is not { Fault: null } key) return this;
        using var certificate = key.Load();
        using var challenge = KeyChallenge.Create(reference, certificate, context);
        var proof = challenge is null
            ? new KeyProof(ProofState.UnknownKind)
            : challenge.Check(await card.TransmitAsync(challenge.Command, cancel));
        return this with { Keys = [.. Keys.Select(each => each == key ? each with { Proof = proof } : each)] };
    }

    /// <summary>A card that does not tell how many keys it retired is asked for all of them.</summary>
    private static IEnumerable<byte> References(PivKeyHistory? history) => PivKeyReference.All.Where(reference =>
        history is null || PivKeyReference.Signs(reference) || reference == PivKeyReference.KeyManagement
        || reference - PivKeyReference.FirstRetired < history.OnCard);

    /// <summary>What else a card says is of use where it can be read, and no reason to give it up where not.</summary>
    private static async Task<T?> TryAsync<T>(Func<Task<T?>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception e) when (e is WireFormatException or CardStatusException)
        {
            return default;
        }
    }
}
