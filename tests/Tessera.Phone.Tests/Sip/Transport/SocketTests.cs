using System.Net;
using System.Net.Sockets;
using System.Text;
using Tessera.Phone.Sip;
using Xunit;

namespace Tessera.Phone.Tests.Sip.Transport;

/// <summary>Endpoints on sockets of the loopback.</summary>
public sealed class SocketTests
{
    private static readonly LocalAudio Audio = new(IPEndPoint.Parse("127.0.0.1:4000"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1", "udp")]
    [InlineData("127.0.0.1", "tcp")]
    [InlineData("::1", "udp")]
    [InlineData("::1", "tcp")]
    public async Task A_call_goes_over_either_transport_and_either_family(string address, string transport)
    {
        if (address is "::1" && !Socket.OSSupportsIPv6) Assert.Skip("needs IPv6");
        await using var caller = Listen(address);
        await using var callee = Listen(address);
        var uri = SipUri.Sip("ivr", callee.Address) with { Parameters = [new("transport", transport)] };

        var call = await caller.CallAsync(uri, Audio, options: null, Cancel);
        var incoming = await callee.Calls.ReadAsync(Cancel);
        incoming.Ring();
        await incoming.AcceptAsync(Audio, Cancel);
        Assert.NotNull(await call.Answered.WaitAsync(Cancel));
        Assert.True(await call.HoldAsync(Cancel));
        Assert.True(await incoming.HoldAsync(Cancel));

        Assert.Equal(CallEndReason.HungUp, (await incoming.HangUpAsync(Cancel)).Reason);
        Assert.Equal(CallEndReason.RemoteHungUp, (await call.Ended.WaitAsync(Cancel)).Reason);
        Assert.StartsWith($"SIP/2.0/{transport.ToUpperInvariant()} ", incoming.Invite.Headers["Via"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_telephone_registers_by_tcp()
    {
        await using var server = SipEndpoint.Listen(new SipEndpointOptions
        {
            Address = new IPEndPoint(IPAddress.Loopback, 0),
            Registrar = new SipRegistrarOptions { Realm = "lab", PasswordOf = _ => "secret" },
        });
        await using var phone = Listen("127.0.0.1");
        var registrar = SipUri.Sip(user: null, server.Address) with { Parameters = [new("transport", "tcp")] };

        await using var registration = await phone.RegisterAsync(
            registrar, SipUri.Sip("1001", server.Address), new SipCredentials("1001", "secret"), TimeSpan.FromHours(1), Cancel);

        Assert.True(registration.IsRegistered);
        Assert.Equal(phone.Address.Port, Assert.Single(server.Registrar!.Find("1001")).Contact.Port);
    }

    [Fact]
    public async Task Nobody_at_the_other_end_of_tcp_is_told_soon()
    {
        await using var caller = Listen("127.0.0.1");
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var uri = SipUri.Sip("x", (IPEndPoint)closed.LocalEndPoint!) with { Parameters = [new("transport", "tcp")] };

        var call = await caller.CallAsync(uri, Audio, options: null, Cancel);

        Assert.Equal(SipStatus.ServiceUnavailable, (await call.Ended.WaitAsync(Cancel)).Status);
    }

    [Fact]
    public async Task A_ping_on_a_connection_is_answered_and_what_is_no_sip_closes_it()
    {
        await using var endpoint = Listen("127.0.0.1");
        using var client = new TcpClient();
        await client.ConnectAsync(endpoint.Address, Cancel);
        var stream = client.GetStream();
        var buffer = new byte[16];

        await stream.WriteAsync("\r\n\r\n"u8.ToArray(), Cancel);
        Assert.Equal("\r\n", Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer, Cancel)));

        await stream.WriteAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), Cancel);
        Assert.Equal(0, await stream.ReadAsync(buffer, Cancel));
    }

    [Fact]
    public async Task One_connection_too_many_is_closed_at_once()
    {
        await using var endpoint = Listen("127.0.0.1", new SipLimits { Connections = 1 });
        using var first = new TcpClient();
        await first.ConnectAsync(endpoint.Address, Cancel);
        var buffer = new byte[16];
        await first.GetStream().WriteAsync("\r\n\r\n"u8.ToArray(), Cancel);
        Assert.Equal(2, await first.GetStream().ReadAsync(buffer, Cancel));

        using var second = new TcpClient();
        await second.ConnectAsync(endpoint.Address, Cancel);
        Assert.Equal(0, await second.GetStream().ReadAsync(buffer, Cancel));

        await first.GetStream().WriteAsync("\r\n\r\n"u8.ToArray(), Cancel);
        Assert.Equal(2, await first.GetStream().ReadAsync(buffer, Cancel));
    }

    [Fact]
    public void An_address_that_nobody_can_be_told_is_refused() => Assert.Throws<ArgumentException>(
        () => SipEndpoint.Listen(new SipEndpointOptions { Address = new IPEndPoint(IPAddress.Any, 0) }));

    private static SipEndpoint Listen(string address, SipLimits? limits = null) => SipEndpoint.Listen(
        new SipEndpointOptions { Address = new IPEndPoint(IPAddress.Parse(address), 0), Limits = limits ?? new() });
}
