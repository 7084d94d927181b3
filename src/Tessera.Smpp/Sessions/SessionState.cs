namespace Tessera.Smpp;

/// <summary>Where a session stands between connect and unbind (SMPP 3.4 §2.2).</summary>
public enum SessionState
{
    Open,
    BoundTx,
    BoundRx,
    BoundTrx,
    Unbound,
}

/// <summary>Which side of a session somebody is.</summary>
internal enum SmppRole
{
    Esme,
    Smsc,
}

/// <summary>Who may issue which request in which state (SMPP 3.4 §2.3, table 2-1).</summary>
internal static class Operations
{
    private static readonly SessionState[] States = Enum.GetValues<SessionState>();

    /// <summary>enquire_link is taken in the open state too, as SMPP 5.0 has it.</summary>
    public static bool MayIssue(this SmppRole issuer, SessionState state, CommandId request) => (issuer, request) switch
    {
        (SmppRole.Esme, CommandId.BindTransmitter or CommandId.BindReceiver or CommandId.BindTransceiver) =>
            state is SessionState.Open,
        (SmppRole.Smsc, CommandId.Outbind) =>
            state is SessionState.Open,
        (SmppRole.Esme, CommandId.SubmitSm or CommandId.DataSm) =>
            state is SessionState.BoundTx or SessionState.BoundTrx,
        (SmppRole.Esme, CommandId.QuerySm or CommandId.CancelSm or CommandId.ReplaceSm) =>
            state is SessionState.BoundTx or SessionState.BoundTrx,
        (SmppRole.Smsc, CommandId.DeliverSm or CommandId.DataSm or CommandId.AlertNotification) =>
            state is SessionState.BoundRx or SessionState.BoundTrx,
        (_, CommandId.Unbind) =>
            state is SessionState.BoundTx or SessionState.BoundRx or SessionState.BoundTrx,
        (_, CommandId.EnquireLink) =>
            state is not SessionState.Unbound,
        _ => false,
    };

    /// <summary>How a request is answered that may not be issued (SMPP 3.4 §5.1.3).</summary>
    public static CommandStatus Refusal(this SmppRole issuer, SessionState state, CommandId request) => request switch
    {
        _ when !States.Any(other => issuer.MayIssue(other, request)) => CommandStatus.InvalidCommandId,
        CommandId.BindTransmitter or CommandId.BindReceiver or CommandId.BindTransceiver
            when state != SessionState.Unbound => CommandStatus.AlreadyBound,
        _ => CommandStatus.InvalidBindStatus,
    };

    public static SmppRole Peer(this SmppRole role) => role == SmppRole.Esme ? SmppRole.Smsc : SmppRole.Esme;

    public static SessionState State(this BindMode mode) => mode switch
    {
        BindMode.Transmitter => SessionState.BoundTx,
        BindMode.Receiver => SessionState.BoundRx,
        _ => SessionState.BoundTrx,
    };
}
