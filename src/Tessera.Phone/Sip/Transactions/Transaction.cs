using Tessera.Wire;

namespace Tessera.Phone.Sip;

/// <summary>Where a transaction stands (RFC 3261 §17; Accepted and its timers are of RFC 6026).</summary>
internal enum TransactionState
{
    /// <summary>Trying, or Calling for an INVITE: nothing was answered.</summary>
    Trying,

    /// <summary>A provisional response came or went.</summary>
    Proceeding,

    /// <summary>A final response that is repeated until it is known to have come.</summary>
    Completed,

    /// <summary>The ACK for it came.</summary>
    Confirmed,

    /// <summary>An INVITE was answered with 2xx, which its user repeats.</summary>
    Accepted,

    Terminated,
}

/// <summary>A request and its responses, on one side: what is sent again, and for how long (RFC 3261 §17).</summary>
internal abstract class Transaction(TransactionLayer layer, string key, SipRequest request, SipFlow flow)
{
    private SipTimer? _again;
    private SipTimer? _life;
    private TimeSpan _pause;

    public string Key { get; } = key;

    public SipRequest Request { get; } = request;

    public SipFlow Flow { get; } = flow;

    public TransactionState State { get; private set; }

    protected SipTimers Timers => layer.Timers;

    protected void Send(SipMessage message) => layer.Send(message.ToBytes(), Flow);

    protected void Send(Bytes message) => layer.Send(message, Flow);

    /// <summary>Goes on; timers of the state before are stopped.</summary>
    protected void Enter(TransactionState state)
    {
        State = state;
        _again?.Stop();
        _life?.Stop();
        if (state == TransactionState.Terminated) layer.Remove(this);
    }

    /// <summary>
    /// Fires <see cref="Again"/> at pauses that double up to a longest one; reliable transports need none.
    /// </summary>
    protected void Repeat(TimeSpan first, TimeSpan longest)
    {
        if (Flow.IsReliable) return;
        _pause = first;
        _again = layer.Timer(() =>
        {
            _pause = _pause * 2 < longest ? _pause * 2 : longest;
            _again!.Set(_pause);
            Again();
        });
        _again.Set(first);
    }

    /// <summary>Fires <see cref="Over"/> once; at once where nothing has to be waited for.</summary>
    protected void Live(TimeSpan life)
    {
        if (life == TimeSpan.Zero)
        {
            Over();
            return;
        }

        _life ??= layer.Timer(() => Over());
        _life.Set(life);
    }

    /// <summary>Ends without a word.</summary>
    public void Drop() => Enter(TransactionState.Terminated);

    protected abstract void Again();

    protected abstract void Over();

    /// <summary>The transport could not carry what was sent.</summary>
    public abstract void Lose(string reason);
}
