using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Tessera.Lab.Houses.Sockets;
using Tessera.Phone.Rtp;
using Tessera.Testing;
using Xunit;

namespace Tessera.Lab.Tests.Houses;

/// <summary>The socket passes packets, and its faults take some away; no octet is ever another.</summary>
public sealed class PacketRelayTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly RtpPort _house = RtpPort.Bind(IPAddress.Loopback);
    private readonly RtpPort _network = RtpPort.Bind(IPAddress.Loopback);
    private readonly List<LineDirection> _lost = [];
    private readonly SemaphoreSlim _losing = new(0);
    private LineGate _gate = null!;
    private PacketRelay _relay = null!;
    private int _heard;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        var drawn = 0;
        // Chance that is none: of a hundred packets exactly so many are lost as the percentage says.
        _gate = new LineGate(_time, most => Interlocked.Increment(ref drawn) * 100 % most);
        _relay = new PacketRelay(_gate, _time, (_, _) => Interlocked.Increment(ref _heard), Lose);
        _relay.Start(_house.EndPoint, _network.EndPoint);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync();
        _house.Dispose();
        _network.Dispose();
        _losing.Dispose();
    }

    [Fact]
    public async Task Packets_and_reports_pass_octet_for_octet_in_both_directions()
    {
        foreach (var length in new[] { 1, 12, 172, RtpPacket.MaxLength })
        {
            var octets = RandomNumberGenerator.GetBytes(length);
            Assert.Equal(octets, await PassAsync(_house.Sound, _relay.House, _network.Sound, octets));
            Assert.Equal(octets, await PassAsync(_network.Sound, _relay.Network, _house.Sound, octets));
            Assert.Equal(octets, await PassAsync(_house.Reports, Behind(_relay.House), _network.Reports, octets));
            Assert.Equal(octets, await PassAsync(_network.Reports, Behind(_relay.Network), _house.Reports, octets));
        }

        Assert.Equal(8, Volatile.Read(ref _heard));
        Assert.Empty(_lost);
    }

    [Fact]
    public async Task Packets_keep_their_order()
    {
        for (byte i = 0; i < 100; i++) Send(_house.Sound, _relay.House, [i, 1, 2]);
        for (byte i = 0; i < 100; i++) Assert.Equal(i, (await ReceiveAsync(_network.Sound))[0]);
    }

    [Fact]
    public async Task A_stranger_is_not_passed_on()
    {
        using var stranger = RtpPort.Bind(IPAddress.Loopback);
        Send(stranger.Sound, _relay.House, [6, 6, 6]);

        Assert.Equal([1], await PassAsync(_house.Sound, _relay.House, _network.Sound, [1]));
    }

    [Fact]
    public async Task Of_hundred_packets_so_many_are_lost_as_the_switch_says()
    {
        _gate.Faults = new LineFaults(LossPercent: 25);

        for (byte i = 0; i < 100; i++) Send(_house.Sound, _relay.House, [i]);
        for (var lost = 0; lost < 25; lost++) Assert.True(await _losing.WaitAsync(TimeSpan.FromSeconds(30), Cancel));
        for (var passed = 0; passed < 75; passed++) await ReceiveAsync(_network.Sound);

        Assert.All(_lost, direction => Assert.Equal(LineDirection.Out, direction));
        Assert.Equal(25, _lost.Count);
    }

    [Fact]
    public async Task A_burst_loses_all_until_it_is_over()
    {
        _gate.Burst(TimeSpan.FromMilliseconds(500));
        Send(_network.Sound, _relay.Network, [1]);
        Assert.True(await _losing.WaitAsync(TimeSpan.FromSeconds(30), Cancel));
        Assert.Equal([LineDirection.In], _lost);

        _time.Advance(TimeSpan.FromMilliseconds(501));

        Assert.Equal([2], await PassAsync(_network.Sound, _relay.Network, _house.Sound, [2]));
    }

    [Fact]
    public async Task A_delayed_packet_comes_when_its_time_is_over()
    {
        var delay = TimeSpan.FromMilliseconds(300);
        _gate.Faults = new LineFaults(DelayMilliseconds: 300);
        var passing = PassAsync(_house.Sound, _relay.House, _network.Sound, [7]);
        await _time.TimerAsync(delay, Cancel);
        Assert.False(passing.IsCompleted);

        _time.Advance(delay);

        Assert.Equal([7], await passing);
    }

    private static IPEndPoint Behind(IPEndPoint sound) => new(sound.Address, sound.Port + 1);

    private static Task<byte[]> PassAsync(Socket from, IPEndPoint relay, Socket to, byte[] octets)
    {
        Send(from, relay, octets);
        return ReceiveAsync(to);
    }

    private static void Send(Socket socket, IPEndPoint to, byte[] octets) => socket.SendTo(octets, to);

    private static async Task<byte[]> ReceiveAsync(Socket socket)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        late.CancelAfter(TimeSpan.FromSeconds(30));
        var octets = new byte[2000];
        return octets[..await socket.ReceiveAsync(octets, SocketFlags.None, late.Token)];
    }

    private void Lose(LineDirection direction)
    {
        lock (_lost) _lost.Add(direction);
        _losing.Release();
    }
}
