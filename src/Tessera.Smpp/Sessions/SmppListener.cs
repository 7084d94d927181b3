using System.Net;
using System.Net.Sockets;

namespace Tessera.Smpp;

/// <summary>Serves every ESME that connects by TCP, up to a number of them.</summary>
public sealed class SmppListener : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly HashSet<SmppServerSession> _sessions = [];
    private readonly Socket _socket;
    private readonly SmppServerOptions _options;
    private readonly int _maxSessions;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _accepting;

    private SmppListener(Socket socket, SmppServerOptions options, int maxSessions)
    {
        (_socket, _maxSessions) = (socket, maxSessions);
        EndPoint = (IPEndPoint)socket.LocalEndPoint!;
        _options = options with { Ended = Ended };
        _accepting = AcceptAsync(_closing.Token);

        void Ended(SmppServerSession session, SessionEnd end)
        {
            lock (_gate) _sessions.Remove(session);
            options.Ended(session, end);
        }
    }

    /// <summary>Where ESMEs connect to.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Those that are connected, bound or not.</summary>
    public IReadOnlyList<SmppServerSession> Sessions
    {
        get
        {
            lock (_gate) return [.. _sessions];
        }
    }

    /// <param name="endPoint">Port 0 takes a free one.</param>
    /// <param name="maxSessions">One more is closed at once. Default 100.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static SmppListener Listen(IPEndPoint endPoint, SmppServerOptions options, int maxSessions = 100)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endPoint);
            socket.Listen();
            return new SmppListener(socket, options, maxSessions);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Takes no more connections and ends those there are with an unbind.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested) return;
        await _closing.CancelAsync();
        await _accepting;
        _socket.Dispose();
        await Task.WhenAll(Sessions.Select(session => session.DisposeAsync().AsTask()));
        _closing.Dispose();
    }

    private async Task AcceptAsync(CancellationToken closing)
    {
        try
        {
            while (true) await AcceptOneAsync(closing);
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            // Closed.
        }
    }

    private async Task AcceptOneAsync(CancellationToken closing)
    {
        try
        {
            Serve(await _socket.AcceptAsync(closing));
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            // That connection was gone before it began, or there are no handles left: the next may do.
            await Task.Delay(Pause, _options.Time, closing);
        }
    }

    private void Serve(Socket socket)
    {
        lock (_gate)
        {
            if (_sessions.Count >= _maxSessions)
            {
                socket.Dispose();
                return;
            }

            _sessions.Add(SmppServerSession.Start(new SocketPipe(socket), _options));
        }
    }
}
