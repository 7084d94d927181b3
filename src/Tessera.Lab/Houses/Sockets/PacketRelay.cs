using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Tessera.Phone.Rtp;

namespace Tessera.Lab.Houses.Sockets;

/// <summary>
/// Passes the packets of a call on, sound and reports, as they are: octet for octet. What a fault takes away does not
/// come, nothing is ever changed.
/// </summary>
/// <param name="heard">Told, on any thread, of each packet of sound that passes.</param>
/// <param name="lost">Told of each that does not.</param>
internal sealed class PacketRelay(
    LineGate gate, TimeProvider time, Action<LineDirection, ReadOnlyMemory<byte>> heard, Action<LineDirection> lost)
    : IAsyncDisposable
{
    /// <summary>Packets that wait for their time: more than the longest delay has.</summary>
    private const int MostWaiting = 512;

    private readonly CancellationTokenSource _over = new();
    private readonly RtpPort _house = RtpPort.Bind(IPAddress.Loopback);
    private readonly RtpPort _network = RtpPort.Bind(IPAddress.Loopback);
    private readonly List<Task> _running = [];

    /// <summary>Where the house sends to.</summary>
    public IPEndPoint House => _house.EndPoint;

    /// <summary>Where the network sends to.</summary>
    public IPEndPoint Network => _network.EndPoint;

    /// <summary>Begins to pass packets on between two that are known, and of nobody else.</summary>
    public void Start(IPEndPoint house, IPEndPoint network)
    {
        Pass(LineDirection.Out, (_house.Sound, house), (_network.Sound, network), isSound: true);
        Pass(LineDirection.In, (_network.Sound, network), (_house.Sound, house), isSound: true);
        var (houseReports, networkReports) = (Behind(house), Behind(network));
        Pass(LineDirection.Out, (_house.Reports, houseReports), (_network.Reports, networkReports), isSound: false);
        Pass(LineDirection.In, (_network.Reports, networkReports), (_house.Reports, houseReports), isSound: false);
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_running);
        _house.Dispose();
        _network.Dispose();
        _over.Dispose();
    }

    /// <summary>Reports have the port behind that of the sound (RFC 3550 §11).</summary>
    private static IPEndPoint Behind(IPEndPoint sound) => new(sound.Address, sound.Port + 1);

    private void Pass(
        LineDirection direction, (Socket Socket, IPEndPoint Peer) from, (Socket Socket, IPEndPoint Peer) to, bool isSound)
    {
        var waiting = Channel.CreateBounded<Packet>(new BoundedChannelOptions(MostWaiting)
        {
            FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true, SingleWriter = true,
        });
        _running.Add(TakeAsync(direction, from, waiting.Writer, isSound));
        _running.Add(SendAsync(waiting.Reader, to));
    }

    private async Task TakeAsync(
        LineDirection direction, (Socket Socket, IPEndPoint Peer) from, ChannelWriter<Packet> waiting, bool isSound)
    {
        var (octets, sender, peer) =
            (new byte[RtpPacket.MaxLength + 1], new SocketAddress(AddressFamily.InterNetwork), from.Peer.Serialize());
        try
        {
            while (true)
            {
                var length = await ReceiveAsync(from.Socket, octets, sender);
                if (length is 0 or > RtpPacket.MaxLength || !sender.Equals(peer)) continue;
                if (!gate.Passes())
                {
                    if (isSound) lost(direction);
                    continue;
                }

                var packet = octets[..length];
                if (isSound) heard(direction, packet);
                waiting.TryWrite(new Packet(packet, time.GetTimestamp()));
            }
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // The call is over.
        }
    }

    /// <returns>Octets of a datagram; 0 where the system told of an earlier one that arrived nowhere.</returns>
    private async ValueTask<int> ReceiveAsync(Socket socket, Memory<byte> octets, SocketAddress sender)
    {
        try
        {
            return await socket.ReceiveFromAsync(octets, SocketFlags.None, sender, _over.Token);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    private async Task SendAsync(ChannelReader<Packet> waiting, (Socket Socket, IPEndPoint Peer) to)
    {
        var peer = to.Peer.Serialize();
        try
        {
            await foreach (var packet in waiting.ReadAllAsync(_over.Token))
            {
                var left = gate.Delay - time.GetElapsedTime(packet.Taken);
                if (left > TimeSpan.Zero) await Task.Delay(left, time, _over.Token);
                Send(to.Socket, packet.Octets, peer);
            }
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // The call is over.
        }
    }

    private static void Send(Socket socket, byte[] octets, SocketAddress peer)
    {
        try
        {
            socket.SendTo(octets, SocketFlags.None, peer);
        }
        catch (SocketException)
        {
            // Nobody is at that port any more: lost, as on any network.
        }
    }

    private sealed record Packet(byte[] Octets, long Taken);
}
