using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;

namespace Tessera.Terminal.Lines;

/// <summary>A call that goes through an exchange: what happens on one side is done on the other.</summary>
/// <param name="address">Where the sound of who called arrives.</param>
/// <param name="outgoing">The telephone calls.</param>
internal sealed class ExchangeCall(
    SipCall incoming, IPAddress address, bool outgoing, LineTerminal device, RtpPacer pacer) : IAsyncDisposable
{
    private const int MaxEvents = 64;

    private readonly Channel<(bool Near, CallEvent Happened)> _events =
        Channel.CreateBounded<(bool, CallEvent)>(MaxEvents);

    /// <summary>The call that came in.</summary>
    private readonly ExchangeLeg _near = new(incoming, RtpPort.Bind(address));

    /// <summary>The call that it leads to.</summary>
    private ExchangeLeg? _far;
    private TerminalCall? _standing;

    /// <summary>Sets it up, and passes it on until it is over.</summary>
    /// <param name="endpoint">Calls on.</param>
    /// <param name="onward">Whom.</param>
    /// <exception cref="SocketException">There is no port, or the name in the URI is not known.</exception>
    public async Task RunAsync(SipEndpoint endpoint, SipUri onward, CallOptions options, CancellationToken cancel)
    {
        var port = RtpPort.Bind(endpoint.Address.Address);
        _far = new ExchangeLeg(await CallAsync(endpoint, onward, port, options, cancel), port);
        var telling = Task.WhenAll(TellAsync(near: true, incoming), TellAsync(near: false, _far.Call));
        try
        {
            await FollowAsync(cancel);
        }
        finally
        {
            await incoming.DisposeAsync();
            await _far.Call.DisposeAsync();
            while (_events.Reader.TryRead(out _)) { }
            await telling;
        }

        await DisposeAsync();
        await Task.WhenAll(_near.Sounding, _far.Sounding);
    }

    public async ValueTask DisposeAsync()
    {
        await _near.DisposeAsync();
        if (_far is not null) await _far.DisposeAsync();
        if (_standing is not null) await _standing.DisposeAsync();
    }

    private async Task FollowAsync(CancellationToken cancel)
    {
        await foreach (var (isNear, happened) in _events.Reader.ReadAllAsync(cancel))
        {
            if (happened is not CallEvent.Ended { End: var end })
            {
                await FollowAsync(isNear, happened, cancel);
                continue;
            }

            if (!isNear && incoming.State == CallState.Incoming) incoming.Reject(StatusOf(end));
            return;
        }
    }

    private async Task<SipCall> CallAsync(
        SipEndpoint endpoint, SipUri onward, RtpPort port, CallOptions options, CancellationToken cancel)
    {
        try
        {
            var audio = new LocalAudio(port.EndPoint) { Codecs = Offered, SilenceSuppressionOff = outgoing };
            return await endpoint.CallAsync(onward, audio, options, cancel);
        }
        catch
        {
            port.Dispose();
            throw;
        }
    }

    /// <summary>What the caller likes best, first: then both sides speak the same, and octets pass as they are.</summary>
    private IReadOnlyList<AudioCodec> Offered => incoming.Offer?.Media
        .SelectMany(media => media.Formats)
        .Select(format => format switch { "0" => AudioCodec.Pcmu, "8" => AudioCodec.Pcma, _ => (AudioCodec?)null })
        .OfType<AudioCodec>().Distinct().ToArray() is { Length: > 0 } codecs
        ? codecs
        : [AudioCodec.Pcmu, AudioCodec.Pcma];

    private async Task TellAsync(bool near, SipCall call)
    {
        await foreach (var happened in call.Events.ReadAllAsync()) await _events.Writer.WriteAsync((near, happened));
    }

    private async Task FollowAsync(bool isNear, CallEvent happened, CancellationToken cancel)
    {
        switch (happened)
        {
            case CallEvent.Progress { Status: SipStatus.Ringing }:
                incoming.Ring();
                break;
            case CallEvent.Answered { Audio: var there } when !isNear:
                await StandAsync(there, cancel);
                break;
            case CallEvent.AudioChanged { Audio: var changed }:
                var (here, other) = isNear ? (_near, _far!) : (_far!, _near);
                await other.WishAsync(Turned(here.Change(changed)), cancel);
                break;
        }
    }

    /// <summary>It was answered there: so it is here.</summary>
    private async Task StandAsync(AudioAgreement there, CancellationToken cancel)
    {
        var audio = new LocalAudio(_near.Port.EndPoint)
        {
            Codecs = Offered.Contains(there.Codec) ? [there.Codec] : [AudioCodec.Pcmu, AudioCodec.Pcma],
            SilenceSuppressionOff = !outgoing,
        };
        if (await incoming.AcceptAsync(audio, cancel) is not { } here) return;

        _standing = device.BeginCall(serverCalled: !outgoing);
        var (telephone, line) = outgoing ? (_near, _far!) : (_far!, _near);
        _near.Agree(here);
        _far!.Agree(there);
        var bridge = new SoundBridge(_standing, telephone.Session!, line.Session!);
        telephone.Start(pacer, bridge.ExchangeTelephone);
        line.Start(pacer, bridge.ExchangeLine);
        _ = EndWithSoundAsync(_near.Sounding, _far.Sounding);
    }

    /// <summary>A call whose sound has ended is over.</summary>
    private async Task EndWithSoundAsync(Task near, Task far)
    {
        await Task.WhenAny(near, far);
        await incoming.DisposeAsync();
    }

    private static SipStatus StatusOf(CallEnd end) => end switch
    {
        { Status: >= (SipStatus)300 and { } status } => status,
        { Reason: CallEndReason.NotAnswered } => SipStatus.TemporarilyUnavailable,
        _ => SipStatus.ServiceUnavailable,
    };

    /// <summary>The same, seen from the other side.</summary>
    private static AudioDirection Turned(AudioDirection direction) =>
        (direction.HasFlag(AudioDirection.SendOnly) ? AudioDirection.ReceiveOnly : AudioDirection.Inactive)
        | (direction.HasFlag(AudioDirection.ReceiveOnly) ? AudioDirection.SendOnly : AudioDirection.Inactive);
}
