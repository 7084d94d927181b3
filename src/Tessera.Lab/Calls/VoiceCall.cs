using System.Net;
using System.Net.Sockets;
using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;
using Tessera.Phone.Tones;

namespace Tessera.Lab.Calls;

/// <summary>
/// A call of a telephone on its network, ours or one that came in: its signalling by SIP, its sound by RTP from when it
/// stands. It tells the telephone what happens, the last time that it has ended.
/// </summary>
/// <param name="tell">Called on any thread.</param>
internal sealed class VoiceCall(Earpiece earpiece, TimeProvider time, Func<CallPhase, CallEnding, Task> tell)
    : IAsyncDisposable
{
    private readonly CancellationTokenSource _hungUp = new();
    private readonly TaskCompletionSource _lifted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly DtmfGenerator _tones = new();
    private volatile RtpSession? _session;
    private volatile bool _keysInBand;
    private Task _running = Task.CompletedTask;

    /// <summary>
    /// Keys are tones in the sound of the call, and no telephone events, whatever the other end could take.
    /// </summary>
    public bool KeysInBand
    {
        get => _keysInBand;
        set => _keysInBand = value;
    }

    /// <summary>Calls somebody.</summary>
    public void Begin(SipEndpoint endpoint, SipUri to, CallOptions options) =>
        _running = RunAsync(port => endpoint.CallAsync(to, new LocalAudio(port.EndPoint), options, _hungUp.Token));

    /// <summary>Rings for a call that came in, until <see cref="Answer"/>.</summary>
    public void Begin(SipCall incoming) => _running = RunAsync(port =>
    {
        incoming.Ring();
        _ = AcceptAsync(incoming, port);
        return Task.FromResult(incoming);
    });

    /// <summary>Takes a call that came in.</summary>
    public void Answer() => _lifted.TrySetResult();

    /// <summary>Ends it and waits for nobody.</summary>
    public void HangUp() => _ = _hungUp.CancelAsync();

    /// <summary>Presses a key, where the call stands and the other end takes keys of that kind.</summary>
    public bool TryPress(char key)
    {
        if (_session is not { } session || !(KeysInBand || session.CanPress)) return false;
        try
        {
            if (KeysInBand) PressTone(key);
            else session.Press(key);
            return true;
        }
        catch (InvalidOperationException)
        {
            // The holder is faster than the line: more keys wait than it keeps.
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _hungUp.CancelAsync();
        await _running;
        _hungUp.Dispose();
    }

    private void PressTone(char key)
    {
        lock (_gate) _tones.Press($"{key}");
    }

    private async Task RunAsync(Func<RtpPort, Task<SipCall>> begin)
    {
        var ending = CallEnding.HungUp;
        try
        {
            using var port = RtpPort.Bind(IPAddress.Loopback);
            await using var call = await begin(port);
            ending = await FollowAsync(call, port);
        }
        catch (OperationCanceledException) when (_hungUp.IsCancellationRequested)
        {
            // The holder hung up: the network hears of it, and is not waited for.
        }
        catch (SocketException)
        {
            ending = CallEnding.NoService;
        }

        await tell(CallPhase.Ended, ending);
    }

    private async Task AcceptAsync(SipCall incoming, RtpPort port)
    {
        await Task.WhenAny(_lifted.Task, incoming.Ended);
        if (_lifted.Task.IsCompleted) await incoming.AcceptAsync(new LocalAudio(port.EndPoint), CancellationToken.None);
    }

    private async Task<CallEnding> FollowAsync(SipCall call, RtpPort port)
    {
        RtpPacer? pacer = null;
        try
        {
            await foreach (var happened in call.Events.ReadAllAsync(_hungUp.Token))
            {
                switch (happened)
                {
                    case CallEvent.Progress { Status: SipStatus.Ringing }:
                        await tell(CallPhase.Ringing, CallEnding.None);
                        break;
                    case CallEvent.Answered answered:
                        _session = new RtpSession(answered.Audio, new RtpOptions());
                        pacer = new RtpPacer(time);
                        pacer.Start(port, _session, Exchange);
                        await tell(CallPhase.Connected, CallEnding.None);
                        break;
                    case CallEvent.AudioChanged changed:
                        _session?.Agree(changed.Audio);
                        break;
                    case CallEvent.Ended ended:
                        return EndingOf(ended.End);
                }
            }

            return CallEnding.Lost;
        }
        finally
        {
            _session = null;
            pacer?.Dispose();
        }
    }

    /// <summary>What the call does every 20 ms, on the thread of its sound.</summary>
    private void Exchange(ReadOnlySpan<short> heard, bool concealed, Span<short> spoken)
    {
        lock (_gate)
        {
            if (!_tones.IsIdle) _tones.Read(spoken);
        }

        earpiece.Hear(heard);
    }

    private static CallEnding EndingOf(CallEnd end) => end switch
    {
        { Reason: CallEndReason.RemoteHungUp or CallEndReason.Cancelled } => CallEnding.RemoteHungUp,
        { Reason: CallEndReason.NotAnswered } => CallEnding.NotAnswered,
        { Reason: CallEndReason.Refused, Status: { } status } => EndingOf(status),
        { Reason: CallEndReason.HungUp } => CallEnding.HungUp,
        _ => CallEnding.Lost,
    };

    private static CallEnding EndingOf(SipStatus status) => status switch
    {
        SipStatus.BusyHere => CallEnding.Busy,
        SipStatus.NotFound => CallEnding.UnknownNumber,
        SipStatus.TemporarilyUnavailable => CallEnding.NotAnswered,
        SipStatus.RequestTimeout or SipStatus.ServiceUnavailable => CallEnding.NoService,
        _ => CallEnding.Refused,
    };
}
