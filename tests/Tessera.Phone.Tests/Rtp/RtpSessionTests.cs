using System.Net;
using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;
using Tessera.Phone.Sound;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Rtp;

public class RtpSessionTests
{
    private const byte Events = 101;

    private static readonly IPEndPoint Here = new(IPAddress.Loopback, 4000);
    private static readonly IPEndPoint There = new(IPAddress.Loopback, 4002);

    private readonly RtpSession _here = Session(There, AudioCodec.Pcma);
    private readonly RtpSession _there = Session(Here, AudioCodec.Pcma);
    private readonly byte[] _datagram = new byte[RtpSession.MaxDatagram];

    [Fact]
    public void What_is_said_here_is_heard_there()
    {
        var said = Tone(50);
        var heard = new List<short>();
        foreach (var block in said.Chunk(AudioBlock.Length))
        {
            Assert.Equal(RtpSession.MaxDatagram, Say(block));
            Deliver();
            heard.AddRange(Hear().Block);
        }

        Assert.Equal(
            said.SkipLast(2 * AudioBlock.Length).Select(sample => G711.DecodeA(G711.EncodeA(sample))),
            heard.Skip(2 * AudioBlock.Length));
        Assert.Equal(50, _here.Statistics.Sent);
        Assert.Equal(
            (50L, 0L, 0L), (_there.Statistics.Received, _there.Statistics.Lost, _there.Statistics.Misread));
    }

    [Fact]
    public void Numbers_begin_where_chance_says_and_go_on_by_one_and_160()
    {
        var start = new RtpStart(0x01020304, 0xFFFF, 0xFFFFFFF0);
        var session = new RtpSession(Agreed(There), new RtpOptions { Start = start });
        var packets = Enumerable.Range(0, 3).Select(_ => RtpPacket.Read(new Bytes(Made(session))))
            .Select(packet => packet with { Payload = default });

        Assert.Equal(
            [
                new RtpPacket(true, 0, 0xFFFF, 0xFFFFFFF0, 0x01020304, default),
                new RtpPacket(false, 0, 0x0000, 0x00000090, 0x01020304, default),
                new RtpPacket(false, 0, 0x0001, 0x00000130, 0x01020304, default),
            ],
            packets);
        Assert.NotEqual(RtpStart.Random(), RtpStart.Random());
    }

    [Fact]
    public void A_strangers_packets_are_counted_and_not_heard()
    {
        Say(Tone(1));
        _there.Receive(_datagram, new IPEndPoint(IPAddress.Loopback, 4001).Serialize());
        _there.Receive(_datagram, new IPEndPoint(IPAddress.Parse("127.0.0.2"), 4000).Serialize());

        Assert.Equal((0L, 2L), (_there.Statistics.Received, _there.Statistics.FromStrangers));
        Assert.True(Hear().Concealed);
    }

    [Fact]
    public void A_lost_packet_is_made_up_and_told()
    {
        var concealed = new List<bool>();
        for (var i = 0; i < 20; i++)
        {
            Say(Tone(1));
            if (i != 10) Deliver();
            concealed.Add(Hear().Concealed);
        }

        Assert.Equal([0, 1, 12], concealed.Index().Where(block => block.Item).Select(block => block.Index));
        Assert.Equal(1, _there.Statistics.Lost);
    }

    [Fact]
    public void A_packet_that_comes_twice_is_heard_once()
    {
        for (var i = 0; i < 20; i++)
        {
            Say(Tone(1));
            for (var copies = 0; copies < 3; copies++) Deliver();
            Hear();
        }

        Assert.Equal((20L, 40L, 0L), (_there.Statistics.Received, _there.Statistics.Duplicate, _there.Statistics.Late));
    }

    [Fact]
    public void A_payload_that_was_not_agreed_upon_is_not_heard()
    {
        Say(Tone(1));
        _datagram[1] = 9;
        Deliver();
        new byte[] { 1, 2, 3 }.CopyTo(_datagram, 0);
        _there.Receive(_datagram.AsMemory(..3), Here.Serialize());

        Assert.Equal((0L, 2L), (_there.Statistics.Received, _there.Statistics.Misread));
    }

    [Fact]
    public void Both_laws_are_understood()
    {
        var mu = Session(There, AudioCodec.Pcmu);
        for (var i = 0; i < 3; i++)
        {
            var octets = Made(mu, Tone(1));
            _there.Receive(octets, Here.Serialize());
            Hear();
        }

        Assert.Equal(Tone(1).Select(sample => G711.DecodeMu(G711.EncodeMu(sample))), Hear().Block);
    }

    [Fact]
    public void A_key_is_pressed_here_and_told_there_once()
    {
        foreach (var key in "10A*#") _here.Press(key);
        var timestamps = new List<uint>();
        for (var i = 0; i < 60; i++)
        {
            var length = Say(Tone(1));
            timestamps.Add(RtpPacket.Read(new Bytes(_datagram.AsMemory(..length).ToArray())).Timestamp);
            // Every fourth packet is lost, and the others come twice.
            if (i % 4 != 1) Deliver(length);
            if (i % 4 != 1) Deliver(length);
            Hear();
        }

        var told = "";
        while (_there.TryReadKey(out var key)) told += key;
        Assert.Equal("10A*#", told);
        Assert.False(_here.IsPressing);
        // The clock of the sound went on behind the events.
        Assert.Equal(59 * 160, (int)(timestamps[^1] - timestamps[0]));
    }

    [Fact]
    public void Without_agreement_there_are_no_events()
    {
        var plain = new RtpSession(Agreed(There), new RtpOptions());
        Assert.False(plain.CanPress);
        Assert.Throws<InvalidOperationException>(() => plain.Press('1'));
    }

