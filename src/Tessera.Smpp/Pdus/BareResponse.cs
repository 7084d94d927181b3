using Tessera.Wire;

namespace Tessera.Smpp;

/// <summary>A refusal without a body, for a request that was not even read.</summary>
internal sealed record BareResponse(CommandId Command, CommandStatus Status) : ResponsePdu
{
    public override CommandId Id => Command;

    /// <summary>generic_nack where the command has no response, or is not known here (SMPP 3.4 §4.3).</summary>
    public static ResponsePdu To(CommandId request, CommandStatus status) =>
        status == CommandStatus.InvalidCommandId || request is CommandId.Outbind or CommandId.AlertNotification
            ? new GenericNack(status)
            : new BareResponse(request.Response(), status);

    internal override void WriteBody(ByteWriter writer) { }
}
