using System.Net;
using System.Net.Sockets;
using Tessera.Wire;

namespace Tessera.Phone.Sip;

/// <summary>
/// Messages over connections, ours and the peers'; one that stands is used again, whoever made it (RFC 3261 §18.1.1,
/// §18.2.2).
/// </summary>
internal sealed class TcpTransport : ISipTransport
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPEndPoint, (TcpConnection Connection, Task Serving)> _connections = [];
    private readonly Socket _socket;
    private readonly SipLimits _limits;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closing = new();
    private ISipReceiver? _receiver;
    private Task _accepting = Task.CompletedTask;

    public TcpTransport(IPEndPoint local, SipLimits limits, TimeProvider time)
    {
        (_limits, _time) = (limits, time);
        _socket = new Socket(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.Bind(local);
            _socket.Listen();
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        Local = (IPEndPoint)_socket.LocalEndPoint!;
    }

    public string Name => SipFlow.Tcp;

    public IPEndPoint Local { get; }

    public void Start(ISipReceiver receiver)
    {
        _receiver = receiver;
        _accepting = Task.Run(() => AcceptAsync(_closing.Token), CancellationToken.None);
    }

    public bool IsConnected(IPEndPoint remote)
    {
        lock (_gate) return _connections.ContainsKey(remote);
    }

    public void Send(Bytes message, IPEndPoint remote)
    {
        bool sent;
        lock (_gate)
        {
            sent = _connections.ContainsKey(remote) || Serve(remote, socket: null);
            if (sent) _connections[remote].Connection.Send(message);
        }

        if (sent) return;
        var flow = new SipFlow(Name, remote);
        _ = Task.Run(() => _receiver!.Lost(flow, "There are too many connections."), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested) return;
        await _closing.CancelAsync();
        await _accepting;
        Task[] serving;
        lock (_gate) serving = [.. _connections.Values.Select(entry => entry.Serving)];
        await Task.WhenAll(serving);
        _socket.Dispose();
        _closing.Dispose();
    }

    private async Task AcceptAsync(CancellationToken closing)
    {
        while (!closing.IsCancellationRequested)
        {
            try
            {
                var socket = await _socket.AcceptAsync(closing);
                var remote = (IPEndPoint)socket.RemoteEndPoint!;
                bool served;
                lock (_gate) served = Serve(remote, socket);
                if (!served) socket.Dispose();
            }
            catch (SocketException)
            {
                // That connection was gone before it began, or there are no handles left: the next may do.
                await Task.Delay(Pause, _time, CancellationToken.None);
            }
            catch (OperationCanceledException) when (closing.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Begins to serve a connection; false where there are too many.</summary>
    private bool Serve(IPEndPoint remote, Socket? socket)
    {
        if (_connections.Count >= _limits.Connections || _closing.IsCancellationRequested) return false;
        var connection = new TcpConnection(remote, _limits, _time);
        _connections[remote] = (connection, Task.Run(() => RunAsync(connection, socket), CancellationToken.None));
        return true;
    }

    private async Task RunAsync(TcpConnection connection, Socket? socket)
    {
        var flow = new SipFlow(Name, connection.Remote);
        var reason = await connection.RunAsync(
            socket, message => _receiver!.Received(message.Span, flow), _closing.Token);
        lock (_gate)
        {
            _connections.Remove(connection.Remote);
            connection.Dispose();
        }

        _receiver!.Lost(flow, reason);
    }
}
