using Tessera.Sms.Messages;
using Tessera.Wire;

namespace Tessera.Lab.Phones.Messages;

/// <summary>A record of EF.SMS (3GPP TS 51.011 §10.5.3).</summary>
/// <remarks>
/// <code>
/// status           1    b1 used; 01 read, 03 to be read
/// service centre   1..  length in octets, type, digits
/// TPDU             ..   padded with FF
/// </code>
/// </remarks>
internal sealed record SmsRecord(SmsDeliver Message, bool IsRead)
{
    private const byte Used = 0x01;
    private const byte Unread = 0x03;
    private const byte Read01 = 0x01;
    private const byte Padding = 0xFF;

    public static bool IsFree(ReadOnlySpan<byte> record) => record.Length > 0 && (record[0] & Used) == 0;

    /// <summary>Null for a record that is free, or holds no message to the phone.</summary>
    public static SmsRecord? Read(ReadOnlySpan<byte> record)
    {
        if (record.Length == 0 || (record[0] & 0x07) is not (Read01 or Unread)) return null;
        try
        {
            var reader = new ByteReader(record[1..]);
            reader.ReadOctets(reader.ReadByte("service centre length"), "service centre");
            return new SmsRecord(SmsDeliver.Read(ref reader), (record[0] & 0x07) == Read01);
        }
        catch (WireFormatException)
        {
            return null;
        }
    }

    /// <summary>A message that came and is not read yet.</summary>
    /// <param name="length">Of the record.</param>
    /// <param name="serviceCentre">Type and digits; empty for none.</param>
    public static Bytes Write(Bytes message, Bytes serviceCentre, int length)
    {
        var record = new byte[length];
        record.AsSpan().Fill(Padding);
        record[0] = Unread;
        record[1] = (byte)serviceCentre.Length;
        serviceCentre.Span.CopyTo(record.AsSpan(2));
        message.Span.CopyTo(record.AsSpan(2 + serviceCentre.Length));
        return new Bytes(record);
    }

    /// <summary>Whether a message fits a record of that length.</summary>
    public static bool Fits(Bytes message, Bytes serviceCentre, int length) =>
        2 + serviceCentre.Length + message.Length <= length;

    /// <summary>The same message, read.</summary>
    public static Bytes MarkedRead(Bytes record) => new((byte[])[Read01, .. record.Span[1..]]);

    public static Bytes Free(int length)
    {
        var record = new byte[length];
        record.AsSpan(1).Fill(Padding);
        return new Bytes(record);
    }
}
