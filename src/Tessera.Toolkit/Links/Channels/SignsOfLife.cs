using System.Net.Sockets;

namespace Tessera.Toolkit.Links;

/// <summary>How a side of a TCP connection learns that the other has gone (docs/protocols/link.md §1).</summary>
public static class SignsOfLife
{
    /// <summary>Before a peer is asked: 15 s.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    /// <summary>Asks a silent peer for a sign of life; four questions without an answer end the connection.</summary>
    /// <param name="silence">Before the first question, in whole seconds.</param>
    public static void KeepAlive(this Socket socket, TimeSpan silence)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)silence.TotalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
    }
}
