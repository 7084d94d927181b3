using Tessera.Wire;

namespace Tessera.Smpp;

/// <summary>A message with all its fields: what submit_sm (SMPP 3.4 §4.4.1) and deliver_sm (§4.6.1) share.</summary>
/// <remarks>
/// <code>
/// service_type              C-octet string, 6
/// source_addr_ton, _npi     1, 1
/// source_addr               C-octet string, 21
/// dest_addr_ton, _npi       1, 1
/// destination_addr          C-octet string, 21
/// esm_class                 1
/// protocol_id               1
/// priority_flag             1
/// schedule_delivery_time    C-octet string, 1 or 17
/// validity_period           C-octet string, 1 or 17
/// registered_delivery       1
/// replace_if_present_flag   1
/// data_coding               1
/// sm_default_msg_id         1
/// sm_length                 1
/// short_message             sm_length octets, 0..254
/// optional parameters
/// </code>
/// </remarks>
public abstract record ShortMessage<TResponse> : RequestPdu<TResponse> where TResponse : ResponsePdu
{
    private protected ShortMessage() { }

    private protected ShortMessage(ref ByteReader reader)
    {
        ServiceType = reader.ReadCString(6, "service_type");
        Source = SmppAddress.Read(ref reader, SmppAddress.MaxLength, "source_addr");
        Destination = SmppAddress.Read(ref reader, SmppAddress.MaxLength, "destination_addr");
        EsmClass = new EsmClass(reader.ReadByte("esm_class"));
        ProtocolId = reader.ReadByte("protocol_id");
        Priority = reader.ReadByte("priority_flag");
        ScheduleDeliveryTime = SmppTime.Read(ref reader, "schedule_delivery_time");
        ValidityPeriod = SmppTime.Read(ref reader, "validity_period");
        RegisteredDelivery = new RegisteredDelivery(reader.ReadByte("registered_delivery"));
        ReplaceIfPresent = reader.ReadByte("replace_if_present_flag");
        DataCoding = new DataCoding(reader.ReadByte("data_coding"));
        DefaultMessageId = reader.ReadByte("sm_default_msg_id");
        Text = reader.ReadBytes(reader.ReadByte("sm_length"), "short_message");
        Parameters = OptionalParameters.Read(ref reader);
        if (Text.Length > 0 && Parameters.Find(OptionalTag.MessagePayload) is not null)
            throw new WireFormatException(OptionalParameters.PayloadField, reader.Offset, "beside a short_message");
    }

    public string ServiceType { get; init; } = "";

    public SmppAddress Source { get; init; }

    public SmppAddress Destination { get; init; }

    public EsmClass EsmClass { get; init; }

    /// <summary>TP-PID of a GSM network: 7F for the SIM.</summary>
    public byte ProtocolId { get; init; }

    public byte Priority { get; init; }

    public SmppTime ScheduleDeliveryTime { get; init; }

    public SmppTime ValidityPeriod { get; init; }

    public RegisteredDelivery RegisteredDelivery { get; init; }

    public byte ReplaceIfPresent { get; init; }

    public DataCoding DataCoding { get; init; }

    public byte DefaultMessageId { get; init; }

    /// <summary>
    /// short_message, at most 254 octets: with a user data header in front if <see cref="EsmClass.Udhi"/> says so.
    /// </summary>
    public Bytes Text { get; init; }

    public OptionalParameters Parameters { get; init; }

    /// <summary>The octets of the message, whether they came in short_message or in message_payload.</summary>
    public Bytes Content => Parameters.Find(OptionalTag.MessagePayload) ?? Text;

    public ushort? UserMessageReference => Parameters.FindUInt16(OptionalTag.UserMessageReference);

    internal sealed override void WriteBody(ByteWriter writer)
    {
        writer.WriteCString(ServiceType, 6, "service_type");
        Source.Write(writer, SmppAddress.MaxLength, "source_addr");
        Destination.Write(writer, SmppAddress.MaxLength, "destination_addr");
        writer.WriteByte(EsmClass.Value);
        writer.WriteByte(ProtocolId);
        writer.WriteByte(Priority);
        ScheduleDeliveryTime.Write(writer);
        ValidityPeriod.Write(writer);
        writer.WriteByte(RegisteredDelivery.Value);
        writer.WriteByte(ReplaceIfPresent);
        writer.WriteByte(DataCoding.Value);
        writer.WriteByte(DefaultMessageId);
        writer.WriteShortMessage(Text);
        Parameters.Write(writer);
    }
}

/// <summary>Hands a message to the SMSC (SMPP 3.4 §4.4.1).</summary>
public sealed record SubmitSm : ShortMessage<SubmitSmResp>
{
    public SubmitSm() { }

    internal SubmitSm(ref ByteReader reader) : base(ref reader) { }

    public override CommandId Id => CommandId.SubmitSm;

    internal override SubmitSmResp Refused(CommandStatus status) => new(status);
}

/// <summary>Hands a message, or the receipt of one, to the ESME (SMPP 3.4 §4.6.1).</summary>
public sealed record DeliverSm : ShortMessage<DeliverSmResp>
{
    public DeliverSm() { }

    internal DeliverSm(ref ByteReader reader) : base(ref reader) { }

    public override CommandId Id => CommandId.DeliverSm;

    internal override DeliverSmResp Refused(CommandStatus status) => new(status);
}
