using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Store;
using Tessera.Platform.Holders;
using Tessera.Wire;

namespace Tessera.Platform.Fields;

/// <summary>
/// The keys of all cards' data stores, derived from the master keys of each version (docs/protocols/store.md §4).
/// </summary>
/// <param name="masters">At most one of a version; they stay with the caller, who disposes them.</param>
public sealed class StoreKeyring(params IEnumerable<MasterKeys> masters)
{
    private readonly Dictionary<byte, MasterKeys> _masters = masters.ToDictionary(keys => keys.Version);

    /// <summary>The code that lets a card take a content; none without the key.</summary>
    internal Bytes? Write(CardRegistration card, byte field, ushort version, Bytes content)
    {
        using var key = Find(card);
        if (key is null) return null;
        using var writing = StoreMac.WritingKey(key, card.Card, field);
        return StoreMac.Write(writing, card.Card, field, version, content);
    }

    /// <summary>Whether the card itself says so, over that nonce.</summary>
    internal bool Verifies(CardRegistration card, byte field, StoredField read, Bytes nonce)
    {
        using var key = Find(card);
        if (key is null) return false;
        using var reading = StoreMac.ReadingKey(key, card.Card, field);
        var expected = StoreMac.Read(reading, card.Card, field, read.Version, read.Content, nonce);
        return CryptographicOperations.FixedTimeEquals(expected.Span, read.Mac.Span);
    }

    private SecretKey? Find(CardRegistration card) => _masters.TryGetValue(card.KeyVersion, out var master)
        ? CardKeys.Diversify(master.Store, card.Card, StoreCommands.Aid)
        : null;
}
