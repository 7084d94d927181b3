using System.Net;
using System.Net.Sockets;
using Tessera.Wire;

namespace Tessera.Phone.Sip;

/// <summary>One message a datagram (RFC 3261 §18.1.1).</summary>
internal sealed class UdpTransport : ISipTransport
{
    private const int LongestDatagram = 65_535;

    private readonly Socket _socket;
    private readonly CancellationTokenSource _closing = new();
    private ISipReceiver? _receiver;
    private Task _receiving = Task.CompletedTask;

    public UdpTransport(IPEndPoint local)
    {
        _socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            _socket.Bind(local);
            _socket.Blocking = false;
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        Local = (IPEndPoint)_socket.LocalEndPoint!;
    }

    public string Name => SipFlow.Udp;

    public IPEndPoint Local { get; }

    public void Start(ISipReceiver receiver)
    {
        _receiver = receiver;
        _receiving = Task.Run(() => ReceiveAsync(_closing.Token), CancellationToken.None);
    }

    public bool IsConnected(IPEndPoint remote) => false;

    public void Send(Bytes message, IPEndPoint remote)
    {
        try
        {
            _socket.SendTo(message.Span, SocketFlags.None, remote);
        }
        catch (SocketException e)
            when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable)
        {
            // Lost on the way: UDP may, and whatever matters is sent again.
        }
        catch (SocketException e)
        {
            _ = Task.Run(() => _receiver?.Lost(new SipFlow(Name, remote), e.Message), CancellationToken.None);
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile.
        }
    }

    /// <summary>Gives up a socket that never began to receive.</summary>
    public void Close()
    {
        _socket.Dispose();
        _closing.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested) return;
        await _closing.CancelAsync();
        await _receiving;
        _socket.Dispose();
        _closing.Dispose();
    }

    private async Task ReceiveAsync(CancellationToken closing)
    {
        var buffer = new byte[LongestDatagram];
        var isOld = Local.AddressFamily == AddressFamily.InterNetwork;
        var any = new IPEndPoint(isOld ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!closing.IsCancellationRequested)
        {
            try
            {
                var received = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, any, closing);
                _receiver!.Received(
                    buffer.AsSpan(0, received.ReceivedBytes), new SipFlow(Name, (IPEndPoint)received.RemoteEndPoint));
            }
            catch (SocketException)
            {
                // A datagram of ours that nobody took comes back as an error of the next receive.
            }
            catch (OperationCanceledException) when (closing.IsCancellationRequested)
            {
                return;
            }
        }
    }
}
