using System.Net;
using Tessera.Wire;

namespace Tessera.Phone.Rtp;

/// <content>Reports of RTCP: how well each end hears the other.</content>
public sealed partial class RtpSession
{
    private const long NtpEpochSeconds = 2_208_988_800;

    /// <summary>NTP counts its middle 32 bits in 1/65536 of a second.</summary>
    private const double MiddleUnit = 65536;

    private uint _lastReport;
    private DateTimeOffset _lastReportAt;
    private TimeSpan? _roundTrip;

    /// <summary>The peer said that it ends.</summary>
    public bool PeerLeft { get; private set; }

    /// <summary>Makes the datagram that says how this end hears, and what it sent.</summary>
    /// <param name="leaves">This end says goodbye.</param>
    public Bytes Report(DateTimeOffset now, bool leaves = false)
    {
        lock (_gate)
        {
            var ssrc = _options.Start.Ssrc;
            Sequence<ReceptionReport> reports = _source.Received == 0 ? [] : [_source.Report(_lastReport, Delay(now))];
            RtcpPacket report = _sent == 0
                ? new ReceiverReport(ssrc, reports)
                : new SenderReport(ssrc, Ntp(now), _timestamp, _sent, _sentOctets, reports);
            var description = new SourceDescription(ssrc, _options.CanonicalName);
            Sequence<RtcpPacket> packets =
                leaves ? [report, description, new Goodbye(ssrc, "")] : [report, description];
            return new RtcpCompound(packets).ToBytes();
        }
    }

    /// <summary>Takes a datagram that came to the port of reports.</summary>
    public void ReceiveReport(ReadOnlySpan<byte> datagram, SocketAddress from, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (!from.Equals(ReportAddress))
            {
                _strangers++;
                return;
            }

            try
            {
                foreach (var packet in RtcpCompound.Read(datagram).Packets) Take(packet, now);
            }
            catch (WireFormatException)
            {
                _misread++;
            }
        }
    }

    /// <summary>Reports have the port behind that of the sound (RFC 3550 §11); null where there is none.</summary>
    internal SocketAddress? ReportAddress =>
        Agreement.Remote is { Port: > 0 and < IPEndPoint.MaxPort } sound
            ? new IPEndPoint(sound.Address, sound.Port + 1).Serialize()
            : null;

    private void Take(RtcpPacket packet, DateTimeOffset now)
    {
        switch (packet)
        {
            case SenderReport report:
                (_lastReport, _lastReportAt) = (Middle(report.Time), now);
                Measure(report.Reports, now);
                break;
            case ReceiverReport report:
                Measure(report.Reports, now);
                break;
            case Goodbye:
                PeerLeft = true;
                break;
        }
    }

    /// <summary>The time from our report to its answer, without what the peer kept it (RFC 3550 §6.4.1).</summary>
    private void Measure(Sequence<ReceptionReport> reports, DateTimeOffset now)
    {
        foreach (var report in reports)
        {
            if (report.Ssrc != _options.Start.Ssrc || report.LastReport == 0) continue;
            var trip = (int)(Middle(Ntp(now)) - report.LastReport - report.Delay);
            _roundTrip = TimeSpan.FromSeconds(Math.Max(0, trip) / MiddleUnit);
        }
    }

    private uint Delay(DateTimeOffset now) =>
        _lastReport == 0 ? 0 : (uint)((now - _lastReportAt).TotalSeconds * MiddleUnit);

    private static ulong Ntp(DateTimeOffset time)
    {
        var ticks = (ulong)(time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks);
        var seconds = (ticks / TimeSpan.TicksPerSecond) + NtpEpochSeconds;
        return (seconds << 32) | ((ticks % TimeSpan.TicksPerSecond << 32) / TimeSpan.TicksPerSecond);
    }

    private static uint Middle(ulong ntp) => (uint)(ntp >> 16);
}
