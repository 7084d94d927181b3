using System.Net;
using Tessera.Phone.Calls;
using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;
using Tessera.Phone.Sound;
using Tessera.Phone.Tones;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Calls;

/// <summary>A machine that answers, and a caller, over real sockets.</summary>
public sealed class AnsweredCallTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly short[] Tone =
        [.. Enumerable.Range(0, 8000).Select(i => (short)(8000 * Math.Sin(2 * Math.PI * 1000 * i / 8000)))];

    private readonly RtpPacer _pacer = new(TimeProvider.System);
    private readonly SipEndpoint _machine = Listen();
    private readonly SipEndpoint _caller = Listen();
    private readonly RtpPort _port = RtpPort.Bind(IPAddress.Loopback);
    private readonly RtpSound _sound = new();
    private AnsweredCall _answered = null!;
    private SipCall _call = null!;
    private RtpSession _session = null!;
    private RtpCall _heard = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var options = new CallOptions { From = new NameAddress(SipUri.Sip("+33639980001", _caller.Address)) };
        _call = await _caller.CallAsync(
            SipUri.Sip("83773", _machine.Address), new LocalAudio(_port.EndPoint), options, Cancel);
        var incoming = await _machine.Calls.ReadAsync(Cancel);
        _answered = (await AnsweredCall.AcceptAsync(
            incoming, new CallSite { Pacer = _pacer, Address = IPAddress.Loopback }, Cancel))!;
        _session = new RtpSession((await _call.Answered)!, new RtpOptions());
        _heard = _pacer.Start(_port, _session, _sound.Exchange);
    }

    public async ValueTask DisposeAsync()
    {
        await _answered.DisposeAsync();
        await _heard.DisposeAsync();
        await _caller.DisposeAsync();
        await _machine.DisposeAsync();
        _pacer.Dispose();
    }

    [Fact]
    public async Task The_caller_hears_what_is_played_and_answers_by_keys()
    {
        Assert.Equal((CallerCertainty.Claimed, "+33639980001"), (_answered.Caller.Certainty, _answered.Caller.Number));

        var asked = _answered.AskAsync(Tone, new KeyRule { Most = 4, First = Patience, Next = Patience }, Cancel);
        await HearToneAsync();
        foreach (var key in "1234") _session.Press(key);

        Assert.Equal(new Keyed(KeyEntry.Complete, "1234"), await asked.WaitAsync(Patience, Cancel));
    }

    [Fact]
    public async Task A_caller_that_hangs_up_ends_what_is_asked()
    {
        var asked = _answered.AskAsync(default, new KeyRule { First = Patience }, Cancel);

        await _call.HangUpAsync(Cancel);

        await Assert.ThrowsAsync<ConnectionLostException>(() => asked.WaitAsync(Patience, Cancel));
        Assert.Equal(CallEndReason.RemoteHungUp, (await _answered.Ended.WaitAsync(Patience, Cancel)).Reason);
    }

    [Fact]
    public async Task The_machine_hangs_up_and_the_caller_knows()
    {
        await _answered.DisposeAsync();

        Assert.Equal(CallEndReason.RemoteHungUp, (await _call.Ended.WaitAsync(Patience, Cancel)).Reason);
    }

    [Fact]
    public async Task A_call_whose_sound_has_ended_is_over_and_nobody_waits_in_it()
    {
        var asked = _answered.AskAsync(default, new KeyRule { First = Patience }, Cancel);

        _pacer.Dispose();

        await Assert.ThrowsAsync<ConnectionLostException>(() => asked.WaitAsync(Patience, Cancel));
        Assert.Equal(CallEndReason.RemoteHungUp, (await _call.Ended.WaitAsync(Patience, Cancel)).Reason);
    }

    [Fact]
    public async Task A_line_that_never_goes_to_data_says_so() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => _answered.EnterDataAsync(Cancel));

    /// <summary>Until a block is as loud as the tone.</summary>
    private async Task HearToneAsync()
    {
        var block = new short[AudioBlock.Length];
        while (await _sound.HearAsync(block, Cancel).AsTask().WaitAsync(Patience, Cancel) != Hearing.Ended)
        {
            if (block.Max() > 7000) return;
        }

        Assert.Fail("The call ended before the tone.");
    }

    private static SipEndpoint Listen() =>
        SipEndpoint.Listen(new SipEndpointOptions { Address = new IPEndPoint(IPAddress.Loopback, 0), Tcp = false });
}
