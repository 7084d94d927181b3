using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Tessera.Wire;

namespace Tessera.Phone.Sip;

/// <summary>One TCP connection: a loop that reads, one that writes, and a limit to its silence.</summary>
internal sealed class TcpConnection : IDisposable
{
    private static readonly Bytes Pong = new("\r\n"u8.ToArray());

    private readonly SipLimits _limits;
    private readonly ITimer _silence;
    private readonly Channel<Bytes> _outgoing;
    private readonly CancellationTokenSource _ending = new();

    public TcpConnection(IPEndPoint remote, SipLimits limits, TimeProvider time)
    {
        (Remote, _limits) = (remote, limits);
        _outgoing = Channel.CreateBounded<Bytes>(new BoundedChannelOptions(limits.Outgoing) { SingleReader = true });
        _silence = time.CreateTimer(_ => End(), state: null, limits.Silence, Timeout.InfiniteTimeSpan);
    }

    public IPEndPoint Remote { get; }

    /// <summary>Puts a message in line; a peer that takes nothing loses its connection.</summary>
    public void Send(Bytes message)
    {
        if (!_outgoing.Writer.TryWrite(message)) End();
    }

    public void End()
    {
        try
        {
            _ = _ending.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself.
        }
    }

    /// <summary>Serves the connection to its end and tells why it ended.</summary>
    /// <param name="socket">Connected, or null to connect first; owned from now on.</param>
    public async Task<string> RunAsync(Socket? socket, Action<Bytes> received, CancellationToken closing)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(closing, _ending.Token);
        try
        {
            socket ??= await ConnectAsync(either.Token);
            socket.NoDelay = true;
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            var first = await Task.WhenAny(
                ReadAsync(PipeReader.Create(stream), received, either.Token), WriteAsync(stream, either.Token));
            await either.CancelAsync();
            return await first;
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            return e is OperationCanceledException ? "The connection was given up." : e.Message;
        }
        finally
        {
            socket?.Dispose();
        }
    }

    public void Dispose()
    {
        _silence.Dispose();
        _ending.Dispose();
    }

    private async Task<Socket> ConnectAsync(CancellationToken ending)
    {
        var socket = new Socket(Remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(Remote, ending);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<string> ReadAsync(PipeReader input, Action<Bytes> received, CancellationToken ending)
    {
        while (true)
        {
            var read = await input.ReadAsync(ending);
            _silence.Change(_limits.Silence, Timeout.InfiniteTimeSpan);
            var buffer = read.Buffer;
            FrameResult result;
            while ((result = SipFramer.TryRead(ref buffer, _limits, out var message))
                is FrameResult.Message or FrameResult.Ping)
            {
                if (result == FrameResult.Ping) Send(Pong);
                else received(message);
            }

            if (result == FrameResult.Broken) return "The peer sent what is no SIP.";
            if (read.IsCompleted) return "The peer closed the connection.";
            input.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private async Task<string> WriteAsync(NetworkStream stream, CancellationToken ending)
    {
        await foreach (var message in _outgoing.Reader.ReadAllAsync(ending))
            await stream.WriteAsync(message.Memory, ending);
        return "Nothing more is sent.";
    }
}
