using Tessera.Wire;

namespace Tessera.Smpp;

/// <summary>A PDU of a command that is not known here; a request is answered ESME_RINVCMDID.</summary>
public sealed record UnknownPdu(CommandId Command, CommandStatus Status, Bytes Body) : Pdu
{
    public override CommandId Id => Command;

    internal override void WriteBody(ByteWriter writer) => writer.WriteBytes(Body);
}
