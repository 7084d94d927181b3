using System.Net;
using System.Net.Sockets;
using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;

namespace Tessera.Lab.Phones.Calls;

/// <summary>
/// A call on the network: its signalling by SIP, its sound by RTP from when it stands. It tells the phone what happens,
/// the last time that it has ended.
/// </summary>
/// <param name="tell">Called on any thread.</param>
internal sealed class VoiceCall(Earpiece earpiece, TimeProvider time, Func<CallPhase, CallEnding, Task> tell)
    : IAsyncDisposable
{
    private readonly CancellationTokenSource _hungUp = new();
    private volatile RtpSession? _session;
    private Task _running = Task.CompletedTask;

    public void Begin(SipEndpoint endpoint, SipUri to, CallOptions options) =>
        _running = RunAsync(endpoint, to, options);

    /// <summary>Ends it and waits for nobody.</summary>
    public void HangUp() => _ = _hungUp.CancelAsync();

    /// <summary>Presses a key, where the call stands and the other end takes keys.</summary>
    public bool TryPress(char key)
    {
        if (_session is not { CanPress: true } session) return false;
        try
        {
            session.Press(key);
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

    private async Task RunAsync(SipEndpoint endpoint, SipUri to, CallOptions options)
    {
        var ending = CallEnding.HungUp;
        try
        {
            using var port = RtpPort.Bind(IPAddress.Loopback);
            await using var call = await endpoint.CallAsync(to, new LocalAudio(port.EndPoint), options, _hungUp.Token);
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
                        pacer.Start(port, _session, earpiece.Exchange);
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

    private static CallEnding EndingOf(CallEnd end) => end switch
    {
        { Reason: CallEndReason.RemoteHungUp } => CallEnding.RemoteHungUp,
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
