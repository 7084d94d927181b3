using Tessera.Wire;

namespace Tessera.Smpp;

/// <summary>
/// Says what became of a message: submit_sm_resp, deliver_sm_resp, data_sm_resp (SMPP 3.4 §4.4.2, §4.6.2, §4.7.2).
/// </summary>
/// <remarks>
/// <code>
/// message_id            C-octet string, 65; empty in deliver_sm_resp
/// optional parameters
/// </code>
/// Of a refusal the body may be absent; of a deliver_sm_resp peers leave it out as well.
/// </remarks>
public abstract record MessageResponse : ResponsePdu
{
    internal const int MaxMessageId = 65;

    private protected MessageResponse(CommandStatus status, string messageId) =>
        (Status, MessageId) = (status, messageId);

    private protected MessageResponse(CommandStatus status, ref ByteReader reader)
    {
        Status = status;
        if (reader.Remaining == 0 && MayBeAbsent) return;

        MessageId = reader.ReadCString(MaxMessageId, "message_id");
        Parameters = OptionalParameters.Read(ref reader);
    }

    public sealed override CommandStatus Status { get; init; }

    /// <summary>The name the SMSC gave to the message.</summary>
    public string MessageId { get; init; } = "";

    public OptionalParameters Parameters { get; init; }

    private bool MayBeAbsent => Status != CommandStatus.Ok || Id == CommandId.DeliverSmResp;

    internal sealed override void WriteBody(ByteWriter writer)
    {
        if (Status != CommandStatus.Ok && MessageId.Length == 0 && Parameters.Count == 0) return;

        writer.WriteCString(MessageId, MaxMessageId, "message_id");
        Parameters.Write(writer);
    }
}

/// <summary>Answers <see cref="SubmitSm"/>.</summary>
public sealed record SubmitSmResp : MessageResponse
{
    public SubmitSmResp(CommandStatus status, string messageId = "") : base(status, messageId) { }

    internal SubmitSmResp(CommandStatus status, ref ByteReader reader) : base(status, ref reader) { }

    public override CommandId Id => CommandId.SubmitSmResp;
}

/// <summary>Answers <see cref="DeliverSm"/>.</summary>
public sealed record DeliverSmResp : MessageResponse
{
    public DeliverSmResp(CommandStatus status, string messageId = "") : base(status, messageId) { }

    internal DeliverSmResp(CommandStatus status, ref ByteReader reader) : base(status, ref reader) { }

    public override CommandId Id => CommandId.DeliverSmResp;
}

/// <summary>Answers <see cref="DataSm"/>.</summary>
public sealed record DataSmResp : MessageResponse
{
    public DataSmResp(CommandStatus status, string messageId = "") : base(status, messageId) { }

    internal DataSmResp(CommandStatus status, ref ByteReader reader) : base(status, ref reader) { }

    public override CommandId Id => CommandId.DataSmResp;
}
