using Tessera.Wire;

namespace Tessera.Sms.Messages;

/// <summary>SMS-DELIVER: a message on its way to the mobile (3GPP TS 23.040 §9.2.2.1).</summary>
/// <remarks>
/// <code>
/// first   1   b8 reply path, b7 header, b6 status report, b4 loop prevention, b3 no more messages, b2 b1 00
/// TP-OA   2..12   TP-PID 1   TP-DCS 1   TP-SCTS 7   TP-UDL 1   TP-UD
/// </code>
/// </remarks>
public sealed record SmsDeliver(
    Address Originator,
    ProtocolIdentifier Protocol,
    DataCodingScheme Coding,
    TimeStamp ServiceCentreTime,
    UserData UserData)
    : Tpdu, IWireFormat<SmsDeliver>
{
    private const byte NoMoreBit = 0x04;
    private const byte LoopPreventionBit = 0x08;

    /// <summary>More wait at the service centre.</summary>
    public bool MoreMessages { get; init; }

    public bool LoopPrevention { get; init; }

    /// <summary>The sender asked for a status report.</summary>
    public bool StatusReport { get; init; }

    public bool ReplyPath { get; init; }

    /// <summary>For the card: a terminal hands it over by ENVELOPE (3GPP TS 31.111 §7.1.1).</summary>
    public bool IsForCard => Protocol == ProtocolIdentifier.SimDownload && Coding.Class == 2;

    public static SmsDeliver Read(ref ByteReader reader)
    {
        var first = ReadFirst(ref reader, 0);
        var originator = Address.Read(ref reader);
        var protocol = ProtocolIdentifier.Read(ref reader);
        var coding = DataCodingScheme.Read(ref reader);
        return new SmsDeliver(
            originator, protocol, coding, TimeStamp.Read(ref reader, "TP-SCTS"),
            UserData.Read(ref reader, (first & HeaderIndicator) != 0, coding.Alphabet))
        {
            MoreMessages = (first & NoMoreBit) == 0,
            LoopPrevention = (first & LoopPreventionBit) != 0,
            StatusReport = (first & StatusReportBit) != 0,
            ReplyPath = (first & ReplyPathBit) != 0,
        };
    }

    public override void Write(ByteWriter writer)
    {
        writer.WriteByte((byte)(Flag(!MoreMessages, NoMoreBit) | Flag(LoopPrevention, LoopPreventionBit)
            | Flag(StatusReport, StatusReportBit) | HeaderFlag(UserData) | Flag(ReplyPath, ReplyPathBit)));
        Originator.Write(writer);
        Protocol.Write(writer);
        Coding.Write(writer);
        ServiceCentreTime.Write(writer);
        UserData.Write(writer, Coding.Alphabet);
    }
}