    [Fact]
    public void On_hold_nothing_is_sent_and_the_clock_goes_on()
    {
        var first = RtpPacket.Read(new Bytes(Made(_here)));
        _here.Agree(_here.Agreement with { Direction = AudioDirection.ReceiveOnly });
        for (var i = 0; i < 9; i++) Assert.Equal(0, _here.Write(new short[160], _datagram));
        _here.Agree(_here.Agreement with { Direction = AudioDirection.SendReceive });
        var next = RtpPacket.Read(new Bytes(Made(_here)));

        Assert.Equal(first.Timestamp + 1600, next.Timestamp);
        Assert.Equal((ushort)(first.Sequence + 1), next.Sequence);
        Assert.True(next.Marker);
    }

    [Fact]
    public void A_peer_that_begins_anew_is_heard_from_its_second_packet()
    {
        for (var i = 0; i < 5; i++)
        {
            Say(Tone(1));
            Deliver();
            Hear();
        }

        var anew = Session(There, AudioCodec.Pcma);
        for (var i = 0; i < 6; i++)
        {
            _there.Receive(Made(anew, Tone(1)), Here.Serialize());
            Hear();
        }

        Assert.False(Hear().Concealed);
        Assert.Equal((1L, 5L), (_there.Statistics.Misread, _there.Statistics.Received));
    }

    [Fact]
    public void The_peer_may_move_by_a_new_negotiation()
    {
        var elsewhere = new IPEndPoint(IPAddress.Loopback, 5000);
        _there.Agree(_there.Agreement with { Remote = elsewhere });
        Say(Tone(1));
        Deliver();
        _there.Receive(_datagram, elsewhere.Serialize());

        Assert.Equal((1L, 1L), (_there.Statistics.FromStrangers, _there.Statistics.Received));
    }

    [Fact]
    public void Reports_tell_what_was_lost_and_how_long_the_way_is()
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        for (var i = 0; i < 100; i++)
        {
            Say(Tone(1));
            if (i % 10 != 5) Deliver();
            Hear();
        }

        var report = _here.Report(start);
        _there.ReceiveReport(report.Span, Reports(Here), start.AddMilliseconds(80));
        var answer = _there.Report(start.AddMilliseconds(1080));
        _here.ReceiveReport(answer.Span, Reports(There), start.AddMilliseconds(1160));

        var block = Assert.Single(((ReceiverReport)RtcpCompound.Read(answer.Span).Packets[0]).Reports);
        Assert.Equal((10, 25), (block.Lost, block.FractionLost));
        Assert.InRange(_here.Statistics.RoundTrip!.Value.TotalMilliseconds, 159.9, 160.1);
    }

    [Fact]
    public void Goodbye_is_taken_from_the_peer_only()
    {
        var goodbye = _here.Report(DateTimeOffset.UnixEpoch, leaves: true);
        _there.ReceiveReport(goodbye.Span, Reports(new IPEndPoint(IPAddress.Loopback, 7000)), DateTimeOffset.UnixEpoch);
        Assert.False(_there.PeerLeft);
        _there.ReceiveReport(goodbye.Span, Reports(Here), DateTimeOffset.UnixEpoch);
        Assert.True(_there.PeerLeft);
    }

    [Fact]
    public void Noise_is_counted_and_nothing_else()
    {
        var random = new Random(5);
        for (var run = 0; run < 20_000; run++)
        {
            var octets = new byte[random.Next(0, 300)];
            random.NextBytes(octets);
            if (octets.Length > 1) (octets[0], octets[1]) = (0x80, (byte)(run % 2 == 0 ? 8 : Events));
            _there.Receive(octets, Here.Serialize());
            _there.ReceiveReport(octets, Reports(Here), DateTimeOffset.UnixEpoch);
            if (run % 3 == 0) Hear();
        }

        Assert.InRange(_there.Statistics.Misread, 1, 40_000);
    }

    private static AudioAgreement Agreed(IPEndPoint peer) => new(peer, AudioCodec.Pcmu, AudioDirection.SendReceive);

    private static RtpSession Session(IPEndPoint peer, AudioCodec speaks)
    {
        var agreement = new AudioAgreement(peer, speaks, AudioDirection.SendReceive)
        {
            SendTelephoneEvent = Events, ReceiveTelephoneEvent = Events,
        };
        return new RtpSession(agreement, new RtpOptions
        {
            KeyLength = TimeSpan.FromMilliseconds(80), KeyPause = TimeSpan.FromMilliseconds(60),
        });
    }

    private static SocketAddress Reports(IPEndPoint sound) => new IPEndPoint(sound.Address, sound.Port + 1).Serialize();

    private static short[] Tone(int blocks) =>
        [.. Enumerable.Range(0, blocks * AudioBlock.Length).Select(i => (short)(8000 * Math.Sin(0.3 * i)))];

    private static byte[] Made(RtpSession session, short[]? block = null)
    {
        var octets = new byte[RtpSession.MaxDatagram];
        return octets[..session.Write(block ?? new short[AudioBlock.Length], octets)];
    }

    private int Say(ReadOnlySpan<short> block) => _here.Write(block, _datagram);

    private void Deliver(int length = RtpSession.MaxDatagram) =>
        _there.Receive(_datagram.AsMemory(..length), Here.Serialize());

    private (short[] Block, bool Concealed) Hear()
    {
        var block = new short[AudioBlock.Length];
        var concealed = _there.Read(block);
        return (block, concealed);
    }
}
