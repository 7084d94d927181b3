using System.Net;
using Tessera.Interop.Tests.Smpp;
using Tessera.Phone.Sip;
using Tessera.Testing;
using Xunit;

namespace Tessera.Interop.Tests.Phone;

/// <summary>baresip registers with us, is called, and calls.</summary>
public sealed class BaresipTests : IAsyncDisposable
{
    private static readonly LocalAudio Audio = new(IPEndPoint.Parse("127.0.0.1:20002"));

    private readonly SipEndpoint _endpoint = SipEndpoint.Listen(new SipEndpointOptions
    {
        Address = new IPEndPoint(IPAddress.Loopback, 0),
        Registrar = new SipRegistrarOptions
        {
            Realm = "lab", PasswordOf = user => user is "1001" ? "secret" : null, Algorithms = [DigestAlgorithm.Md5],
        },
    });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _endpoint.DisposeAsync();

    [Theory(Timeout = PeerProcess.Patience)]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task It_registers_and_is_called_and_held(string transport)
    {
        await using var baresip = await Baresip.StartAsync(_endpoint.Address, transport, Cancel);
        var contact = await ContactAsync();

        var call = await _endpoint.CallAsync(contact, Audio, options: null, Cancel);

        Assert.NotNull(await call.Answered.WaitAsync(Cancel));
        Assert.True(await call.HoldAsync(Cancel));
        Assert.Equal(AudioDirection.SendOnly, call.Audio!.Direction);
        Assert.True(await call.ResumeAsync(Cancel));
        Assert.Equal(AudioDirection.SendReceive, call.Audio.Direction);
        Assert.Equal(CallEndReason.HungUp, (await call.HangUpAsync(Cancel)).Reason);
        await baresip.HearAsync("CALL_CLOSED", Cancel);
    }

    [Theory(Timeout = PeerProcess.Patience)]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task It_calls_holds_and_hangs_up(string transport)
    {
        await using var baresip = await Baresip.StartAsync(_endpoint.Address, transport, Cancel);
        await ContactAsync();
        await baresip.TellAsync("dial", Cancel, $"sip:ivr@{_endpoint.Address};transport={transport}");

        var call = await _endpoint.Calls.ReadAsync(Cancel);
        call.Ring();
        Assert.NotNull(await call.AcceptAsync(Audio, Cancel));
        Assert.IsType<CallEvent.Answered>(await call.Events.ReadAsync(Cancel));
        Assert.Equal((CallerCertainty.Claimed, "1001"), (call.Caller.Certainty, call.Caller.Number));
        await baresip.HearAsync("CALL_ESTABLISHED", Cancel);

        await baresip.TellAsync("hold", Cancel);
        Assert.Equal(AudioDirection.ReceiveOnly, await ChangedAsync(call));
        await baresip.TellAsync("resume", Cancel);
        Assert.Equal(AudioDirection.SendReceive, await ChangedAsync(call));
        await baresip.TellAsync("hangup", Cancel);

        Assert.Equal(CallEndReason.RemoteHungUp, (await call.Ended.WaitAsync(Cancel)).Reason);
    }

    private static async Task<AudioDirection> ChangedAsync(SipCall call) =>
        Assert.IsType<CallEvent.AudioChanged>(await call.Events.ReadAsync(Cancel)).Audio.Direction;

    private async Task<SipUri> ContactAsync()
    {
        var bindings = await Eventually.SeeAsync(
            () => Task.FromResult(_endpoint.Registrar!.Find("1001")), found => found.Count > 0, Cancel);
        return bindings[0].Contact;
    }
}
