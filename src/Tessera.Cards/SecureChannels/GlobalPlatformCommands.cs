using Tessera.Wire;

namespace Tessera.Cards.SecureChannels;

/// <summary>
/// The commands of a security domain that personalisation needs (GlobalPlatform Card Specification §11, Amendment D §7),
/// plain: a session wraps them.
/// </summary>
public static class GlobalPlatformCommands
{
    /// <summary>Of the issuer security domain where nothing else was chosen.</summary>
    public static readonly Bytes IssuerDomain = Bytes.FromHex("A000000151000000");

    /// <summary>Keys there are in a version: for ciphering, for codes, for keys.</summary>
    public const int KeysOfVersion = 3;

    private const byte Cla = 0x80;
    private const byte AllKeysFromFirst = 0x81;
    private const byte LastBlock = 0x80;
    private const byte TaggedAnswer = 0x02;
    private const byte ForPersonalisation = 0x20;
    private const ushort VersionTag = 0xD2;
    private const ushort AidTag = 0x4F;

    public static CommandApdu Select(Bytes aid) => new(0x00, 0xA4, 0x04, 0x00, aid, Le: 256);

    /// <param name="keyVersion">00 for the one that the card takes first.</param>
    /// <param name="hostChallenge">8 octets that nobody could foresee.</param>
    public static CommandApdu InitializeUpdate(byte keyVersion, Bytes hostChallenge) =>
        hostChallenge.Length == Scp03Session.ChallengeLength
            ? new(Cla, 0x50, keyVersion, 0x00, hostChallenge, Le: 256)
            : throw new ArgumentException(
                $"A challenge has {Scp03Session.ChallengeLength} octets.", nameof(hostChallenge));

    /// <summary>EXTERNAL AUTHENTICATE, still without the code that it always carries.</summary>
    internal static CommandApdu ExternalAuthenticate(SecurityLevel level, Bytes hostCryptogram) =>
        new(Cla | 0x04, 0x82, (byte)level, 0x00, hostCryptogram);

    /// <summary>PUT KEY: a new key version, in the place of <paramref name="replaced"/> or beside all others.</summary>
    /// <param name="replaced">The version that it takes the place of; 00 for none.</param>
    /// <param name="version">01 to 7F.</param>
    /// <param name="keys">The new keys; they stay the caller's.</param>
    /// <param name="dataEncryption">The K-DEK that the session was opened with.</param>
    public static CommandApdu PutKeys(byte replaced, byte version, Scp03Keys keys, SecretKey dataEncryption)
    {
        ArgumentOutOfRangeException.ThrowIfZero(version);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(version, 0x7F);
        return new CommandApdu(Cla, 0xD8, replaced, AllKeysFromFirst, Bytes.Of(output =>
        {
            var writer = new ByteWriter(output);
            writer.WriteByte(version);
            foreach (var key in (SecretKey[])[keys.Encryption, keys.Mac, keys.DataEncryption])
                EncryptedKey.Of(key, dataEncryption).Write(writer);
        }), Le: 256);
    }

    /// <summary>What a card says when it took the keys: the version and the check value of each.</summary>
    public static Bytes PutKeysAnswer(byte version, Scp03Keys keys) => new((byte[])
    [
        version, .. KeyCheckValue.Of(keys.Encryption).Span, .. KeyCheckValue.Of(keys.Mac).Span,
        .. KeyCheckValue.Of(keys.DataEncryption).Span,
    ]);

    /// <summary>STORE DATA, one block of it.</summary>
    /// <param name="number">Of the block, from 0.</param>
    /// <param name="isLast">No other follows.</param>
    /// <param name="data">Whole data objects of that form.</param>
    public static CommandApdu StoreData(byte number, bool isLast, StoreDataForm form, Bytes data) =>
        new(Cla, 0xE2, (byte)((isLast ? LastBlock : 0) | (byte)form), number, data);

    /// <summary>INSTALL [for personalization]: the STORE DATA that follow are for an application.</summary>
    public static CommandApdu InstallForPersonalisation(Bytes aid) =>
        new(Cla, 0xE6, ForPersonalisation, 0x00, new Bytes((byte[])[0, 0, (byte)aid.Length, .. aid.Span, 0, 0, 0]), 256);

    /// <summary>GET STATUS: see <see cref="RegistryEntry.ReadList"/>.</summary>
    /// <param name="prefix">What the identifiers begin with; empty for all.</param>
    public static CommandApdu GetStatus(RegistryKind kind, Bytes prefix) => new(
        Cla, 0xF2, (byte)kind, TaggedAnswer, Bytes.Of(output => Tlv.Write(new ByteWriter(output), AidTag, prefix.Span)),
        Le: 256);

    /// <summary>DELETE of a key version.</summary>
    public static CommandApdu DeleteKeys(byte version) => new(
        Cla, 0xE4, 0x00, 0x00, Bytes.Of(output => Tlv.Write(new ByteWriter(output), VersionTag, [version])), Le: 256);

    /// <summary>DELETE of an application.</summary>
    public static CommandApdu DeleteApplication(Bytes aid) => new(
        Cla, 0xE4, 0x00, 0x00, Bytes.Of(output => Tlv.Write(new ByteWriter(output), AidTag, aid.Span)), Le: 256);

    /// <summary>SET STATUS of the card (§11.10).</summary>
    public static CommandApdu SetStatus(CardLifeCycle state) =>
        new(Cla, 0xF0, (byte)RegistryKind.IssuerDomain, (byte)state);

    /// <summary>GET DATA of one object.</summary>
    public static CommandApdu GetData(ushort tag) => new(Cla, 0xCA, (byte)(tag >> 8), (byte)tag, Le: 256);
}

/// <summary>How the data of STORE DATA are laid out (GlobalPlatform Card Specification §11.11).</summary>
public enum StoreDataForm : byte
{
    /// <summary>As the application understands them.</summary>
    Unspecified = 0x00,

    /// <summary>Groups of identifier (2), length (1, or FF and 2) and data.</summary>
    Groups = 0x08,

    /// <summary>BER-TLV.</summary>
    Tlv = 0x10,
}

/// <summary>What GET STATUS lists (GlobalPlatform Card Specification §11.4).</summary>
public enum RegistryKind : byte
{
    IssuerDomain = 0x80,
    Applications = 0x40,
}
