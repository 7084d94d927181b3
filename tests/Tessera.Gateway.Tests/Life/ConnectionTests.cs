using System.Net;
using System.Net.Sockets;
using Tessera.Gateway.Tests.Road;
using Tessera.Smpp;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Gateway.Tests.Life;

public class ConnectionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_script_waits_for_an_SMSC_that_is_away()
    {
        await using var world = await GatewayWorld.StartAsync();
        var link = await world.OpenAsync();
        await world.Centre.StopAsync();
        var sending = link.SendAsync(1, Scripts.Of(1, 1), Cancel);
        await SeenAsync(() => world.Told.OfType<RoadChanged>().Count(road => !road.Bound) > 1);
        Assert.False(world.Gateway.IsBound);

        world.Centre.Start();
        await world.AnswerAsync();

        await sending;
        Assert.True(world.Gateway.IsBound);
    }

    [Fact]
    public async Task A_message_whose_fate_is_not_known_is_handed_over_again_and_the_card_runs_its_script_once()
    {
        await using var world = await GatewayWorld.StartAsync();
        var link = await world.OpenAsync();
        var cut = true;
        world.Centre.Answer = _ => Interlocked.Exchange(ref cut, false) ? null : CommandStatus.Ok;

        var sending = link.SendAsync(1, Scripts.Of(1, 1), Cancel);
        await world.AnswerAsync();

        await sending;
        Assert.Equal((2, 1), (world.Centre.Count, link.Traffic.Down.Messages));
        Assert.Single(world.Told.OfType<ScriptSent>());
    }

    [Theory]
    [InlineData(CommandStatus.Throttled)]
    [InlineData(CommandStatus.MessageQueueFull)]
    [InlineData(CommandStatus.SystemError)]
    public async Task An_SMSC_that_has_no_time_is_asked_again(CommandStatus status)
    {
        await using var world = await GatewayWorld.StartAsync();
        var link = await world.OpenAsync();
        var refusals = 3;
        world.Centre.Answer = _ => Interlocked.Decrement(ref refusals) >= 0 ? status : CommandStatus.Ok;

        var sending = link.SendAsync(1, Scripts.Of(1, 1), Cancel);
        await world.AnswerAsync();

        await sending;
        Assert.Single(world.Told.OfType<ScriptSent>());
    }

    [Fact]
    public async Task A_refused_bind_is_told_and_not_pressed()
    {
        var world = await GatewayWorld.StartAsync(with: options => options with
        {
            Esme = options.Esme with { Password = "wrong" },
            MaxReconnect = TimeSpan.FromHours(1),
        });
        await using var end = world;

        await SeenAsync(() => !world.Told.IsEmpty);

        Assert.Contains("Refused", Assert.Single(world.Told.OfType<RoadChanged>()).Reason, StringComparison.Ordinal);
        Assert.False(world.Gateway.IsBound);
    }

    [Fact]
    public async Task A_connection_that_held_for_long_is_made_again_at_once_whatever_failed_before()
    {
        using var smsc = new TcpListener(IPAddress.Loopback, 0);
        smsc.Start();
        await using var world = await GatewayWorld.StartAsync(new ManualTime(), options => options with
        {
            Smsc = smsc.LocalEndpoint,
            FirstReconnect = TimeSpan.FromSeconds(1),
            MaxReconnect = TimeSpan.FromHours(1),
        });
        for (var failures = 1; failures <= 14; failures++)
        {
            using var failed = await ConnectedAsync(TimeSpan.FromHours(1));
            failed.Close();
            await LostAsync(failures);
        }

        using (var held = await ConnectedAsync(TimeSpan.FromHours(1)))
        {
            await BindAsync(held);
            await SeenAsync(() => world.Gateway.IsBound);
            world.Time.Advance(TimeSpan.FromHours(1));
        }

        await LostAsync(15);
        var lost = world.Time.GetUtcNow();

        using var again = await ConnectedAsync(TimeSpan.FromSeconds(1));
        Assert.InRange(world.Time.GetUtcNow() - lost, TimeSpan.Zero, TimeSpan.FromMinutes(20));

        async Task<Socket> ConnectedAsync(TimeSpan step)
        {
            var connected = smsc.AcceptSocketAsync(Cancel).AsTask();
            await SeenAsync(() =>
            {
                if (!connected.IsCompleted) world.Time.Advance(step);
                return connected.IsCompleted;
            });
            return await connected;
        }

        async Task LostAsync(int times) =>
            await SeenAsync(() => world.Told.OfType<RoadChanged>().Count(road => !road.Bound) == times);
    }

    [Fact]
    public async Task An_SMSC_that_answers_a_bind_with_what_nobody_can_read_is_asked_again()
    {
        using var smsc = new TcpListener(IPAddress.Loopback, 0);
        smsc.Start();
        await using var world = await GatewayWorld.StartAsync(with: options => options with { Smsc = smsc.LocalEndpoint });

        for (var i = 0; i < 2; i++)
        {
            using var connection = await smsc.AcceptSocketAsync(Cancel);
            await connection.SendAsync(Bytes.FromHex("00000011 80000009 00000000 00000001 41").Memory, Cancel);
            await SeenAsync(() => world.Told.OfType<RoadChanged>().Count() > i);
        }

        Assert.False(world.Gateway.Completion.IsCompleted);
    }

    [Fact]
    public async Task What_was_not_put_on_record_is_not_acknowledged_and_comes_again()
    {
        await using var world = await GatewayWorld.StartAsync();
        var failures = 2;
        world.OnDurable = commit =>
        {
            if (commit is "before opening" && Interlocked.Decrement(ref failures) >= 0) throw new IOException("Disk full.");
        };

        var link = await world.OpenAsync();

        Assert.Equal(1, link.Session);
        Assert.Equal(2, world.Told.OfType<RoadChanged>().Count(road => !road.Bound));
        Assert.False(world.Gateway.Completion.IsCompleted);
    }

    [Fact]
    public async Task A_gateway_that_is_disposed_says_so_to_whoever_waits()
    {
        await using var world = await GatewayWorld.StartAsync();
        var link = await world.OpenAsync();
        var sending = link.SendAsync(1, Scripts.Of(1, 1), Cancel);
        await world.Centre.NextAsync(Cancel);

        await world.Gateway.DisposeAsync();

        await Assert.ThrowsAsync<ConnectionLostException>(() => sending);
        await world.Gateway.Completion;
        await world.Gateway.Links.Completion;
        Assert.Empty(world.Told.OfType<SessionClosed>());
    }

    /// <summary>The SMSC takes whoever binds.</summary>
    private static async Task BindAsync(Socket esme)
    {
        var request = new byte[256];
        Assert.InRange(await esme.ReceiveAsync(request, Cancel), 16, request.Length);
        byte[] response = [0, 0, 0, 18, 0x80, 0, 0, 9, 0, 0, 0, 0, .. request[12..16], (byte)'c', 0];
        await esme.SendAsync(response, Cancel);
    }

    private static async Task SeenAsync(Func<bool> seen) =>
        await Eventually.SeeAsync(() => Task.FromResult(seen()), yes => yes, Cancel);
}
