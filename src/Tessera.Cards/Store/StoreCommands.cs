using Tessera.Wire;

namespace Tessera.Cards.Store;

/// <summary>
/// The command APDUs of the data store applet (docs/protocols/store.md §3), used over channels and in scripts alike.
/// </summary>
public static class StoreCommands
{
    public const int MaxFields = 16;
    public const int MaxContent = 128;

    /// <summary>P1 of READ, WRITE and DEFINE with a ciphered content.</summary>
    public const byte Secured = 0x01;

    /// <summary>
    /// F0 "TESSERA" 02: an unregistered application identifier (ISO/IEC 7816-4 §8.2.1.2, category F).
    /// </summary>
    public static readonly Bytes Aid = Bytes.FromHex("F05445535345524102");

    public static CommandApdu Select { get; } = new(0x00, 0xA4, 0x04, 0x00, Aid, Le: 256);

    /// <summary>The fields that are there: see <see cref="FieldVersion.ReadList"/>.</summary>
    public static CommandApdu List { get; } = new(0x80, 0x60, 0x00, 0x00, Le: 256);

    /// <summary>The fields that are there and what they are: see <see cref="DefinedField.ReadList"/>.</summary>
    public static CommandApdu ListDefinitions { get; } = new(0x80, 0x60, 0x01, 0x00, Le: 256);

    /// <summary>A field and its code over <paramref name="nonce"/>: see <see cref="StoredField"/>.</summary>
    /// <param name="isSecured">The content is to come ciphered.</param>
    /// <exception cref="ArgumentException">Field 0, or a nonce that has not 8 octets.</exception>
    public static CommandApdu Read(byte field, Bytes nonce, bool isSecured = false)
    {
        ArgumentOutOfRangeException.ThrowIfZero(field);
        if (nonce.Length != StoreMac.NonceLength)
            throw new ArgumentException($"A nonce has {StoreMac.NonceLength} octets.", nameof(nonce));
        return new CommandApdu(0x80, 0x62, Form(isSecured), field, nonce, Le: 256);
    }

    /// <param name="isSecured">Its content is ciphered.</param>
    /// <exception cref="ArgumentException">Field 0.</exception>
    public static CommandApdu Write(byte field, FieldWrite write, bool isSecured = false)
    {
        ArgumentOutOfRangeException.ThrowIfZero(field);
        return new CommandApdu(0x80, 0x64, Form(isSecured), field, Bytes.Of(write));
    }

    /// <param name="isSecured">Its content is ciphered.</param>
    /// <exception cref="ArgumentException">Field 0.</exception>
    public static CommandApdu Define(byte field, FieldDefine define, bool isSecured = false)
    {
        ArgumentOutOfRangeException.ThrowIfZero(field);
        return new CommandApdu(0x80, 0x66, Form(isSecured), field, Bytes.Of(define));
    }

    private static byte Form(bool isSecured) => isSecured ? Secured : (byte)0;
}
