using Tessera.Wire;

namespace Tessera.Sms.Messages;

/// <summary>How user data is to be read (3GPP TS 23.038 §4).</summary>
public enum Alphabet
{
    /// <summary>Septets of the GSM default alphabet.</summary>
    Gsm7,

    /// <summary>Octets that are not text.</summary>
    Octets,

    Ucs2,
}

/// <summary>TP-DCS: alphabet, class and message waiting (3GPP TS 23.038 §4).</summary>
/// <remarks>
/// <code>
/// 0 d c m aa kk   d delete when read, c compressed, m class is meant, aa alphabet, kk class
/// 1100 s 0 tt     message waiting, discard, 7-bit; 1101 store, 7-bit; 1110 store, UCS2
/// 1111 0 a kk     a 8-bit, kk class
/// </code>
/// What is reserved reads as the GSM default alphabet without a class.
/// </remarks>
public readonly record struct DataCodingScheme(byte Octet) : IWireFormat<DataCodingScheme>
{
    public static DataCodingScheme Gsm7 => new(0x00);

    public static DataCodingScheme Octets => new(0x04);

    public static DataCodingScheme Ucs2 => new(0x08);

    /// <summary>8-bit data of class 2: for the card.</summary>
    public static DataCodingScheme SimDownload => new(0xF6);

    public bool IsCompressed => IsGeneral && (Octet & 0x20) != 0;

    public Alphabet Alphabet => Octet switch
    {
        <= 0x7F when IsCompressed => Alphabet.Octets,
        <= 0x7F => (Octet & 0b1100) switch
        {
            0b0100 => Alphabet.Octets,
            0b1000 => Alphabet.Ucs2,
            _ => Alphabet.Gsm7,
        },
        >= 0xE0 and <= 0xEF => Alphabet.Ucs2,
        >= 0xF0 when (Octet & 0b0100) != 0 => Alphabet.Octets,
        _ => Alphabet.Gsm7,
    };

    /// <summary>0 shown at once, 1 for the equipment, 2 the card, 3 what is attached; null where none.</summary>
    public int? Class => (IsGeneral && (Octet & 0x10) != 0) || Octet >= 0xF0 ? Octet & 0b11 : null;

    /// <summary>The message tells of another that waits, by its icon; it need not be kept itself.</summary>
    public bool IsWaitingIndication => Octet is >= 0xC0 and <= 0xEF;

    private bool IsGeneral => Octet <= 0x7F;

    /// <summary>The general group, with or without a class.</summary>
    public static DataCodingScheme Of(Alphabet alphabet, int? messageClass = null)
    {
        if (messageClass is { } given)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(given, nameof(messageClass));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(given, 3, nameof(messageClass));
        }

        return new DataCodingScheme((byte)(((int)alphabet << 2) | (messageClass is { } kind ? 0x10 | kind : 0)));
    }

    public static DataCodingScheme Read(ref ByteReader reader) => new(reader.ReadByte("TP-DCS"));

    public void Write(ByteWriter writer) => writer.WriteByte(Octet);

    public override string ToString() => Octet.ToString("X2", null);
}
