using Tessera.Wire;

namespace Tessera.Sms.Messages;

/// <summary>TP-PID: what the message is for above SMS (3GPP TS 23.040 §9.2.3.9).</summary>
public readonly record struct ProtocolIdentifier(byte Octet) : IWireFormat<ProtocolIdentifier>
{
    /// <summary>A plain short message.</summary>
    public static ProtocolIdentifier Plain => new(0x00);

    /// <summary>Acknowledged and not shown.</summary>
    public static ProtocolIdentifier TypeZero => new(0x40);

    /// <summary>(U)SIM data download: with class 2, the terminal hands the message to the card.</summary>
    public static ProtocolIdentifier SimDownload => new(0x7F);

    public static ProtocolIdentifier Read(ref ByteReader reader) => new(reader.ReadByte("TP-PID"));

    public void Write(ByteWriter writer) => writer.WriteByte(Octet);

    public override string ToString() => Octet.ToString("X2", null);
}
