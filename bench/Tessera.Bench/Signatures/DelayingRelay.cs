using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Tessera.Bench.Signatures;

/// <summary>
/// A road of a given length between two ends of TCP on loopback: what arrives leaves at the other side so much later,
/// in order, in either direction; how much is under way changes nothing.
/// </summary>
internal sealed class DelayingRelay : IAsyncDisposable
{
    private const int QueuedChunks = 256;
    private const int LongestChunk = 64 * 1024;
    private const int TcpLevel = 6;
    private const int QuickAck = 12;

    private static readonly byte[] On = [1, 0, 0, 0];

    private readonly TcpListener _socket = new(IPAddress.Loopback, 0);
    private readonly EndPoint _target;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _accepting;
    private long _delay;

    /// <param name="target">Where connections lead to.</param>
    public DelayingRelay(EndPoint target)
    {
        _target = target;
        _socket.Start();
        _accepting = AcceptAsync(_closing.Token);
    }

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndpoint;

    /// <summary>One way, for what arrives from now on. Default none.</summary>
    public TimeSpan Delay
    {
        get => new(Interlocked.Read(ref _delay));
        set => Interlocked.Exchange(ref _delay, value.Ticks);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _socket.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
    }

    private async Task AcceptAsync(CancellationToken cancel)
    {
        List<Task> relaying = [];
        try
        {
            while (true) relaying.Add(RelayAsync(await _socket.AcceptSocketAsync(cancel), cancel));
        }
        finally
        {
            await Task.WhenAll(relaying).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Either end that closes, or is not there, closes the other.</summary>
    private async Task RelayAsync(Socket near, CancellationToken cancel)
    {
        using var first = near;
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
        near.NoDelay = far.NoDelay = true;
        await far.ConnectAsync(_target, cancel);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] directions = [CarryAsync(near, far, ended.Token), CarryAsync(far, near, ended.Token)];
        await Task.WhenAny(directions);
        await ended.CancelAsync();
        await Task.WhenAll(directions);
    }

    private async Task CarryAsync(Socket from, Socket to, CancellationToken cancel)
    {
        var underWay = Channel.CreateBounded<(byte[] Octets, long Due)>(QueuedChunks);
        await Task.WhenAll(TakeAsync(from, underWay.Writer, cancel), GiveAsync(underWay.Reader, to, cancel));
    }

    private async Task TakeAsync(
        Socket from, ChannelWriter<(byte[] Octets, long Due)> underWay, CancellationToken cancel)
    {
        try
        {
            var buffer = new byte[LongestChunk];
            while (true)
            {
                // Who writes a message in two parts, as vpcd does, would wait 40 ms for a delayed acknowledgement.
                if (OperatingSystem.IsLinux()) from.SetRawSocketOption(TcpLevel, QuickAck, On);
                var count = await from.ReceiveAsync(buffer, cancel);
                if (count == 0) return;
                var due = Stopwatch.GetTimestamp() + (long)(Delay.TotalSeconds * Stopwatch.Frequency);
                await underWay.WriteAsync((buffer[..count], due), cancel);
            }
        }
        finally
        {
            underWay.Complete();
        }
    }

    private static async Task GiveAsync(
        ChannelReader<(byte[] Octets, long Due)> underWay, Socket to, CancellationToken cancel)
    {
        await foreach (var (octets, due) in underWay.ReadAllAsync(cancel))
        {
            // A timer may be early by a part of its tick: the road must not be shorter than it says.
            while (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is var left && left > TimeSpan.Zero)
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), cancel);
            await to.SendAsync(octets, cancel);
        }
    }
}
