using Tessera.Wire;

namespace Tessera.Smpp;

/// <summary>Asks whether the peer is still there (SMPP 3.4 §4.11.1).</summary>
public sealed record EnquireLink : RequestPdu<EnquireLinkResp>
{
    public override CommandId Id => CommandId.EnquireLink;

    internal override EnquireLinkResp Refused(CommandStatus status) => new(status);

    internal override void WriteBody(ByteWriter writer) { }
}

/// <summary>It is (SMPP 3.4 §4.11.2).</summary>
public sealed record EnquireLinkResp(CommandStatus Status) : ResponsePdu
{
    public override CommandId Id => CommandId.EnquireLinkResp;

    internal override void WriteBody(ByteWriter writer) { }
}

/// <summary>Ends the session (SMPP 3.4 §4.2.1).</summary>
public sealed record Unbind : RequestPdu<UnbindResp>
{
    public override CommandId Id => CommandId.Unbind;

    internal override UnbindResp Refused(CommandStatus status) => new(status);

    internal override void WriteBody(ByteWriter writer) { }
}

/// <summary>Agrees that the session has ended (SMPP 3.4 §4.2.2).</summary>
public sealed record UnbindResp(CommandStatus Status) : ResponsePdu
{
    public override CommandId Id => CommandId.UnbindResp;

    internal override void WriteBody(ByteWriter writer) { }
}

/// <summary>Answers what could not be read as a PDU of a known command (SMPP 3.4 §4.3.1).</summary>
public sealed record GenericNack(CommandStatus Status) : ResponsePdu
{
    public override CommandId Id => CommandId.GenericNack;

    internal override void WriteBody(ByteWriter writer) { }
}
