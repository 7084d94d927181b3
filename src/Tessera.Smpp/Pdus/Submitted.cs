using Tessera.Wire;

namespace Tessera.Smpp;

/// <summary>Asks where a submitted message stands (SMPP 3.4 §4.8.1).</summary>
/// <remarks>
/// <code>
/// message_id              C-octet string, 65
/// source_addr_ton, _npi   1, 1
/// source_addr             C-octet string, 21
/// </code>
/// </remarks>
public sealed record QuerySm(string MessageId, SmppAddress Source) : RequestPdu<QuerySmResp>
{
    public override CommandId Id => CommandId.QuerySm;

    internal override QuerySmResp Refused(CommandStatus status) => new(status, MessageId);

    internal static QuerySm Read(ref ByteReader reader) => new(
        reader.ReadCString(MessageResponse.MaxMessageId, "message_id"),
        SmppAddress.Read(ref reader, SmppAddress.MaxLength, "source_addr"));

    internal override void WriteBody(ByteWriter writer)
    {
        writer.WriteCString(MessageId, MessageResponse.MaxMessageId, "message_id");
        Source.Write(writer, SmppAddress.MaxLength, "source_addr");
    }
}

/// <summary>Where it stands (SMPP 3.4 §4.8.2). Of a refusal the body may be absent.</summary>
/// <remarks>
/// <code>
/// message_id      C-octet string, 65
/// final_date      C-octet string, 1 or 17
/// message_state   1
/// error_code      1
/// </code>
/// </remarks>
public sealed record QuerySmResp(CommandStatus Status, string MessageId) : ResponsePdu
{
    /// <summary>When the state became final; none while it is not.</summary>
    public SmppTime FinalDate { get; init; }

    public MessageState MessageState { get; init; }

    public byte ErrorCode { get; init; }

    public override CommandId Id => CommandId.QuerySmResp;

    internal static QuerySmResp Read(in PduFrame frame, ref ByteReader reader) =>
        frame.Status != CommandStatus.Ok && reader.Remaining == 0
            ? new QuerySmResp(frame.Status, "")
            : new QuerySmResp(frame.Status, reader.ReadCString(MessageResponse.MaxMessageId, "message_id"))
            {
                FinalDate = SmppTime.Read(ref reader, "final_date"),
                MessageState = (MessageState)reader.ReadByte("message_state"),
                ErrorCode = reader.ReadByte("error_code"),
            };

    internal override void WriteBody(ByteWriter writer)
    {
        if (Status != CommandStatus.Ok) return;

        writer.WriteCString(MessageId, MessageResponse.MaxMessageId, "message_id");
        FinalDate.Write(writer);
        writer.WriteByte((byte)MessageState);
        writer.WriteByte(ErrorCode);
    }
}

/// <summary>Takes back a submitted message, or all of an address where no id is given (SMPP 3.4 §4.9.1).</summary>
/// <remarks>
/// <code>
/// service_type            C-octet string, 6
/// message_id              C-octet string, 65
/// source_addr_ton, _npi   1, 1
/// source_addr             C-octet string, 21
/// dest_addr_ton, _npi     1, 1
/// destination_addr        C-octet string, 21
/// </code>
/// </remarks>
public sealed record CancelSm(string MessageId, SmppAddress Source, SmppAddress Destination) : RequestPdu<CancelSmResp>
{
    public string ServiceType { get; init; } = "";

    public override CommandId Id => CommandId.CancelSm;

    internal override CancelSmResp Refused(CommandStatus status) => new(status);

    internal static CancelSm Read(ref ByteReader reader)
    {
        var service = reader.ReadCString(6, "service_type");
        return new CancelSm(
            reader.ReadCString(MessageResponse.MaxMessageId, "message_id"),
            SmppAddress.Read(ref reader, SmppAddress.MaxLength, "source_addr"),
            SmppAddress.Read(ref reader, SmppAddress.MaxLength, "destination_addr"))
        {
            ServiceType = service,
        };
    }

    internal override void WriteBody(ByteWriter writer)
    {
        writer.WriteCString(ServiceType, 6, "service_type");
        writer.WriteCString(MessageId, MessageResponse.MaxMessageId, "message_id");
        Source.Write(writer, SmppAddress.MaxLength, "source_addr");
        Destination.Write(writer, SmppAddress.MaxLength, "destination_addr");
    }
}

/// <summary>Answers <see cref="CancelSm"/> (SMPP 3.4 §4.9.2).</summary>
public sealed record CancelSmResp(CommandStatus Status) : ResponsePdu
{
    public override CommandId Id => CommandId.CancelSmResp;

    internal override void WriteBody(ByteWriter writer) { }
}

/// <summary>Puts another text into a submitted message (SMPP 3.4 §4.10.1).</summary>
/// <remarks>
/// <code>
/// message_id               C-octet string, 65
/// source_addr_ton, _npi    1, 1
/// source_addr              C-octet string, 21
/// schedule_delivery_time   C-octet string, 1 or 17
/// validity_period          C-octet string, 1 or 17
/// registered_delivery      1
/// sm_default_msg_id        1
/// sm_length                1
/// short_message            sm_length octets, 0..254
/// </code>
/// </remarks>
public sealed record ReplaceSm(string MessageId, SmppAddress Source) : RequestPdu<ReplaceSmResp>
{
    public SmppTime ScheduleDeliveryTime { get; init; }

    public SmppTime ValidityPeriod { get; init; }

    public RegisteredDelivery RegisteredDelivery { get; init; }

    public byte DefaultMessageId { get; init; }

    public Bytes Text { get; init; }

    public override CommandId Id => CommandId.ReplaceSm;

    internal override ReplaceSmResp Refused(CommandStatus status) => new(status);

    internal static ReplaceSm Read(ref ByteReader reader) =>
        new(
            reader.ReadCString(MessageResponse.MaxMessageId, "message_id"),
            SmppAddress.Read(ref reader, SmppAddress.MaxLength, "source_addr"))
        {
            ScheduleDeliveryTime = SmppTime.Read(ref reader, "schedule_delivery_time"),
            ValidityPeriod = SmppTime.Read(ref reader, "validity_period"),
            RegisteredDelivery = new RegisteredDelivery(reader.ReadByte("registered_delivery")),
            DefaultMessageId = reader.ReadByte("sm_default_msg_id"),
            Text = reader.ReadBytes(reader.ReadByte("sm_length"), "short_message"),
        };

    internal override void WriteBody(ByteWriter writer)
    {
        writer.WriteCString(MessageId, MessageResponse.MaxMessageId, "message_id");
        Source.Write(writer, SmppAddress.MaxLength, "source_addr");
        ScheduleDeliveryTime.Write(writer);
        ValidityPeriod.Write(writer);
        writer.WriteByte(RegisteredDelivery.Value);
        writer.WriteByte(DefaultMessageId);
        writer.WriteShortMessage(Text);
    }
}

/// <summary>Answers <see cref="ReplaceSm"/> (SMPP 3.4 §4.10.2).</summary>
public sealed record ReplaceSmResp(CommandStatus Status) : ResponsePdu
{
    public override CommandId Id => CommandId.ReplaceSmResp;

    internal override void WriteBody(ByteWriter writer) { }
}
