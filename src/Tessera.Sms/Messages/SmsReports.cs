using Tessera.Wire;

namespace Tessera.Sms.Messages;

/// <summary>SMS-DELIVER-REPORT: what the mobile says to a message (3GPP TS 23.040 §9.2.2.1a).</summary>
/// <remarks>
/// <code>
/// first   1   b7 header, b2 b1 00
/// TP-FCS  1   where it was not taken: 80 to FF, which no TP-PI is
/// TP-PI   1   [TP-PID 1]   [TP-DCS 1]   [TP-UDL 1, TP-UD]
/// </code>
/// </remarks>
/// <param name="Failure">Null where it was taken: the report goes in RP-ACK, else in RP-ERROR.</param>
public sealed record SmsDeliverReport(
    FailureCause? Failure = null,
    ProtocolIdentifier? Protocol = null,
    DataCodingScheme? Coding = null,
    UserData? UserData = null)
    : Tpdu, IWireFormat<SmsDeliverReport>
{
    private const int MaxOctets = 159;

    public static SmsDeliverReport Read(ref ByteReader reader)
    {
        var first = ReadFirst(ref reader, 0);
        var failure = ReadFailure(ref reader, out var indicator, out var at);
        var data = ReportData.Read(ref reader, indicator, at, (first & HeaderIndicator) != 0, Room(failure));
        return new SmsDeliverReport(failure, data.Protocol, data.Coding, data.UserData);
    }

    public override void Write(ByteWriter writer)
    {
        writer.WriteByte(HeaderFlag(UserData));
        if (Failure is { } failure) writer.WriteByte((byte)failure);
        var data = new ReportData(Protocol, Coding, UserData);
        data.WriteIndicator(writer);
        data.Write(writer, Room(Failure));
    }

    internal static FailureCause? ReadFailure(ref ByteReader reader, out byte indicator, out int at)
    {
        at = reader.Offset;
        indicator = reader.ReadByte("TP-FCS or TP-PI");
        if (indicator < 0x80) return null;

        var failure = (FailureCause)indicator;
        at = reader.Offset;
        indicator = reader.ReadByte("TP-PI");
        return failure;
    }

    private static int Room(FailureCause? failure) => failure is null ? MaxOctets : MaxOctets - 1;
}

/// <summary>SMS-SUBMIT-REPORT: what the service centre says to a message (3GPP TS 23.040 §9.2.2.2a).</summary>
/// <remarks>
/// <code>
/// first   1   b7 header, b2 b1 01
/// TP-FCS  1   where it was not taken: 80 to FF, which no TP-PI is
/// TP-PI   1   TP-SCTS 7   [TP-PID 1]   [TP-DCS 1]   [TP-UDL 1, TP-UD]
/// </code>
/// </remarks>
/// <param name="Failure">Null where it was taken: the report goes in RP-ACK, else in RP-ERROR.</param>
public sealed record SmsSubmitReport(
    TimeStamp ServiceCentreTime,
    FailureCause? Failure = null,
    ProtocolIdentifier? Protocol = null,
    DataCodingScheme? Coding = null,
    UserData? UserData = null)
    : Tpdu, IWireFormat<SmsSubmitReport>
{
    private const byte Type = 1;
    private const int MaxOctets = 152;

    public static SmsSubmitReport Read(ref ByteReader reader)
    {
        var first = ReadFirst(ref reader, Type);
        var failure = SmsDeliverReport.ReadFailure(ref reader, out var indicator, out var at);
        var time = TimeStamp.Read(ref reader, "TP-SCTS");
        var data = ReportData.Read(ref reader, indicator, at, (first & HeaderIndicator) != 0, Room(failure));
        return new SmsSubmitReport(time, failure, data.Protocol, data.Coding, data.UserData);
    }

    public override void Write(ByteWriter writer)
    {
        writer.WriteByte((byte)(Type | HeaderFlag(UserData)));
        if (Failure is { } failure) writer.WriteByte((byte)failure);
        var data = new ReportData(Protocol, Coding, UserData);
        data.WriteIndicator(writer);
        ServiceCentreTime.Write(writer);
        data.Write(writer, Room(Failure));
    }

    private static int Room(FailureCause? failure) => failure is null ? MaxOctets : MaxOctets - 1;
}

/// <summary>SMS-STATUS-REPORT: what became of a message, told to its sender (3GPP TS 23.040 §9.2.2.3).</summary>
/// <remarks>
/// <code>
/// first   1   b7 header, b6 of a command, b4 loop prevention, b3 no more messages, b2 b1 10
/// TP-MR   1   TP-RA 2..12   TP-SCTS 7   TP-DT 7   TP-ST 1
/// [TP-PI  1   [TP-PID 1]   [TP-DCS 1]   [TP-UDL 1, TP-UD]]
/// </code>
/// </remarks>
/// <param name="ServiceCentreTime">When the message was taken.</param>
/// <param name="DischargeTime">When what the status says came to be.</param>
/// <param name="Status">00 to 1F done, 20 to 3F tried still, 40 to 7F given up.</param>
public sealed record SmsStatusReport(
    byte Reference, Address Recipient, TimeStamp ServiceCentreTime, TimeStamp DischargeTime, byte Status)
    : Tpdu, IWireFormat<SmsStatusReport>
{
    private const byte Type = 2;
    private const byte NoMoreBit = 0x04;
    private const byte LoopPreventionBit = 0x08;
    private const int MaxOctets = 131;

    /// <summary>More wait at the service centre.</summary>
    public bool MoreMessages { get; init; }

    public bool LoopPrevention { get; init; }

    /// <summary>It tells of an SMS-COMMAND, not of an SMS-SUBMIT.</summary>
    public bool OfCommand { get; init; }

    public ProtocolIdentifier? Protocol { get; init; }

    public DataCodingScheme? Coding { get; init; }

    public UserData? UserData { get; init; }

    public static SmsStatusReport Read(ref ByteReader reader)
    {
        var first = ReadFirst(ref reader, Type);
        var report = new SmsStatusReport(
            reader.ReadByte("TP-MR"), Address.Read(ref reader), TimeStamp.Read(ref reader, "TP-SCTS"),
            TimeStamp.Read(ref reader, "TP-DT"), reader.ReadByte("TP-ST"))
        {
            MoreMessages = (first & NoMoreBit) == 0,
            LoopPrevention = (first & LoopPreventionBit) != 0,
            OfCommand = (first & StatusReportBit) != 0,
        };
        if (reader.Remaining == 0) return report;

        var at = reader.Offset;
        var indicator = reader.ReadByte("TP-PI");
        var data = ReportData.Read(ref reader, indicator, at, (first & HeaderIndicator) != 0, MaxOctets);
        return report with { Protocol = data.Protocol, Coding = data.Coding, UserData = data.UserData };
    }

    public override void Write(ByteWriter writer)
    {
        writer.WriteByte((byte)(Type | Flag(!MoreMessages, NoMoreBit) | Flag(LoopPrevention, LoopPreventionBit)
            | Flag(OfCommand, StatusReportBit) | HeaderFlag(UserData)));
        writer.WriteByte(Reference);
        Recipient.Write(writer);
        ServiceCentreTime.Write(writer);
        DischargeTime.Write(writer);
        writer.WriteByte(Status);
        var data = new ReportData(Protocol, Coding, UserData);
        if (data == default) return;
        data.WriteIndicator(writer);
        data.Write(writer, MaxOctets);
    }
}
