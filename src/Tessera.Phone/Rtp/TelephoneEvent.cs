using Tessera.Wire;

namespace Tessera.Phone.Rtp;

/// <summary>The payload of a telephone event (RFC 4733 §2.3).</summary>
/// <remarks><code>event(1) | E R volume(6 bits) | duration(2)</code></remarks>
/// <param name="Event">0 to 9, 10 and 11 for * and #, 12 to 15 for A to D; others are no keys.</param>
/// <param name="End">The last packet of the event, sent three times.</param>
/// <param name="Volume">Of the tone it stands for, in dB below 0 dBm0.</param>
/// <param name="Duration">So far, in samples.</param>
public readonly record struct TelephoneEvent(byte Event, bool End, byte Volume, ushort Duration)
    : IWireFormat<TelephoneEvent>
{
    public const int Length = 4;
    public const byte MaxVolume = 63;

    private const string Keys = "0123456789*#ABCD";
    private const byte EndBit = 0x80;

    /// <summary>The key it tells of; null where it is no key.</summary>
    public char? Key => Event < Keys.Length ? Keys[Event] : null;

    /// <summary>The code of a key.</summary>
    /// <exception cref="ArgumentException">No telephone has that key.</exception>
    public static byte CodeOf(char key)
    {
        var code = Keys.IndexOf(key, StringComparison.Ordinal);
        return code >= 0 ? (byte)code : throw new ArgumentException($"No telephone has a key '{key}'.", nameof(key));
    }

    public static TelephoneEvent Read(ref ByteReader reader)
    {
        var code = reader.ReadByte("event");
        var volume = reader.ReadByte("volume");
        // The bit between them is reserved: a receiver passes over it.
        return new TelephoneEvent(
            code, (volume & EndBit) != 0, (byte)(volume & MaxVolume), reader.ReadUInt16("duration"));
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteByte(Event);
        writer.WriteByte((byte)((End ? EndBit : 0) | Volume));
        writer.WriteUInt16(Duration);
    }
}
