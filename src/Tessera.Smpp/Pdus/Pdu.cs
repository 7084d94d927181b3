using Tessera.Wire;

namespace Tessera.Smpp;

/// <summary>One message of the protocol (SMPP 3.4 §4), without the number that a session gives it.</summary>
public abstract record Pdu
{
    private protected Pdu() { }

    public abstract CommandId Id { get; }

    /// <summary>Of a response; <see cref="CommandStatus.Ok"/> in a request.</summary>
    public abstract CommandStatus Status { get; init; }

    /// <summary>Reads the body of a frame and copies what the result keeps.</summary>
    /// <exception cref="WireFormatException">
    /// The body is not one of this command; <see cref="RefusalOf"/> says how to answer.
    /// </exception>
    public static Pdu Read(in PduFrame frame)
    {
        var reader = new ByteReader(frame.Body.Span);
        var pdu = Read(frame, ref reader);
        reader.ReadEnd("body");
        return pdu;
    }

    internal abstract void WriteBody(ByteWriter writer);

    private static Pdu Read(in PduFrame frame, ref ByteReader reader) => frame.Id switch
    {
        CommandId.BindReceiver or CommandId.BindTransmitter or CommandId.BindTransceiver =>
            Bind.Read(frame.Id, ref reader),
        CommandId.BindReceiverResp or CommandId.BindTransmitterResp or CommandId.BindTransceiverResp =>
            BindResp.Read(frame, ref reader),
        CommandId.Outbind => Outbind.Read(ref reader),
        CommandId.Unbind => new Unbind(),
        CommandId.UnbindResp => new UnbindResp(frame.Status),
        CommandId.EnquireLink => new EnquireLink(),
        CommandId.EnquireLinkResp => new EnquireLinkResp(frame.Status),
        CommandId.GenericNack => new GenericNack(frame.Status),
        CommandId.SubmitSm => new SubmitSm(ref reader),
        CommandId.SubmitSmResp => new SubmitSmResp(frame.Status, ref reader),
        CommandId.DeliverSm => new DeliverSm(ref reader),
        CommandId.DeliverSmResp => new DeliverSmResp(frame.Status, ref reader),
        CommandId.DataSm => DataSm.Read(ref reader),
        CommandId.DataSmResp => new DataSmResp(frame.Status, ref reader),
        CommandId.AlertNotification => AlertNotification.Read(ref reader),
        CommandId.QuerySm => QuerySm.Read(ref reader),
        CommandId.QuerySmResp => QuerySmResp.Read(frame, ref reader),
        CommandId.CancelSm => CancelSm.Read(ref reader),
        CommandId.CancelSmResp => new CancelSmResp(frame.Status),
        CommandId.ReplaceSm => ReplaceSm.Read(ref reader),
        CommandId.ReplaceSmResp => new ReplaceSmResp(frame.Status),
        _ => new UnknownPdu(frame.Id, frame.Status, reader.ReadBytes(reader.Remaining, "body")),
    };

    /// <summary>How to answer a request whose body did not parse (SMPP 3.4 §5.1.3).</summary>
    public static CommandStatus RefusalOf(WireFormatException error) => error.Field switch
    {
        "system_id" => CommandStatus.InvalidSystemId,
        "password" => CommandStatus.InvalidPassword,
        "system_type" => CommandStatus.InvalidSystemType,
        "service_type" => CommandStatus.InvalidServiceType,
        "source_addr" => CommandStatus.InvalidSourceAddress,
        "destination_addr" => CommandStatus.InvalidDestinationAddress,
        "schedule_delivery_time" => CommandStatus.InvalidSchedule,
        "validity_period" => CommandStatus.InvalidExpiry,
        "message_id" => CommandStatus.InvalidMessageId,
        "short_message" => CommandStatus.InvalidMessageLength,
        OptionalParameters.Field => CommandStatus.InvalidOptionalParameterStream,
        OptionalParameters.LengthField => CommandStatus.InvalidParameterLength,
        OptionalParameters.PayloadField => CommandStatus.OptionalParameterNotAllowed,
        _ => CommandStatus.InvalidCommandLength,
    };
}

/// <summary>A PDU that asks or tells something.</summary>
public abstract record RequestPdu : Pdu
{
    private protected RequestPdu() { }

    public sealed override CommandStatus Status
    {
        get => CommandStatus.Ok;
        init { }
    }
}

/// <summary>A request that is answered by a <typeparamref name="TResponse"/>.</summary>
public abstract record RequestPdu<TResponse> : RequestPdu where TResponse : ResponsePdu
{
    private protected RequestPdu() { }

    /// <summary>The response that stands for a generic_nack, or for a refusal without a body.</summary>
    internal abstract TResponse Refused(CommandStatus status);
}

/// <summary>A PDU that answers a request.</summary>
public abstract record ResponsePdu : Pdu
{
    private protected ResponsePdu() { }

    /// <summary>Goes on if the peer said yes.</summary>
    /// <exception cref="CommandStatusException">The peer said no.</exception>
    public void EnsureSuccess()
    {
        if (Status != CommandStatus.Ok) throw new CommandStatusException(Id, Status);
    }
}
