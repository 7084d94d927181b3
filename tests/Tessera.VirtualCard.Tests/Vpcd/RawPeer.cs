using System.Net;
using System.Net.Sockets;
using Tessera.Wire;

namespace Tessera.VirtualCard.Tests.Vpcd;

/// <summary>The other end of a vpcd link as bare octets, to say what no reader and no card would.</summary>
internal sealed class RawPeer(Socket socket) : IDisposable
{
    public static async Task<RawPeer> ConnectAsync(IPEndPoint reader, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(reader, cancel);
        return new RawPeer(socket);
    }

    public async Task SendAsync(string hex, CancellationToken cancel) =>
        await socket.SendAsync(Bytes.FromHex(hex).Memory, cancel);

    /// <summary>Waits for exactly these octets.</summary>
    public async Task ExpectAsync(string hex, CancellationToken cancel)
    {
        var expected = Bytes.FromHex(hex);
        var received = new byte[expected.Length];
        for (var length = 0; length < received.Length;)
        {
            var count = await socket.ReceiveAsync(received.AsMemory(length), cancel);
            Xunit.Assert.NotEqual(0, count);
            length += count;
        }

        Xunit.Assert.Equal(expected, new Bytes(received));
    }

    /// <summary>Waits for the end of the stream.</summary>
    public async Task ExpectEndAsync(CancellationToken cancel)
    {
        try
        {
            Xunit.Assert.Equal(0, await socket.ReceiveAsync(new byte[1], cancel));
        }
        catch (SocketException)
        {
            // An end without a farewell is one too.
        }
    }

    public void Dispose() => socket.Dispose();
}

/// <summary>A reader that accepts cards as bare octets.</summary>
internal sealed class RawReader : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public RawReader()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    public async Task<RawPeer> AcceptAsync(CancellationToken cancel) => new(await _listener.AcceptAsync(cancel));

    public void Dispose() => _listener.Dispose();
}
