using System.Net;
using Tessera.Interop.Tests.Smpp;
using Tessera.Phone.Sip;
using Xunit;

namespace Tessera.Interop.Tests.Phone;

/// <summary>sipp calls us, and we call sipp.</summary>
public sealed class SippTests : IAsyncDisposable
{
    private static readonly LocalAudio Audio = new(IPEndPoint.Parse("127.0.0.1:20000"));
    private static readonly SipCredentials Credentials = new("1001", "secret");

    private readonly SipEndpoint _endpoint = SipEndpoint.Listen(new SipEndpointOptions
    {
        Address = new IPEndPoint(IPAddress.Loopback, 0),
        TrustedPeers = [IPNetwork.Parse("127.0.0.0/8")],
        Registrar = new SipRegistrarOptions
        {
            Realm = "lab", PasswordOf = user => user is "1001" ? "secret" : null, Algorithms = [DigestAlgorithm.Md5],
        },
    });

    private readonly Task _serving;

    public SippTests() => _serving = ServeAsync();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _endpoint.DisposeAsync();
        await _serving;
    }

    [Theory(Timeout = PeerProcess.Patience)]
    [InlineData("cancel", "ring", "u1")]
    [InlineData("cancel", "ring", "t1")]
    [InlineData("busy", "busy", "u1")]
    [InlineData("busy", "busy", "t1")]
    [InlineData("hold", "ivr", "u1")]
    [InlineData("hold", "ivr", "t1")]
    [InlineData("register", "1001", "u1")]
    [InlineData("register", "1001", "t1")]
    [InlineData("broken", "ivr", "u1")]
    [InlineData("broken", "ivr", "t1")]
    public async Task It_plays_its_part_to_the_end(string scenario, string user, string transport)
    {
        await using var sipp = Sipp.Call(_endpoint.Address, user, scenario, transport);

        await sipp.SucceedAsync(Cancel);
    }

    [Fact(Timeout = PeerProcess.Patience)]
    public async Task A_hundred_calls_one_after_the_other_and_at_once()
    {
        await using var sipp = Sipp.CallOften(_endpoint.Address, calls: 100, rate: 50);

        await sipp.SucceedAsync(Cancel);
    }

    [Fact(Timeout = PeerProcess.Patience)]
    public async Task It_is_called_and_hung_up()
    {
        await using var sipp = Sipp.Answer("uas");
        var call = await CallAsync(sipp);

        Assert.Equal(AudioCodec.Pcmu, (await call.Answered.WaitAsync(Cancel))!.Codec);
        Assert.Equal(CallEndReason.HungUp, (await call.HangUpAsync(Cancel)).Reason);
        await sipp.SucceedAsync(Cancel);
    }

    [Fact(Timeout = PeerProcess.Patience)]
    public async Task It_asks_who_we_are_and_knows_us_then()
    {
        await using var sipp = Sipp.Answer("challenge");
        var call = await CallAsync(sipp);

        Assert.Equal(AudioCodec.Pcma, (await call.Answered.WaitAsync(Cancel))!.Codec);
        await call.HangUpAsync(Cancel);
        await sipp.SucceedAsync(Cancel);
    }

    [Fact(Timeout = PeerProcess.Patience)]
    public async Task It_declines()
    {
        await using var sipp = Sipp.Answer("decline");
        var call = await CallAsync(sipp);

        Assert.Equal(SipStatus.Decline, (await call.Ended.WaitAsync(Cancel)).Status);
        await sipp.SucceedAsync(Cancel);
    }

    [Fact(Timeout = PeerProcess.Patience)]
    public async Task It_is_told_that_we_give_up()
    {
        await using var sipp = Sipp.Answer("ring");
        var call = await CallAsync(sipp);
        while (await call.Events.ReadAsync(Cancel) is not CallEvent.Progress { Status: SipStatus.Ringing }) { }

        var end = await call.HangUpAsync(Cancel);

        Assert.Equal((CallEndReason.HungUp, SipStatus.RequestTerminated), (end.Reason, end.Status));
        await sipp.SucceedAsync(Cancel);
    }

    [Fact(Timeout = PeerProcess.Patience)]
    public async Task We_register_with_it()
    {
        await using var sipp = Sipp.Answer("registrar");
        var registration = await _endpoint.RegisterAsync(
            SipUri.Sip(user: null, sipp.Address), SipUri.Sip("1001", sipp.Address), Credentials,
            TimeSpan.FromHours(1), Cancel);

        Assert.True(registration.IsRegistered);
        await sipp.SucceedAsync(Cancel);
    }

    private Task<SipCall> CallAsync(Sipp sipp) => _endpoint.CallAsync(
        SipUri.Sip("sipp", sipp.Address), Audio, new CallOptions { Credentials = Credentials }, Cancel);

    /// <summary>Does with each call what the user it is for stands for.</summary>
    private async Task ServeAsync()
    {
        await foreach (var call in _endpoint.Calls.ReadAllAsync(Cancel))
        {
            if (call.Invite.Uri.User is "busy")
            {
                call.Reject();
                continue;
            }

            call.Ring();
            if (call.Invite.Uri.User is "ivr") _ = call.AcceptAsync(Audio, Cancel);
        }
    }
}
