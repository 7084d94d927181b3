using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Tessera.Toolkit.Links;
using Tessera.VirtualCard.Os;
using Tessera.Wire;

namespace Tessera.VirtualCard.Vpcd;

/// <summary>Messages over a socket, which it owns, on either side. One sender, one receiver at a time.</summary>
internal sealed class VpcdConnection : IDisposable
{
    private const int TcpLevel = 6;
    private const int QuickAck = 12;
    private static readonly byte[] On = [1, 0, 0, 0];

    private readonly Socket _socket;
    private readonly byte[] _received = new byte[VpcdFrame.HeaderLength + VpcdFrame.MaxContent];
    private int _length;

    public VpcdConnection(Socket socket)
    {
        socket.NoDelay = true;
        _socket = socket;
    }

    /// <exception cref="ConnectionLostException">Nobody listens there.</exception>
    public static async Task<VpcdConnection> ConnectAsync(EndPoint reader, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(reader, cancel);
            return new VpcdConnection(socket);
        }
        catch (Exception e)
        {
            socket.Dispose();
            if (e is SocketException) throw new ConnectionLostException($"No reader at {reader}.", e);
            throw;
        }
    }

    /// <summary>The next message, or null when the peer ended the stream between two messages.</summary>
    /// <exception cref="ConnectionLostException">The stream broke, or ended inside a message.</exception>
    /// <exception cref="WireFormatException">The peer sent what is no message.</exception>
    public async ValueTask<VpcdFrame?> ReceiveAsync(CancellationToken cancel)
    {
        while (true)
        {
            switch (TryTake(out var frame))
            {
                case FrameResult.Frame:
                    return frame;
                case FrameResult.Broken:
                    throw new WireFormatException("length", 0, "is 0");
            }

            var count = await ReadAsync(cancel);
            if (count == 0 && _length == 0) return null;
            if (count == 0) throw new ConnectionLostException("The stream ended inside a message.");
            _length += count;
        }
    }

    /// <exception cref="ConnectionLostException">The stream broke.</exception>
    public async ValueTask SendAsync(VpcdFrame frame, CancellationToken cancel)
    {
        var octets = Bytes.Of(frame);
        try
        {
            for (var rest = octets.Memory; !rest.IsEmpty;) rest = rest[await _socket.SendAsync(rest, cancel)..];
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw new ConnectionLostException("The stream broke.", e);
        }
        finally
        {
            octets.Erase();
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        CryptographicOperations.ZeroMemory(_received);
    }

    /// <summary>What follows the message moves to the front; what is left behind it is erased.</summary>
    private FrameResult TryTake(out VpcdFrame frame)
    {
        var rest = new ReadOnlySequence<byte>(_received, 0, _length);
        var result = VpcdFramer.TryRead(ref rest, out frame);
        if (result != FrameResult.Frame) return result;

        var kept = (int)rest.Length;
        _received.AsSpan(_length - kept, kept).CopyTo(_received);
        CryptographicOperations.ZeroMemory(_received.AsSpan(kept, _length - kept));
        _length = kept;
        return result;
    }

    /// <summary>
    /// vpcd writes length and content apart: without an acknowledgement at once Nagle's algorithm holds the second for
    /// 40 ms. Linux forgets the option after each use.
    /// </summary>
    private async ValueTask<int> ReadAsync(CancellationToken cancel)
    {
        try
        {
            if (OperatingSystem.IsLinux()) _socket.SetRawSocketOption(TcpLevel, QuickAck, On);
            return await _socket.ReceiveAsync(_received.AsMemory(_length), cancel);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw new ConnectionLostException("The stream broke.", e);
        }
    }
}
