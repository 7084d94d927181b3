using System.Threading.Channels;
using Tessera.Wire;

namespace Tessera.Phone.Sip;

/// <summary>Where a call stands.</summary>
public enum CallState
{
    /// <summary>Ours, and not answered.</summary>
    Calling,

    /// <summary>It came in, and we have not answered.</summary>
    Incoming,

    /// <summary>We said yes, and the peer does not know yet.</summary>
    Accepted,

    Established,

    Ended,
}

/// <summary>
/// One call, from its INVITE to its end: the signalling; its sound is an RTP session made from what was agreed upon.
/// </summary>
public sealed partial class SipCall : IAsyncDisposable
{
    private const int MaxEvents = 64;

    private readonly SipEndpoint _endpoint;
    private readonly TransactionLayer _layer;
    private readonly TaskCompletionSource<AudioAgreement?> _answered =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<CallEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SipTimer _limit;
    private readonly Channel<CallEvent> _events = Channel.CreateBounded<CallEvent>(
        new BoundedChannelOptions(MaxEvents) { FullMode = BoundedChannelFullMode.DropOldest });

    private AudioSession? _audio;
    private Dialog? _dialog;
    private bool _hangingUp;

    private SipCall(SipEndpoint endpoint, SipRequest invite, CallerIdentity caller)
    {
        (_endpoint, _layer, Invite, Caller) = (endpoint, endpoint.Layer, invite, caller);
        _limit = _layer.Timer(() => GiveUp());
        _repeat = _layer.Timer(RepeatOk);
        _unacknowledged = _layer.Timer(LoseAck);
        _retry = _layer.Timer(SendModification);
    }

    /// <summary>The request that began it.</summary>
    public SipRequest Invite { get; }

    /// <summary>Who calls; for a call of ours, we.</summary>
    public CallerIdentity Caller { get; }

    public bool IsIncoming => _invitation is not null;

    public CallState State { get; private set; }

    /// <summary>What is agreed upon now; null before the call stands.</summary>
    public AudioAgreement? Audio
    {
        get
        {
            lock (_layer.Gate) return State is CallState.Established or CallState.Ended ? _audio?.Agreed : null;
        }
    }

    /// <summary>Completes when the call stands; null where it ended before.</summary>
    public Task<AudioAgreement?> Answered => _answered.Task;

    /// <summary>Completes when the call is over and tells why.</summary>
    public Task<CallEnd> Ended => _ended.Task;

    /// <summary>What happens; of more than 64 events that nobody reads the oldest are lost.</summary>
    public ChannelReader<CallEvent> Events => _events.Reader;

    internal string? DialogKey => _dialog?.Key;

    /// <summary>Ends the call, whatever its state.</summary>
    /// <returns>How it ended, when the peer knows or will never know.</returns>
    public async Task<CallEnd> HangUpAsync(CancellationToken cancel)
    {
        Task told;
        lock (_layer.Gate) told = HangUp();
        await told.WaitAsync(cancel);
        return await Ended.WaitAsync(cancel);
    }

    /// <summary>Hangs up and does not wait.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_layer.Gate) _ = HangUp();
        return ValueTask.CompletedTask;
    }

    /// <summary>Ends it here, because the endpoint closes; the peer may not know.</summary>
    internal void Abandon() => End(CallEndReason.HungUp, status: null, "The endpoint was closed.");

    internal Task HangUp()
    {
        switch (State)
        {
            case CallState.Calling:
                Cancel();
                return Ended;
            case CallState.Incoming:
                Refuse(SipStatus.TemporarilyUnavailable, CallEndReason.Rejected, "We hung up.");
                return Task.CompletedTask;
            case CallState.Accepted:
                // No BYE before the ACK (RFC 3261 §15).
                _hangingUp = true;
                return Ended;
            case CallState.Established:
                return SayBye(CallEndReason.HungUp, "We hung up.");
            default:
                return Task.CompletedTask;
        }
    }

    /// <summary>A request inside the dialog.</summary>
    internal void Take(ServerTransaction transaction)
    {
        var request = transaction.Request;
        if (!_dialog!.Takes(request))
        {
            transaction.Respond(request.Response(SipStatus.ServerInternalError, tag: null));
            return;
        }

        switch (request.Method)
        {
            case SipMethod.Bye:
                transaction.Respond(request.Response(SipStatus.Ok, tag: null));
                if (State == CallState.Incoming) Answer(SipStatus.RequestTerminated);
                End(CallEndReason.RemoteHungUp, status: null, "The peer hung up.");
                break;
            case SipMethod.Invite:
                TakeModification((InviteServerTransaction)transaction);
                break;
            default:
                _endpoint.Answer(transaction);
                break;
        }
    }

    /// <summary>Says BYE; the call is over with that, whatever the answer.</summary>
    private Task SayBye(CallEndReason reason, string text)
    {
        var told = SayBye(_dialog!);
        End(reason, status: null, text);
        return told;
    }

    private Task SayBye(Dialog dialog)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var exchange = new ClientExchange(_layer, Credentials, dialog.NextSequence, (_, response) =>
        {
            if (!response.Status.IsProvisional()) told.TrySetResult();
        });
        var bye = dialog.Request(SipMethod.Bye, dialog.NextSequence(), _endpoint.UserAgent);
        exchange.Send(bye, dialog.NextHop(_layer));
        return told.Task;
    }

    private void Establish()
    {
        State = CallState.Established;
        _limit.Stop();
        _answered.TrySetResult(_audio!.Agreed);
        _events.Writer.TryWrite(new CallEvent.Answered(_audio.Agreed!));
    }

    private void End(CallEndReason reason, SipStatus? status, string text)
    {
        if (State == CallState.Ended) return;
        State = CallState.Ended;
        _limit.Stop();
        _repeat.Stop();
        _unacknowledged.Stop();
        _retry.Stop();
        _endpoint.Forget(this);
        var end = new CallEnd(reason, status, text);
        _modified?.TrySetResult(false);
        _answered.TrySetResult(null);
        _ended.TrySetResult(end);
        _events.Writer.TryWrite(new CallEvent.Ended(end));
        _events.Writer.TryComplete();
    }

    /// <summary>It rang for too long, here or there.</summary>
    private void GiveUp()
    {
        if (State == CallState.Incoming)
        {
            Refuse(SipStatus.TemporarilyUnavailable, CallEndReason.NotAnswered, "Nobody answered in time.");
        }
        else if (State == CallState.Calling && !_cancelled)
        {
            _endReason = CallEndReason.NotAnswered;
            Cancel();
        }
        else if (State == CallState.Calling)
        {
            End(_endReason, SipStatus.RequestTimeout, "The peer did not say that it gave up.");
        }
    }

    /// <summary>The description in a message; null where it has none.</summary>
    /// <exception cref="WireFormatException">It is broken.</exception>
    private static SessionDescription? DescriptionIn(SipMessage message) =>
        message.Body.Length == 0 || message.ContentType is not SessionDescription.ContentType
            ? null
            : SessionDescription.Read(message.Body.Span);

    private static SessionDescription? DescriptionOrNull(SipMessage message)
    {
        try
        {
            return DescriptionIn(message);
        }
        catch (WireFormatException)
        {
            return null;
        }
    }
}
