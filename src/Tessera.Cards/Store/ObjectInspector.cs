using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Wire;

namespace Tessera.Cards.Store;

/// <summary>
/// Checks tickets, coupons and receipts with the public keys of their issuer and nothing else: no server and no key of a
/// card (docs/protocols/store.md §6).
/// </summary>
public sealed class ObjectInspector : IDisposable
{
    private readonly IReadOnlyList<ECDsa> _keys;

    private ObjectInspector(IReadOnlyList<ECDsa> keys) => _keys = keys;

    /// <param name="pem">
    /// Public keys on P-256, or certificates: an issuer has another key after each rotation, and all in one text are
    /// taken.
    /// </param>
    /// <exception cref="ArgumentException">There is none, or one that is on another curve.</exception>
    public static ObjectInspector With(params IReadOnlyList<string> pem)
    {
        var keys = new List<ECDsa>();
        try
        {
            foreach (var text in pem) Read(text, keys);
            if (keys.Count == 0) throw new ArgumentException("There is no public key.", nameof(pem));
            foreach (var key in keys) SignedObject.KeyName(key);
            return new ObjectInspector(keys);
        }
        catch
        {
            foreach (var key in keys) key.Dispose();
            throw;
        }
    }

    /// <summary>Whether an object is good on that card at that time.</summary>
    public Inspection Look(SignedObject? one, CardId card, DateTimeOffset time) => new(one, one switch
    {
        null => "there is nothing",
        _ when !_keys.Any(key => one.IsSignedBy(key, card)) => "its issuer did not sign it for this card",
        _ when !one.IsValidAt(time) => string.Create(
            CultureInfo.InvariantCulture, $"it is not valid at {time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC"),
        _ => null,
    });

    /// <summary>Whether the content of a field is an object that is good on that card at that time.</summary>
    public Inspection LookIn(Bytes content, CardId card, DateTimeOffset time)
    {
        if (content.Length == 0) return Look((SignedObject?)null, card, time);
        try
        {
            return content.Span[0] == 0
                ? new Inspection(null, "it was removed")
                : Look(content.Read<SignedObject>(), card, time);
        }
        catch (WireFormatException)
        {
            return new Inspection(null, "there is no signed object");
        }
    }

    /// <summary>Looks at a field of a card at hand.</summary>
    /// <remarks>
    /// The card proves nothing to who has no key of it: an object that another card shows is not good there, but a
    /// program that shows an object under the id of its card looks alike. Where that matters, a card proves itself by
    /// its certificate.
    /// </remarks>
    public async Task<Inspection> LookAsync(StoreClient store, byte field, DateTimeOffset time, CancellationToken cancel)
    {
        var nonce = new Bytes(RandomNumberGenerator.GetBytes(StoreMac.NonceLength));
        var stored = await store.ReadAsync(field, nonce, isSecured: false, cancel);
        return LookIn(stored.Content, store.Template.Card, time);
    }

    public void Dispose()
    {
        foreach (var key in _keys) key.Dispose();
    }

    private static void Read(string text, List<ECDsa> keys)
    {
        var rest = text.AsSpan();
        while (PemEncoding.TryFind(rest, out var found))
        {
            var pem = rest[found.Location];
            if (rest[found.Label].SequenceEqual("CERTIFICATE"))
            {
                using var certificate = X509Certificate2.CreateFromPem(pem);
                keys.Add(certificate.GetECDsaPublicKey()
                    ?? throw new ArgumentException("A certificate has no key on a curve.", nameof(text)));
            }
            else
            {
                var key = ECDsa.Create();
                keys.Add(key);
                key.ImportFromPem(pem);
            }

            rest = rest[found.Location.End..];
        }
    }
}

/// <summary>What an inspector found.</summary>
/// <param name="Object">Null where there is none.</param>
/// <param name="Fault">Why it is not good; null where it is.</param>
public sealed record Inspection(SignedObject? Object, string? Fault)
{
    public bool IsGood => Fault is null;

    public override string ToString() => Fault ?? $"{Object!.Kind} {Object.Number}: {Object.Text}";
}
