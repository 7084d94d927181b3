using Tessera.Wire;

namespace Tessera.Phone.Sip;

/// <summary>A request of a peer and our responses (RFC 3261 §17.2).</summary>
internal abstract class ServerTransaction(TransactionLayer layer, string key, SipRequest request, SipFlow flow)
    : Transaction(layer, key, request, flow)
{
    protected Bytes? Last { get; set; }

    /// <summary>Whether a final response was given.</summary>
    public bool IsAnswered => State is not (TransactionState.Trying or TransactionState.Proceeding);

    public abstract void Respond(SipResponse response);

    /// <summary>The request came again, or the ACK for it came.</summary>
    public abstract void Receive(SipRequest request);

    public override void Lose(string reason)
    {
        if (State is TransactionState.Completed or TransactionState.Confirmed) Enter(TransactionState.Terminated);
    }
}

/// <summary>An INVITE of a peer (RFC 3261 §17.2.1, figure 7, with RFC 6026 §8.5).</summary>
internal sealed class InviteServerTransaction(TransactionLayer layer, string key, SipRequest request, SipFlow flow)
    : ServerTransaction(layer, key, request, flow)
{
    /// <summary>A CANCEL for it came, which is answered already.</summary>
    public Action Cancelled { get; set; } = () => { };

    public override void Respond(SipResponse response)
    {
        var octets = response.ToBytes();
        switch (State, response.Status)
        {
            case (TransactionState.Trying or TransactionState.Proceeding, var status) when status.IsProvisional():
                Last = octets;
                Enter(TransactionState.Proceeding);
                break;
            case (TransactionState.Trying or TransactionState.Proceeding, var status) when status.IsSuccess():
                Enter(TransactionState.Accepted);
                Live(Timers.Life); // L
                break;
            case (TransactionState.Trying or TransactionState.Proceeding, _):
                Last = octets;
                Enter(TransactionState.Completed);
                Repeat(Timers.T1, Timers.T2); // G
                Live(Timers.Life); // H
                break;
            case (TransactionState.Accepted, var status) when status.IsSuccess():
                break;
            default:
                return;
        }

        Send(octets);
    }

    public override void Receive(SipRequest request)
    {
        if (request.Method is SipMethod.Ack)
        {
            if (State != TransactionState.Completed) return;
            Enter(TransactionState.Confirmed);
            Live(Flow.IsReliable ? TimeSpan.Zero : Timers.T4); // I
        }
        else if (State is TransactionState.Proceeding or TransactionState.Completed && Last is { } last)
        {
            Send(last);
        }
    }

    protected override void Again() => Send(Last!.Value);

    protected override void Over() => Enter(TransactionState.Terminated);
}

/// <summary>Any other request of a peer (RFC 3261 §17.2.2, figure 8).</summary>
internal sealed class OtherServerTransaction(TransactionLayer layer, string key, SipRequest request, SipFlow flow)
    : ServerTransaction(layer, key, request, flow)
{
    public override void Respond(SipResponse response)
    {
        if (IsAnswered) return;
        Last = response.ToBytes();
        if (response.Status.IsProvisional())
        {
            Enter(TransactionState.Proceeding);
            Send(Last.Value);
            return;
        }

        Enter(TransactionState.Completed);
        Send(Last.Value);
        Live(Flow.IsReliable ? TimeSpan.Zero : Timers.Life); // J
    }

    public override void Receive(SipRequest request)
    {
        if (Last is { } last) Send(last);
    }

    protected override void Again() { }

    protected override void Over() => Enter(TransactionState.Terminated);
}
