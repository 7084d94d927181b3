using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Wire;

namespace Tessera.Cards;

/// <summary>The issuer's master keys of one key version, one for each purpose; zeroed when disposed.</summary>
/// <param name="version">The key version the cards name when they are selected.</param>
/// <param name="purse">16 octets; owned from here on.</param>
/// <param name="store">16 octets; owned from here on.</param>
/// <param name="ota">16 octets; owned from here on.</param>
public sealed class MasterKeys(byte version, SecretKey purse, SecretKey store, SecretKey ota) : IDisposable
{
    public byte Version { get; } = version;

    public SecretKey Purse { get; } = purse;

    public SecretKey Store { get; } = store;

    /// <summary>Of the secured packets to and from SIMs.</summary>
    public SecretKey Ota { get; } = ota;

    public static MasterKeys Generate(byte version) =>
        new(version, SecretKey.Generate(), SecretKey.Generate(), SecretKey.Generate());

    public void Dispose()
    {
        Purse.Dispose();
        Store.Dispose();
        Ota.Dispose();
    }
}

/// <summary>
/// The keys of one card, from its issuer's (docs/protocols/purse.md §4, store.md §4); zeroed when disposed.
/// </summary>
/// <remarks>
/// <code>
/// key of an applet            = AN10922(master key of its purpose, card id 8 | AID 9)
/// master key of offline debits = KDF(master key of the purse, 54, AID of the purse 9)
/// </code>
/// </remarks>
public sealed class CardKeys : IDisposable
{
    private const byte OfflineConstant = 0x54;

    private CardKeys(SecretKey purse, SecretKey store, SecretKey offline) =>
        (Purse, Store, Offline) = (purse, store, offline);

    public SecretKey Purse { get; }

    public SecretKey Store { get; }

    /// <summary>By which the purse knows offline acceptors.</summary>
    public SecretKey Offline { get; }

    public static CardKeys Of(MasterKeys masters, CardId card)
    {
        using var offline = OfflineMaster(masters.Purse);
        return new CardKeys(
            Diversify(masters.Purse, card, PurseCommands.Aid),
            Diversify(masters.Store, card, StoreCommands.Aid),
            Diversify(offline, card, PurseCommands.Aid));
    }

    /// <summary>
    /// What an offline acceptor is given: it authorises offline debits of every card of that key version, and nothing
    /// else can be found from it. The caller disposes it.
    /// </summary>
    /// <param name="master">Of purses, 16 octets.</param>
    public static SecretKey OfflineMaster(SecretKey master) =>
        Kdf.DeriveKey(master, OfflineConstant, PurseCommands.Aid.Span);

    public void Dispose()
    {
        Purse.Dispose();
        Store.Dispose();
        Offline.Dispose();
    }

    /// <summary>The key of one applet of a card; the caller disposes it.</summary>
    /// <param name="master">The master key of that applet's purpose.</param>
    public static SecretKey Diversify(SecretKey master, CardId card, Bytes aid) =>
        An10922.Diversify(master, Bytes.Of(output =>
        {
            var writer = new ByteWriter(output);
            card.Write(writer);
            writer.WriteBytes(aid);
        }).Span);
}
