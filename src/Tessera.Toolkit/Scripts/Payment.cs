using System.Text;
using Tessera.Wire;

namespace Tessera.Toolkit.Scripts;

/// <summary>A debit that a terminal rendered and its holder confirmed (docs/protocols/script.md §5, tag CF).</summary>
/// <remarks><code>method 1 | currency 2 | amount 4 | item, UTF-8</code></remarks>
/// <param name="Currency">ISO 4217 digits, BCD: 0978 is the euro.</param>
/// <param name="Amount">In minor units.</param>
/// <param name="Item">What is paid for, as the holder saw it.</param>
public sealed record Payment(PaymentMethod Method, ushort Currency, uint Amount, string Item) : IWireFormat<Payment>
{
    public static Payment Read(ref ByteReader reader)
    {
        var method = (PaymentMethod)reader.ReadByte("method");
        if (!Enum.IsDefined(method)) throw new WireFormatException("method", 0, $"{(byte)method:X2} is not used here");
        return new Payment(
            method,
            reader.ReadUInt16("currency"),
            reader.ReadUInt32("amount"),
            Encoding.UTF8.GetString(reader.ReadRest()));
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteByte((byte)Method);
        writer.WriteUInt16(Currency);
        writer.WriteUInt32(Amount);
        writer.WriteOctets(Encoding.UTF8.GetBytes(Item));
    }
}

/// <summary>How a payment was confirmed.</summary>
public enum PaymentMethod : byte
{
    Pin = 0x01,
    Key = 0x02,

    /// <summary>Compared on the card.</summary>
    Finger = 0x03,
}
