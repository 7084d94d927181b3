using System.Net;
using System.Net.Sockets;

namespace Tessera.Story.Phones;

/// <summary>
/// A loopback socket between two others: it counts what went over it, may hold it back, and stays where it is when the
/// far end is started again elsewhere.
/// </summary>
internal sealed class TcpTap : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _closing = new();
    private readonly Func<TapReader> _reader;
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _pairs = [];
    private readonly Task _accepting;
    private CancellationTokenSource _breaking = new();
    private long _up;
    private long _down;

    /// <param name="reader">Cuts what goes over into pieces that pass, or do not; one for each direction.</param>
    public TcpTap(Func<TapReader> reader)
    {
        _reader = reader;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>Where it leads; null for nowhere.</summary>
    public IPEndPoint? Target { get; set; }

    /// <summary>Nothing passes: what was connected is broken off, and nobody is connected.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate) return _breaking.IsCancellationRequested;
        }
        set
        {
            CancellationTokenSource breaking;
            lock (_gate)
            {
                if (!value && _breaking.IsCancellationRequested) _breaking = new CancellationTokenSource();
                breaking = _breaking;
            }

            if (value) breaking.Cancel();
        }
    }

    /// <summary>Octets that went to the far end, and that came from it.</summary>
    public (long Up, long Down) Octets => (Interlocked.Read(ref _up), Interlocked.Read(ref _down));

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        await _accepting;
        Task[] pairs;
        lock (_gate) pairs = [.. _pairs];
        await Task.WhenAll(pairs);
        _closing.Dispose();
        _breaking.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptAsync(_closing.Token);
                lock (_gate)
                {
                    _pairs.RemoveWhere(pair => pair.IsCompleted);
                    _pairs.Add(ServeAsync(near));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task ServeAsync(Socket near)
    {
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using (near)
        {
            CancellationToken broken;
            lock (_gate) broken = _breaking.Token;
            if (Target is not { } target || broken.IsCancellationRequested) return;
            try
            {
                await far.ConnectAsync(target, _closing.Token);
                near.NoDelay = far.NoDelay = true;
                using var over = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token, broken);
                var up = PumpAsync(near, far, isUp: true, over.Token);
                var down = PumpAsync(far, near, isUp: false, over.Token);
                await Task.WhenAny(up, down);
                await over.CancelAsync();
                await Task.WhenAll(up, down);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // Nobody is there, or all is over.
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool isUp, CancellationToken over)
    {
        var (reader, octets) = (_reader(), new byte[4096]);
        try
        {
            while (await from.ReceiveAsync(octets, over) is > 0 and var count)
            {
                foreach (var piece in reader(isUp, octets.AsSpan(0, count)))
                {
                    Interlocked.Add(ref (isUp ? ref _up : ref _down), piece.Length);
                    for (var rest = piece.AsMemory(); !rest.IsEmpty;) rest = rest[await to.SendAsync(rest, over)..];
                }
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The end of this connection.
        }
    }
}

/// <summary>What passes of what came.</summary>
internal delegate IReadOnlyList<byte[]> TapReader(bool isUp, ReadOnlySpan<byte> octets);
