using Tessera.Wire;

namespace Tessera.Cards.Store;

/// <summary>
/// The command APDUs of the data store applet (docs/protocols/store.md §3), used over channels and in scripts alike.
/// </summary>
public static class StoreCommands
{
    public const int MaxFields = 16;
    public const int MaxContent = 128;

    /// <summary>
    /// F0 "TESSERA" 02: an unregistered application identifier (ISO/IEC 7816-4 §8.2.1.2, category F).
    /// </summary>
    public static readonly Bytes Aid = Bytes.FromHex("F05445535345524102");

    public static CommandApdu Select { get; } = new(0x00, 0xA4, 0x04, 0x00, Aid, Le: 256);

    /// <summary>The fields that are there: see <see cref="FieldVersion.ReadList"/>.</summary>
    public static CommandApdu List { get; } = new(0x80, 0x60, 0x00, 0x00, Le: 256);

    /// <summary>A field and its code over <paramref name="nonce"/>: see <see cref="StoredField"/>.</summary>
    /// <exception cref="ArgumentException">Field 0, or a nonce that has not 8 octets.</exception>
    public static CommandApdu Read(byte field, Bytes nonce)
    {
        ArgumentOutOfRangeException.ThrowIfZero(field);
        if (nonce.Length != StoreMac.NonceLength)
            throw new ArgumentException($"A nonce has {StoreMac.NonceLength} octets.", nameof(nonce));
        return new CommandApdu(0x80, 0x62, 0x00, field, nonce, Le: 256);
    }

    /// <exception cref="ArgumentException">Field 0.</exception>
    public static CommandApdu Write(byte field, FieldWrite write)
    {
        ArgumentOutOfRangeException.ThrowIfZero(field);
        return new CommandApdu(0x80, 0x64, 0x00, field, Bytes.Of(write));
    }
}
