using System.Net;
using System.Net.Sockets;

namespace Tessera.Phone.Rtp;

/// <summary>
/// Two UDP ports beside each other: an even one for the sound of a call, the odd one behind it for reports (RFC 3550
/// §11).
/// </summary>
public sealed class RtpPort : IDisposable
{
    private const int Tries = 100;

    /// <summary>What the system keeps of a call while nobody reads, in octets.</summary>
    private const int Buffer = 1 << 16;

    private RtpPort(Socket sound, Socket reports) => (Sound, Reports) = (sound, reports);

    /// <summary>Where the peer sends its sound to.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)Sound.LocalEndPoint!;

    /// <summary>Takes and sends the sound; it does not block.</summary>
    public Socket Sound { get; }

    /// <summary>Takes and sends the reports; it does not block.</summary>
    public Socket Reports { get; }

    /// <summary>Any two that are free.</summary>
    /// <exception cref="SocketException">None are.</exception>
    public static RtpPort Bind(IPAddress address)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return BindAny(address);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse && tries < Tries)
            {
                // Its neighbour is somebody else's: another pair.
            }
        }
    }

    /// <summary>The first two that are free of a range that a firewall lets through.</summary>
    /// <exception cref="SocketException">None are.</exception>
    public static RtpPort Bind(IPAddress address, int first, int last)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, last - 1);
        for (var port = first + (first & 1); port < last; port += 2)
        {
            try
            {
                return BindPair(address, port);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another call has it.
            }
        }

        throw new SocketException((int)SocketError.AddressAlreadyInUse, $"All ports from {first} to {last} are taken.");
    }

    public void Dispose()
    {
        Sound.Dispose();
        Reports.Dispose();
    }

    /// <summary>The system gives any port; its neighbour is then known.</summary>
    private static RtpPort BindAny(IPAddress address)
    {
        var any = BindSocket(address, 0);
        var port = ((IPEndPoint)any.LocalEndPoint!).Port;
        try
        {
            var neighbour = BindSocket(address, port ^ 1);
            return port % 2 == 0 ? new RtpPort(any, neighbour) : new RtpPort(neighbour, any);
        }
        catch
        {
            any.Dispose();
            throw;
        }
    }

    private static RtpPort BindPair(IPAddress address, int port)
    {
        var sound = BindSocket(address, port);
        try
        {
            return new RtpPort(sound, BindSocket(address, port + 1));
        }
        catch
        {
            sound.Dispose();
            throw;
        }
    }

    private static Socket BindSocket(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp)
        {
            Blocking = false, ReceiveBufferSize = Buffer, SendBufferSize = Buffer,
        };
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
