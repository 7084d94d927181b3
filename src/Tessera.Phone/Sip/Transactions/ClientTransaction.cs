namespace Tessera.Phone.Sip;

/// <summary>Who hears of the responses to a request of ours.</summary>
internal interface IClientUser
{
    void Responded(ClientTransaction transaction, SipResponse response);

    /// <summary>There will be no response: none came in time, or the transport failed.</summary>
    void Failed(ClientTransaction transaction, SipStatus status, string reason);
}

/// <summary>A request of ours and its responses (RFC 3261 §17.1).</summary>
internal abstract class ClientTransaction(
    TransactionLayer layer, string key, SipRequest request, SipFlow flow, IClientUser user)
    : Transaction(layer, key, request, flow)
{
    protected IClientUser User { get; } = user;

    public abstract void Start();

    public abstract void Receive(SipResponse response);

    public override void Lose(string reason)
    {
        if (State is not (TransactionState.Trying or TransactionState.Proceeding)) return;
        Enter(TransactionState.Terminated);
        User.Failed(this, SipStatus.ServiceUnavailable, reason);
    }

    protected void TimeOut()
    {
        Enter(TransactionState.Terminated);
        User.Failed(this, SipStatus.RequestTimeout, "No response in time.");
    }
}

/// <summary>An INVITE of ours (RFC 3261 §17.1.1, figure 5, with RFC 6026 §8.4).</summary>
internal sealed class InviteClientTransaction(
    TransactionLayer layer, string key, SipRequest request, SipFlow flow, IClientUser user)
    : ClientTransaction(layer, key, request, flow, user)
{
    private SipRequest? _ack;

    public override void Start()
    {
        Send(Request);
        Repeat(Timers.T1, TimeSpan.MaxValue); // A
        Live(Timers.Life); // B
    }

    public override void Receive(SipResponse response)
    {
        switch (State, response.Status)
        {
            case (TransactionState.Trying or TransactionState.Proceeding, var status) when status.IsProvisional():
                Enter(TransactionState.Proceeding);
                User.Responded(this, response);
                break;
            case (TransactionState.Trying or TransactionState.Proceeding, var status) when status.IsSuccess():
                Enter(TransactionState.Accepted);
                Live(Timers.Life); // M
                User.Responded(this, response);
                break;
            case (TransactionState.Accepted, var status) when status.IsSuccess():
                User.Responded(this, response);
                break;
            case (TransactionState.Trying or TransactionState.Proceeding, _):
                Enter(TransactionState.Completed);
                _ack = Acknowledgement(response);
                Send(_ack);
                User.Responded(this, response);
                Live(Flow.IsReliable ? TimeSpan.Zero : Timers.D);
                break;
            case (TransactionState.Completed, var status) when !status.IsProvisional() && !status.IsSuccess():
                Send(_ack!);
                break;
            default:
                break;
        }
    }

    protected override void Again() => Send(Request);

    protected override void Over()
    {
        if (State == TransactionState.Trying) TimeOut();
        else Enter(TransactionState.Terminated);
    }

    /// <summary>The ACK to a final response that is no success (§17.1.1.3).</summary>
    private SipRequest Acknowledgement(SipResponse response) => new(SipMethod.Ack, Request.Uri,
    [
        Request.Headers.List("Via").First(), Request.Headers.Find("From")!, response.Headers.Find("To")!,
        Request.Headers.Find("Call-ID")!, new("CSeq", (Request.CSeq with { Method = SipMethod.Ack }).ToString()),
        new("Max-Forwards", "70"), .. Request.Headers.Named("Route"),
    ]);
}

/// <summary>Any other request of ours (RFC 3261 §17.1.2, figure 6).</summary>
internal sealed class OtherClientTransaction(
    TransactionLayer layer, string key, SipRequest request, SipFlow flow, IClientUser user)
    : ClientTransaction(layer, key, request, flow, user)
{
    public override void Start()
    {
        Send(Request);
        Repeat(Timers.T1, Timers.T2); // E
        Live(Timers.Life); // F
    }

    public override void Receive(SipResponse response)
    {
        if (State is not (TransactionState.Trying or TransactionState.Proceeding)) return;
        if (response.Status.IsProvisional())
        {
            if (State == TransactionState.Trying) Proceed();
            User.Responded(this, response);
            return;
        }

        Enter(TransactionState.Completed);
        User.Responded(this, response);
        Live(Flow.IsReliable ? TimeSpan.Zero : Timers.T4); // K
    }

    protected override void Again() => Send(Request);

    protected override void Over()
    {
        if (State is TransactionState.Trying or TransactionState.Proceeding) TimeOut();
        else Enter(TransactionState.Terminated);
    }

    private void Proceed()
    {
        Enter(TransactionState.Proceeding);
        Repeat(Timers.T2, Timers.T2);
        Live(Timers.Life);
    }
}
