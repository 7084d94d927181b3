using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Tessera.Phone.Sound;

namespace Tessera.Phone.Rtp;

/// <summary>A call under way: a session with its ports, moved on by a <see cref="RtpPacer"/>.</summary>
public sealed class RtpCall : IAsyncDisposable
{
    /// <summary>Datagrams taken at once; others wait in the system, or are lost there.</summary>
    private const int MaxTaken = 32;

    /// <summary>Blocks between reports: 5 s, half of it more or less (RFC 3550 §6.2).</summary>
    private const int LeastReport = 125;

    private const int MostReport = 375;

    private readonly RtpPort _port;
    private readonly AudioExchange _exchange;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly short[] _heard = new short[AudioBlock.Length];
    private readonly short[] _spoken = new short[AudioBlock.Length];
    private readonly byte[] _datagram = new byte[RtpPacket.MaxLength + 1];
    private readonly SocketAddress _from;
    private readonly Action<ReadOnlyMemory<byte>> _takeSound;
    private readonly Action<ReadOnlyMemory<byte>> _takeReport;
    private int _untilReport = LeastReport;
    private volatile bool _ending;

    internal RtpCall(RtpPort port, RtpSession session, AudioExchange exchange, TimeProvider time)
    {
        (_port, Session, _exchange, _time) = (port, session, exchange, time);
        _from = new SocketAddress(port.EndPoint.AddressFamily);
        _takeSound = octets => Session.Receive(octets, _from);
        _takeReport = octets => Session.ReceiveReport(octets.Span, _from, _time.GetUtcNow());
    }

    public RtpSession Session { get; }

    /// <summary>Ends with the call; fails with what its <see cref="AudioExchange"/> threw.</summary>
    public Task Completion => _ended.Task;

    /// <summary>Ends the call: the peer is told so and the ports are free again.</summary>
    public async ValueTask DisposeAsync()
    {
        _ending = true;
        await _ended.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Moves on by 20 ms.</summary>
    /// <returns>Whether the call goes on.</returns>
    internal bool Tick()
    {
        if (_ending)
        {
            End(null);
            return false;
        }

        try
        {
            Exchange();
            return true;
        }
        catch (Exception e)
        {
            // One call that fails is no reason for the others to stop: who owns it learns why.
            End(e);
            return false;
        }
    }

    internal void End(Exception? failure)
    {
        using (_port) SendReport(leaves: true);
        if (failure is null) _ended.TrySetResult();
        else _ended.TrySetException(failure);
    }

    private void Exchange()
    {
        Take(_port.Sound, _takeSound);
        Take(_port.Reports, _takeReport);

        var concealed = Session.Read(_heard);
        _spoken.AsSpan().Clear();
        _exchange(_heard, concealed, _spoken);
        var length = Session.Write(_spoken, _datagram);
        if (length > 0) Send(_port.Sound, _datagram.AsSpan(0, length), Session.PeerAddress);

        if (--_untilReport > 0) return;
        _untilReport = RandomNumberGenerator.GetInt32(LeastReport, MostReport + 1);
        SendReport(leaves: false);
    }

    private void Take(Socket socket, Action<ReadOnlyMemory<byte>> receive)
    {
        for (var taken = 0; taken < MaxTaken && socket.Poll(0, SelectMode.SelectRead); taken++)
        {
            try
            {
                receive(_datagram.AsMemory(0, socket.ReceiveFrom(_datagram, SocketFlags.None, _from)));
            }
            catch (SocketException)
            {
                // An error of an earlier datagram, such as nobody at the port of the peer.
                Session.CountFailure();
            }
        }
    }

    private void Send(Socket socket, ReadOnlySpan<byte> octets, SocketAddress to)
    {
        try
        {
            socket.SendTo(octets, SocketFlags.None, to);
        }
        catch (SocketException)
        {
            Session.CountFailure();
        }
    }

    private void SendReport(bool leaves)
    {
        if (Session.ReportAddress is { } to) Send(_port.Reports, Session.Report(_time.GetUtcNow(), leaves).Span, to);
    }
}
