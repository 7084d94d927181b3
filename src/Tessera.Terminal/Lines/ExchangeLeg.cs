using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;

namespace Tessera.Terminal.Lines;

/// <summary>One of the two calls of which an exchange makes one.</summary>
internal sealed class ExchangeLeg(SipCall call, RtpPort port) : IAsyncDisposable
{
    private RtpCall? _sound;

    public SipCall Call => call;

    /// <summary>Where its sound arrives.</summary>
    public RtpPort Port => port;

    public RtpSession? Session { get; private set; }

    /// <summary>What we told the peer that we want to do.</summary>
    public AudioDirection Wish { get; private set; } = AudioDirection.SendReceive;

    /// <summary>Ends with the sound, and fails with what that failed with.</summary>
    public Task Sounding => _sound?.Completion ?? Task.CompletedTask;

    public void Agree(AudioAgreement agreed) => Session = new RtpSession(agreed, new RtpOptions());

    public void Start(RtpPacer pacer, AudioExchange exchange) => _sound = pacer.Start(port, Session!, exchange);

    /// <summary>The peer agreed to something else.</summary>
    /// <returns>What it lets us do, as far as that is known: where we asked for less ourselves, it is not.</returns>
    public AudioDirection Change(AudioAgreement agreed)
    {
        Session?.Agree(agreed);
        return agreed.Direction | (AudioDirection.SendReceive & ~Wish);
    }

    /// <summary>Hold and its end of the other side, handed on; a peer that refuses stays as it is.</summary>
    public async Task WishAsync(AudioDirection wish, CancellationToken cancel)
    {
        if (wish == Wish || call.State != CallState.Established) return;
        if (await call.ModifyAsync(wish, cancel)) Wish = wish;
    }

    public async ValueTask DisposeAsync()
    {
        await call.DisposeAsync();
        if (_sound is null) port.Dispose();
        else await _sound.DisposeAsync();
    }
}
