using System.Net;
using System.Runtime.InteropServices;
using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;
using Tessera.Phone.Sound;
using Tessera.Phone.Speech;
using Tessera.Terminal.Lines;
using Tessera.Testing;
using Xunit;

namespace Tessera.Server.Tests.Calls;

/// <summary>A call of a home to the service: what is heard at its telephone is kept, and its keys are pressed.</summary>
internal sealed class HomeCall : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SipEndpoint _endpoint = SipEndpoint.Listen(new SipEndpointOptions
    {
        Address = new IPEndPoint(IPAddress.Loopback, 0), Tcp = false,
    });

    private readonly TerminalCall? _device;
    private readonly Lock _gate = new();
    private readonly List<short> _heard = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SipCall _call = null!;
    private RtpSession _session = null!;
    private RtpCall _sound = null!;
    private int _read;
    private bool _wasVoice = true;

    private HomeCall(TerminalCall? device) => _device = device;

    /// <summary>Completes when the call is over.</summary>
    public Task Ended => _call.Ended;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="device">Stands between telephone and line; null where there is none.</param>
    /// <param name="from">What the network asserts of the caller.</param>
    public static async Task<HomeCall> BeginAsync(
        RtpPacer pacer, IPEndPoint server, string number, TerminalCall? device, string from = "+33639980001")
    {
        var home = new HomeCall(device);
        var port = RtpPort.Bind(IPAddress.Loopback);
        var who = new NameAddress(SipUri.Sip(from, home._endpoint.Address));
        home._call = await home._endpoint.CallAsync(
            SipUri.Sip($"+{number}", server), new LocalAudio(port.EndPoint) { SilenceSuppressionOff = true },
            new CallOptions { From = who, AssertedIdentity = who }, Cancel);
        home._session = new RtpSession((await home._call.Answered.WaitAsync(Cancel))!, new RtpOptions());
        home._sound = pacer.Start(port, home._session, home.Exchange);
        return home;
    }

    /// <summary>Waits until that was said, behind what was heard before.</summary>
    public async Task HearsAsync(Func<Phrase, Phrase> words)
    {
        var phrase = words(Phrase.In(SpokenLanguage.English));
        var sound = phrase.ToSamples();
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        late.CancelAfter(Patience);
        while (true)
        {
            Task more;
            short[] heard;
            lock (_gate) (more, heard) = (_more.Task, [.. CollectionsMarshal.AsSpan(_heard)[_read..]]);
            if (SpokenSound.Find(heard, sound) is { } end)
            {
                _read += end;
                return;
            }

            // What was searched in vain is not searched again, but for what may have begun in it.
            _read += Math.Max(0, heard.Length - sound.Length - AudioBlock.Rate);
            try
            {
                await more.WaitAsync(late.Token);
            }
            catch (OperationCanceledException e) when (!Cancel.IsCancellationRequested)
            {
                throw new TimeoutException($"Never heard: {string.Join(' ', phrase.Words)}", e);
            }
        }
    }

    /// <summary>Whether that was said at any time.</summary>
    public bool HasHeard(Func<Phrase, Phrase> words)
    {
        lock (_gate)
        {
            var sound = words(Phrase.In(SpokenLanguage.English)).ToSamples();
            return SpokenSound.Find(CollectionsMarshal.AsSpan(_heard), sound) is not null;
        }
    }

    public void Press(string keys)
    {
        foreach (var key in keys) _session.Press(key);
    }

    public Task HangUpAsync() => _call.HangUpAsync(Cancel);

    public async ValueTask DisposeAsync()
    {
        await _call.DisposeAsync();
        await _sound.DisposeAsync();
        if (_device is not null) await _device.DisposeAsync();
        await _endpoint.DisposeAsync();
    }

    private void Exchange(ReadOnlySpan<short> heard, bool concealed, Span<short> spoken)
    {
        _device?.Exchange(heard, concealed, spoken);
        var isVoice = _device?.IsVoice ?? true;
        lock (_gate)
        {
            if (isVoice) _heard.AddRange(heard);
            var isMuted = !isVoice && _wasVoice;
            _wasVoice = isVoice;
            if (!isMuted && _heard.Count % (AudioBlock.Rate / 2) != 0) return;
            var woken = _more;
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            woken.SetResult();
        }
    }
}
