using System.IO.Pipelines;
using Tessera.Wire;

namespace Tessera.Smpp;

/// <summary>What a side does with the requests that its peer may issue.</summary>
internal interface ISmppSide
{
    SmppRole Role { get; }

    /// <summary>Answers a request; null where it has no response.</summary>
    ValueTask<ResponsePdu?> HandleAsync(RequestPdu request, CancellationToken ending);

    /// <summary>A response stands in line to the peer, or would if the connection had not ended.</summary>
    void Answered(ResponsePdu response);

    /// <summary>The bind was agreed upon; its response is sent.</summary>
    void Bound();

    /// <summary>The connection is over.</summary>
    void Ended(SessionEnd end);
}

/// <summary>
/// One connection of either side: a loop that reads, one that writes, one that looks at the clocks, and one place that
/// says why it ended.
/// </summary>
internal sealed partial class SmppConnection
{
    private readonly IDuplexPipe _pipe;
    private readonly ISmppSide _side;
    private readonly SessionLimits _limits;
    private readonly TimeProvider _time;
    private readonly Action<SeenPdu>? _seen;
    private readonly long _begun;
    private readonly Outbox _outbox;
    private readonly RequestWindow _window;
    private volatile SessionState _state;
    private long _heard;
    private long _active;

    public SmppConnection(IDuplexPipe pipe, ISmppSide side, SessionLimits limits, TimeProvider time, Action<SeenPdu>? seen = null)
    {
        (_pipe, _side, _limits, _time, _seen) = (pipe, side, limits, time, seen);
        _begun = time.GetTimestamp();
        _outbox = new Outbox(pipe.Output, limits, seen);
        _window = new RequestWindow(limits);
    }

    public SessionState State => _state;

    /// <summary>An ESME awaits the response to its bind, as to any other request.</summary>
    private bool AwaitsBind => _side.Role == SmppRole.Smsc && State == SessionState.Open;

    /// <summary>Since the connection began.</summary>
    private TimeSpan Now => _time.GetElapsedTime(_begun);

    /// <summary>Begins to serve; must be called once.</summary>
    public void Start() => _ = Task.Run(RunAsync);

    /// <summary>Sends a request and awaits its response, whatever that says.</summary>
    /// <param name="takesRoom">It waits for room in the window; what begins or ends a session does not.</param>
    /// <exception cref="InvalidOperationException">
    /// The request does not belong into this state, or too many wait for room in the window.
    /// </exception>
    /// <exception cref="TimeoutException">No response in time: the fate of the request is unknown.</exception>
    /// <exception cref="ConnectionLostException">The session ended: the fate of the request is unknown.</exception>
    /// <exception cref="WireFormatException">The response agrees, but does not parse.</exception>
    public async ValueTask<TResponse> RequestAsync<TResponse>(
        RequestPdu<TResponse> request, CancellationToken cancel, bool takesRoom = true) where TResponse : ResponsePdu
    {
        if (takesRoom) await _window.EnterAsync(cancel);
        var pending = new PendingRequest<TResponse>(request, Now, takesRoom);
        try
        {
            Send(request, pending);
        }
        catch
        {
            if (takesRoom) _window.Leave();
            throw;
        }

        return await pending.Response.WaitAsync(cancel);
    }

    /// <summary>Sends a request that has no response, or whose response nobody awaits.</summary>
    /// <exception cref="InvalidOperationException">It does not belong into this state.</exception>
    /// <exception cref="ConnectionLostException">The session ended.</exception>
    public void Tell(RequestPdu request) => Send(request, pending: null);

    private void Send(RequestPdu request, PendingRequest? pending)
    {
        var state = State;
        if (state != SessionState.Unbound && !_side.Role.MayIssue(state, request.Id))
            throw new InvalidOperationException($"{request.Id} does not belong into the state {state}.");

        var number = pending is null ? _window.Number() : _window.Add(pending);
        try
        {
            _outbox.Append(number, request);
        }
        catch (ArgumentException)
        {
            _window.Remove(number);
            throw;
        }

        if (request is not EnquireLink) Volatile.Write(ref _active, Now.Ticks);
    }

    private async Task WriteAsync(CancellationToken ending)
    {
        await _outbox.RunAsync(() => Now, ending);
        End(SessionEndReason.Closed, "The peer takes nothing more.");
    }

    private async Task TickAsync(CancellationToken ending)
    {
        using var clock = new PeriodicTimer(_limits.Sweep, _time);
        var timers = new SessionTimers(_limits);
        while (await clock.WaitForNextTickAsync(ending) && !HasEnded)
        {
            var now = Now;
            _window.Expire(now - _limits.Response);
            if (now - _outbox.WritingSince > _limits.Response)
                End(SessionEndReason.NotTaken, "The peer did not take our octets in time.");
            (timers, var action) = timers.Tick(now, !AwaitsBind, Moment(ref _heard), Moment(ref _active));
            Do(action);
        }
    }

    private void Do(TimerAction action)
    {
        switch (action)
        {
            case TimerAction.SendEnquireLink:
                Tell(new EnquireLink());
                break;
            case TimerAction.CloseNotBound:
                End(SessionEndReason.NotBound, "No bind came in time.");
                break;
            case TimerAction.CloseSilent:
                End(SessionEndReason.Silent, "The peer did not answer enquire_link in time.");
                break;
            case TimerAction.CloseInactive:
                Tell(new Unbind());
                End(SessionEndReason.Inactive, "No request for too long.");
                break;
            default:
                break;
        }
    }

    private static TimeSpan Moment(ref readonly long ticks) => new(Volatile.Read(in ticks));
}
