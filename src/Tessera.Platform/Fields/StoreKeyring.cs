using Tessera.Cards;
using Tessera.Cards.Store;
using Tessera.Platform.Holders;
using Tessera.Wire;

namespace Tessera.Platform.Fields;

/// <summary>
/// The keys of all cards' data stores, derived from the master keys of each version (docs/protocols/store.md §4).
/// </summary>
/// <param name="find">The master keys of a version, null where there are none; they stay with the caller.</param>
public sealed class StoreKeyring(Func<byte, MasterKeys?> find)
{
    /// <param name="masters">At most one of a version; they stay with the caller, who disposes them.</param>
    public StoreKeyring(params IEnumerable<MasterKeys> masters)
        : this(masters.ToDictionary(keys => keys.Version).GetValueOrDefault)
    {
    }

    /// <summary>
    /// The code that lets a card take a content, and the content as it travels; none without the key.
    /// </summary>
    internal (Bytes Mac, Bytes Content)? Write(CardRegistration card, CardField field, ushort version, Bytes content)
    {
        using var key = Find(card);
        if (key is null) return null;
        var codes = new FieldCodes(key, card.Card, field.Id);
        if (field.Definition == default) return (codes.Write(version, content).Mac, content);
        var define = codes.Define(version, field.Definition, content, field.IsPrivate);
        return (define.Mac, define.Content);
    }

    /// <summary>What the card itself says over that nonce, in clear; null where it is not the card that says it.</summary>
    internal StoredField? Open(CardRegistration card, CommandApdu read, ResponseApdu answer)
    {
        using var key = Find(card);
        return key is null
            ? null
            : new FieldCodes(key, card.Card, read.P2).Open(
                answer.Data.Read<StoredField>(), read.Data, read.P1 == StoreCommands.Secured);
    }

    private SecretKey? Find(CardRegistration card) => find(card.KeyVersion) is { } master
        ? CardKeys.Diversify(master.Store, card.Card, StoreCommands.Aid)
        : null;
}
