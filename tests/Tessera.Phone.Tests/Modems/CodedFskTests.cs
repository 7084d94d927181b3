using Tessera.Phone.Modems.Fsk;
using Tessera.Phone.Sound;
using Tessera.Testing.Lines;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Modems;

public class CodedFskTests
{
    public static TheoryData<double, double, double> Channels => new(new[]
    {
        FskChannel.V21Caller, FskChannel.V21Answerer, FskChannel.V23Forward, FskChannel.Bell202,
    }.Select(channel => (channel.Mark, channel.Space, channel.Rate)));

    [Theory]
    [MemberData(nameof(Channels))]
    public void Frames_of_any_length_come_through_a_line(double mark, double space, double rate)
    {
        var channel = new FskChannel(mark, space, rate);
        foreach (var length in new[] { 1, 2, 15, 16, 33, 64, 65, 127, 128 })
        {
            var line = new Line(new LineConditions { Companding = Companding.Transcoded, Drift = 100 }, length);
            var heard = Heard.Frames(new CodedSender(channel), new CodedReceiver(channel), line, count: 3, length);
            Assert.Equal((3, 0), (heard.Arrived, heard.Foreign));
            Assert.InRange(heard.Quality, 15, 60);
        }
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public void A_frame_survives_the_loss_of_any_of_its_packets(double mark, double space, double rate)
    {
        var channel = new FskChannel(mark, space, rate);
        var frame = new Bytes((byte[])[.. Enumerable.Range(0, 32).Select(octet => (byte)(7 * octet))]);
        for (var lost = 0; lost < 12; lost++)
        {
            var (sender, receiver) = (new CodedSender(channel), new CodedReceiver(channel));
            short[] packet = new short[AudioBlock.Length], last = new short[AudioBlock.Length];
            sender.Send(frame);
            var heard = 0;
            for (var at = 0; at < 200; at++)
            {
                sender.Read(packet);

                // And of another one, farther behind.
                var isLost = at == lost || at == lost + 9;
                if (isLost) last.CopyTo(packet, 0);
                packet.CopyTo(last, 0);
                receiver.Write(packet, isLost);
                while (receiver.TryRead(out var read)) heard += read.Payload == frame ? 1 : 100;
            }

            Assert.Equal(1, heard);
        }
    }

    [Fact]
    public void Nothing_is_heard_in_noise_nor_where_too_much_is_lost()
    {
        var receiver = new CodedReceiver(FskChannel.Bell202);
        var noise = new Line(new WhiteNoise(-13, seed: 1));
        var packet = new short[AudioBlock.Length];
        for (var at = 0; at < 3000; at++)
        {
            packet.AsSpan().Clear();
            noise.Pass(packet);
            receiver.Write(packet);
            Assert.False(receiver.TryRead(out _));
        }

        var line = new Line(new LineConditions { Loss = PacketLoss.Random(0.6) }, seed: 2);
        var heard = Heard.Frames(
            new CodedSender(FskChannel.Bell202), new CodedReceiver(FskChannel.Bell202), line, count: 20, length: 100);
        Assert.Equal((0, 0), (heard.Arrived, heard.Foreign));
    }

    [Fact]
    public void In_noise_and_loss_more_arrive_than_with_hdlc()
    {
        var conditions = new LineConditions { SignalToNoise = 4, Loss = PacketLoss.Random(0.03) };
        var coded = Heard.Frames(
            new CodedSender(FskChannel.Bell202), new CodedReceiver(FskChannel.Bell202), new Line(conditions, 3), 60, 64);
        var hdlc = Heard.Frames(
            new FskSender(FskChannel.Bell202), new FskReceiver(FskChannel.Bell202), new Line(conditions, 3), 60, 64);
        Assert.InRange(coded.Arrived, 50, 60);
        Assert.InRange(hdlc.Arrived, 0, 40);
    }

    [Fact]
    public void Only_frames_that_fit_are_sent()
    {
        var sender = new CodedSender(FskChannel.Bell202);
        Assert.Throws<ArgumentException>(() => sender.Send(Bytes.Empty));
        Assert.Throws<ArgumentException>(() => sender.Send(new Bytes(new byte[sender.MaxFrame + 1])));
        for (var i = 0; i < 64; i++) sender.Send(new Bytes(new byte[1]));
        Assert.Throws<InvalidOperationException>(() => sender.Send(new Bytes(new byte[1])));
    }
}
