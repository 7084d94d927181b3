using Tessera.Wire;

namespace Tessera.Sms.Messages;

/// <summary>SMS-SUBMIT: a message on its way from the mobile (3GPP TS 23.040 §9.2.2.2).</summary>
/// <remarks>
/// <code>
/// first   1   b8 reply path, b7 header, b6 status report, b5 b4 validity format, b3 reject duplicates, b2 b1 01
/// TP-MR   1   TP-DA 2..12   TP-PID 1   TP-DCS 1   TP-VP 0, 1 or 7   TP-UDL 1   TP-UD
/// </code>
/// </remarks>
public sealed record SmsSubmit(
    byte Reference, Address Destination, ProtocolIdentifier Protocol, DataCodingScheme Coding, UserData UserData)
    : Tpdu, IWireFormat<SmsSubmit>
{
    private const byte Type = 1;
    private const byte RejectDuplicatesBit = 0x04;
    private const int ValidityShift = 3;

    public ValidityPeriod Validity { get; init; }

    public bool RejectDuplicates { get; init; }

    /// <summary>The sender asks for a status report.</summary>
    public bool StatusReport { get; init; }

    public bool ReplyPath { get; init; }

    public static SmsSubmit Read(ref ByteReader reader)
    {
        var first = ReadFirst(ref reader, Type);
        var reference = reader.ReadByte("TP-MR");
        var destination = Address.Read(ref reader);
        var protocol = ProtocolIdentifier.Read(ref reader);
        var coding = DataCodingScheme.Read(ref reader);
        var validity = ValidityPeriod.Read(ref reader, (ValidityFormat)((first >> ValidityShift) & 0b11));
        return new SmsSubmit(
            reference, destination, protocol, coding,
            UserData.Read(ref reader, (first & HeaderIndicator) != 0, coding.Alphabet))
        {
            Validity = validity,
            RejectDuplicates = (first & RejectDuplicatesBit) != 0,
            StatusReport = (first & StatusReportBit) != 0,
            ReplyPath = (first & ReplyPathBit) != 0,
        };
    }

    public override void Write(ByteWriter writer)
    {
        writer.WriteByte((byte)(Type | Flag(RejectDuplicates, RejectDuplicatesBit)
            | ((byte)Validity.Format << ValidityShift)
            | Flag(StatusReport, StatusReportBit) | HeaderFlag(UserData) | Flag(ReplyPath, ReplyPathBit)));
        writer.WriteByte(Reference);
        Destination.Write(writer);
        Protocol.Write(writer);
        Coding.Write(writer);
        Validity.Write(writer);
        UserData.Write(writer, Coding.Alphabet);
    }
}
