using System.Net;
using System.Runtime.InteropServices;
using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;
using Tessera.Phone.Sound;
using Tessera.Phone.Speech;
using Tessera.Testing;
using Xunit;

namespace Tessera.Cli.Tests;

/// <summary>A telephone that dials by SIP, keeps what it hears and presses keys as events (RFC 4733).</summary>
internal sealed class TestTelephone : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly RtpPacer _pacer = new(TimeProvider.System);
    private readonly SipEndpoint _endpoint = SipEndpoint.Listen(new SipEndpointOptions
    {
        Address = new IPEndPoint(IPAddress.Loopback, 0), Tcp = false,
    });

    private readonly Lock _gate = new();
    private readonly List<short> _heard = [];
    private SipCall _call = null!;
    private RtpSession _session = null!;
    private RtpCall _sound = null!;
    private int _read;

    private AudioJack? _jack;

    private TestTelephone() { }

    /// <summary>Completes when the call is over.</summary>
    public Task Ended => _call.Ended;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="jack">Speaks into the telephone and hears what it hears; null for nobody.</param>
    public static async Task<TestTelephone> DialAsync(string number, IPEndPoint at, AudioJack? jack = null)
    {
        var telephone = new TestTelephone { _jack = jack };
        var port = RtpPort.Bind(IPAddress.Loopback);
        telephone._call = await telephone._endpoint.CallAsync(
            SipUri.Sip(number, at), new LocalAudio(port.EndPoint) { SilenceSuppressionOff = true }, new CallOptions(), Cancel);
        var answer = await telephone._call.Answered.WaitAsync(Cancel);
        Assert.NotNull(answer);
        telephone._session = new RtpSession(answer, new RtpOptions());
        telephone._sound = telephone._pacer.Start(port, telephone._session, telephone.Exchange);
        return telephone;
    }

    public void Press(char key) => _session.Press(key);

    /// <summary>Presses a key, and again each second until that was said: one that comes while the machine speaks is lost.</summary>
    public async Task PressUntilAsync(char key, Func<Phrase, Phrase> words)
    {
        var heard = HearsAsync(words);
        do Press(key);
        while (await Task.WhenAny(heard, Task.Delay(TimeSpan.FromSeconds(1), Cancel)) != heard);
        await heard;
    }

    /// <summary>Waits until that was said, behind what was heard before.</summary>
    public async Task HearsAsync(Func<Phrase, Phrase> words)
    {
        var phrase = words(Phrase.In(SpokenLanguage.English));
        var sound = phrase.ToSamples();
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        late.CancelAfter(Patience);
        try
        {
            await Eventually.SeeAsync(() => Task.FromResult(Finds(sound)), found => found, late.Token);
        }
        catch (OperationCanceledException e) when (!Cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"Never heard: {string.Join(' ', phrase.Words)}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _call.DisposeAsync();
        await _sound.DisposeAsync();
        await _endpoint.DisposeAsync();
        _pacer.Dispose();
    }

    /// <summary>What was searched in vain is not searched again, but for what may have begun in it.</summary>
    private bool Finds(short[] sound)
    {
        short[] heard;
        lock (_gate)
        {
            if (_heard.Count - _read < sound.Length) return false;
            heard = [.. CollectionsMarshal.AsSpan(_heard)[_read..]];
        }

        if (SpokenSound.Find(heard, sound) is { } end)
        {
            _read += end;
            return true;
        }

        _read += Math.Max(0, heard.Length - sound.Length - AudioBlock.Rate);
        return false;
    }

    private void Exchange(ReadOnlySpan<short> heard, bool concealed, Span<short> said)
    {
        lock (_gate) _heard.AddRange(heard);
        _jack?.Exchange(heard, said);
    }
}
