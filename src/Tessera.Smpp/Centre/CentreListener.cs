using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace Tessera.Smpp.Centre;

/// <summary>A TCP port of the centre, for ESMEs or for phones.</summary>
public sealed class CentreListener : IAsyncDisposable
{
    private const int Backlog = 128;

    /// <summary>Before the next accept where the system had no room for a connection.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<Task> _connections = [];
    private readonly Func<IDuplexPipe, CancellationToken, Task> _serve;
    private readonly int _maxConnections;
    private readonly Task _accepting;

    private CentreListener(
        IPEndPoint address, Func<IDuplexPipe, CancellationToken, Task> serve, int maxConnections)
    {
        (_serve, _maxConnections) = (serve, maxConnections);
        _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _socket.Bind(address);
        _socket.Listen(Backlog);
        Address = (IPEndPoint)_socket.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    /// <summary>With the port that was taken where 0 was asked for.</summary>
    public IPEndPoint Address { get; }

    /// <summary>Listens and serves each connection; one more than the most is closed at once.</summary>
    /// <param name="serve">Such as <see cref="ShortMessageCentre.ServePhoneAsync"/>; must not throw.</param>
    /// <exception cref="SocketException">The port is taken, or not to be had.</exception>
    public static CentreListener Start(
        IPEndPoint address, Func<IDuplexPipe, CancellationToken, Task> serve, int maxConnections = 1024) =>
        new(address, serve, maxConnections);

    /// <summary>Ends all connections and frees the port.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        Task[] connections;
        lock (_connections) connections = [.. _connections];
        await Task.WhenAll(connections);
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Begin(await _socket.AcceptAsync(_stop.Token));
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException)
            {
                await Task.WhenAny(Task.Delay(Pause, _stop.Token));
            }
        }
    }

    private void Begin(Socket socket)
    {
        lock (_connections)
        {
            if (_connections.Count >= _maxConnections)
            {
                socket.Dispose();
                return;
            }

            var connection = ServeAsync(socket);
            _connections.Add(connection);
            _ = connection.ContinueWith(
                done =>
                {
                    lock (_connections) _connections.Remove(done);
                },
                CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await _serve(new SocketPipe(socket), _stop.Token);
    }
}
