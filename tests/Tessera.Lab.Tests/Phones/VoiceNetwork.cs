using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;
using Tessera.Phone.Sound;
using Tessera.Phone.Tones;
using Tessera.Wire;
using Xunit;

namespace Tessera.Lab.Tests.Phones;

/// <summary>A voice network that a test plays: it is called, answers or not, plays a tone and hears keys.</summary>
internal sealed class VoiceNetwork : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly IPNetwork Loopback = new(IPAddress.Loopback, 32);

    private readonly RtpPacer _pacer = new(TimeProvider.System);
    private readonly ToneGenerator _tone = new(Cadence.Dial);
    private readonly ConcurrentQueue<char> _keys = new();
    private readonly SemaphoreSlim _pressed = new(0);
    private readonly SipEndpoint _endpoint = SipEndpoint.Listen(new SipEndpointOptions
    {
        Address = new IPEndPoint(IPAddress.Loopback, 0), Tcp = false, TrustedPeers = [Loopback],
    });

    private RtpSession? _session;

    public IPEndPoint Address => _endpoint.Address;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The next call that comes.</summary>
    public async Task<SipCall> CalledAsync() =>
        await _endpoint.Calls.ReadAsync(Cancel).AsTask().WaitAsync(Patience, Cancel);

    /// <summary>Takes a call and plays the dial tone into it.</summary>
    public async Task AcceptAsync(SipCall call)
    {
        var port = RtpPort.Bind(IPAddress.Loopback);
        var audio = await call.AcceptAsync(new LocalAudio(port.EndPoint), Cancel).WaitAsync(Patience, Cancel);
        Assert.NotNull(audio);
        _session = new RtpSession(audio, new RtpOptions());
        _pacer.Start(port, _session, Exchange);
    }

    /// <summary>
    /// Takes a call, and hears in the octets of its packets, whenever they come, the keys that are tones.
    /// </summary>
    public static async Task<string> AcceptAndHearTonesAsync(SipCall call, int count)
    {
        using var sound = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var audio = new LocalAudio((IPEndPoint)sound.Client.LocalEndPoint!) { TelephoneEvent = null };
        Assert.NotNull(await call.AcceptAsync(audio, Cancel).WaitAsync(Patience, Cancel));
        var (detector, samples, keys) = (new DtmfDetector(), new short[AudioBlock.Length], "");
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        late.CancelAfter(Patience);
        while (keys.Length < count)
        {
            var packet = RtpPacket.Read(new Bytes((await sound.ReceiveAsync(late.Token)).Buffer));
            Assert.Equal((byte)AudioCodec.Pcmu, packet.PayloadType);
            for (var i = 0; i < samples.Length; i++) samples[i] = G711.DecodeMu(packet.Payload.Span[i]);
            detector.Write(samples);
            while (detector.TryRead(out var key)) keys += key.Key;
        }

        return keys;
    }

    /// <summary>Calls somebody, as the service.</summary>
    public Task<SipCall> CallAsync(IPEndPoint somebody) => _endpoint.CallAsync(
        SipUri.Sip("house", somebody), new LocalAudio(Address),
        new CallOptions { From = new NameAddress(SipUri.Sip("33639980084", Address)) }, Cancel);

    /// <summary>The next call, taken.</summary>
    public async Task<SipCall> AnswerAsync()
    {
        var call = await CalledAsync();
        await AcceptAsync(call);
        return call;
    }

    /// <summary>The next keys that are pressed in the call.</summary>
    public async Task<string> KeysAsync(int count)
    {
        var keys = "";
        while (keys.Length < count)
        {
            Assert.True(await _pressed.WaitAsync(Patience, Cancel), $"Only {keys} was heard.");
            if (_keys.TryDequeue(out var key)) keys += key;
        }

        return keys;
    }

    public async ValueTask DisposeAsync()
    {
        await _endpoint.DisposeAsync();
        _pacer.Dispose();
        _pressed.Dispose();
    }

    private void Exchange(ReadOnlySpan<short> heard, bool concealed, Span<short> spoken)
    {
        _tone.Read(spoken);
        while (_session!.TryReadKey(out var key))
        {
            _keys.Enqueue(key);
            _pressed.Release();
        }
    }
}
