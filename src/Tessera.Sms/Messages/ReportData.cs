using Tessera.Wire;

namespace Tessera.Sms.Messages;

/// <summary>What a report may carry: TP-PI and the fields it names (3GPP TS 23.040 §9.2.3.27).</summary>
/// <remarks>
/// <code>
/// TP-PI   1   b3 user data, b2 TP-DCS, b1 TP-PID
/// [TP-PID 1]   [TP-DCS 1]   [TP-UDL 1, TP-UD]
/// </code>
/// </remarks>
internal readonly record struct ReportData(ProtocolIdentifier? Protocol, DataCodingScheme? Coding, UserData? UserData)
{
    private const byte ProtocolBit = 0x01;
    private const byte CodingBit = 0x02;
    private const byte UserDataBit = 0x04;
    private const byte Extension = 0x80;

    private byte Indicator => (byte)((Protocol is null ? 0 : ProtocolBit) | (Coding is null ? 0 : CodingBit)
        | (UserData is null ? 0 : UserDataBit));

    private Alphabet Alphabet => (Coding ?? DataCodingScheme.Gsm7).Alphabet;

    public static ReportData Read(
        ref ByteReader reader, byte indicator, int at, bool hasHeader, int maxOctets)
    {
        if ((indicator & Extension) != 0) throw new WireFormatException("TP-PI", at, "an extension is not used here");

        ProtocolIdentifier? protocol =
            (indicator & ProtocolBit) != 0 ? ProtocolIdentifier.Read(ref reader) : null;
        DataCodingScheme? coding = (indicator & CodingBit) != 0 ? DataCodingScheme.Read(ref reader) : null;
        var alphabet = (coding ?? DataCodingScheme.Gsm7).Alphabet;
        return new ReportData(
            protocol, coding,
            (indicator & UserDataBit) != 0 ? UserData.Read(ref reader, hasHeader, alphabet, maxOctets) : null);
    }

    public void WriteIndicator(ByteWriter writer) => writer.WriteByte(Indicator);

    public void Write(ByteWriter writer, int maxOctets)
    {
        Protocol?.Write(writer);
        Coding?.Write(writer);
        UserData?.Write(writer, Alphabet, maxOctets);
    }
}
