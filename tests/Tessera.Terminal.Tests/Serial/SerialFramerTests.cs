using System.Buffers;
using Tessera.Terminal.Serial.Ends;
using Tessera.Terminal.Serial.Frames;
using Tessera.Testing;
using Tessera.Testing.Lines;
using Tessera.Wire;
using Xunit;

namespace Tessera.Terminal.Tests.Serial;

/// <summary>Frames of a serial line as octets (docs/protocols/serial.md §2, §3 and the worked octets of §7).</summary>
public sealed class SerialFramerTests
{
    // Data with every octet that is stuffed, and the Ack that answers it; one flag between them.
    private const string Data = "7E 03 1A2B 05 09 02 08 7D5E 7D5D 7D31 7D33 41 4C6E 7E";
    private const string Ack = "84 1A2B 06 00 07 49F7 7E";

    private static readonly SerialFrame DataFrame = new(SerialKind.Data, SerialSide.Device, 0x1A2B)
    {
        Number = 5, Report = new SerialReport(9, 2, 8), Octets = Bytes.FromHex("7E7D111341"),
    };

    private static readonly SerialFrame AckFrame = new(SerialKind.Ack, SerialSide.Telephone, 0x1A2B)
    {
        Report = new SerialReport(6, 0, 7),
    };

    [Fact]
    public void Every_kind_has_its_octets()
    {
        WireFormat.Holds(new SerialFrame(SerialKind.Open, SerialSide.Device, 0x1A2B) { Speaks = 1, Over = true }, "41 1A2B 01");
        WireFormat.Holds(new SerialFrame(SerialKind.Accept, SerialSide.Telephone, 0x1A2B) { Over = true }, "C2 1A2B");
        WireFormat.Holds(AckFrame, "84 1A2B 06 00 07");
        WireFormat.Holds(
            new SerialFrame(SerialKind.Finish, SerialSide.Device, 0x1A2B)
            {
                Number = 6, Report = new SerialReport(9, 2, 8),
            },
            "05 1A2B 06 09 02 08");
        WireFormat.Holds(
            new SerialFrame(SerialKind.Reset, SerialSide.Telephone, 0x1A2B) { Reason = SerialReset.Unreachable }, "86 1A2B 03");
    }

    [Theory]
    [InlineData("00 1A2B")]
    [InlineData("07 1A2B")]
    [InlineData("03 1A2B 05 09 02 08")]
    [InlineData("04 1A2B 05 09 09")]
    [InlineData("01 1A2B 01 00")]
    public void What_is_no_frame_is_refused(string hex) =>
        Assert.Throws<WireFormatException>(() => Bytes.FromHex(hex).Read<SerialFrame>());

    [Theory]
    [WireData(Data + Ack)]
    public void Cuts_two_frames_and_their_shared_flag_wherever_the_octets_are_cut(Delivery delivery)
    {
        var framer = new SerialFramer();
        List<SerialFrame> frames = [];
        foreach (var segment in delivery.Octets) frames.AddRange(Read(framer, segment.Span));

        Assert.Equal([DataFrame, AckFrame], frames);
        Assert.Equal(0, framer.Damaged);
    }

    [Fact]
    public void Frames_are_written_as_they_are_read()
    {
        var output = new ArrayBufferWriter<byte>();
        output.Write([SerialOctets.Flag]);
        SerialOctets.Write(DataFrame, output);
        SerialOctets.Write(AckFrame, output);

        Assert.Equal(Bytes.FromHex(Data + Ack), new Bytes(output.WrittenMemory));
    }

    [Theory]
    [InlineData("00FF417D7E", "", 1)]
    [InlineData("", "7E7E7E", 0)]
    [InlineData("7E 030405 7D7E", "", 1)]
    [InlineData("7E 0102030405", "", 1)]
    [InlineData("1113", "1113", 0)]
    public void What_stands_between_frames_is_left_out(string before, string between, int damaged)
    {
        var framer = new SerialFramer();

        var frames = Read(framer, Bytes.FromHex(before + Data + between + "7E" + Ack).Span);

        Assert.Equal([DataFrame, AckFrame], frames);
        Assert.Equal(damaged, framer.Damaged);
    }

    [Fact]
    public void Flow_control_that_equipment_puts_in_changes_nothing()
    {
        var octets = Bytes.FromHex(Data).Span.ToArray();
        for (var at = 0; at <= octets.Length; at++)
            Assert.Equal([DataFrame], Read(new SerialFramer(), [.. octets[..at], 0x13, 0x11, .. octets[at..]]));
    }

    [Fact]
    public void A_frame_is_the_longest_or_none()
    {
        var longest = DataFrame with { Octets = new Bytes(new byte[SerialFrame.MaxOctets]) };
        var octets = Octets(longest);

        Assert.Equal([longest], Read(new SerialFramer(), octets));

        // One octet more, with a check that is right for what fits.
        var framer = new SerialFramer();
        Assert.Equal([AckFrame], Read(framer, [.. octets[..^1], 0x00, 0x7E, .. Bytes.FromHex(Ack).Span]));
        Assert.Equal(1, framer.Damaged);
    }

    [Fact]
    public void Each_octet_of_a_frame_counts()
    {
        var octets = Bytes.FromHex(Data + Ack).Span.ToArray();
        for (var at = 1; at < octets.Length - 8; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var damaged = octets.ToArray();
                damaged[at] ^= (byte)(1 << bit);
                Assert.DoesNotContain(Read(new SerialFramer(), damaged), frame => frame != DataFrame && frame != AckFrame);
            }
        }
    }

    [Fact]
    public void Random_octets_and_frames_with_faults_break_nothing_and_the_next_whole_frame_is_heard()
    {
        var random = new Random(20);
        var noise = new SerialNoise(21, 0.02);
        var framer = new SerialFramer();
        var telephone = new SerialEnd(SerialSide.Telephone, new SerialOptions());
        var output = new ArrayBufferWriter<byte>();
        for (var round = 0; round < 4000; round++)
        {
            var octets = new byte[random.Next(600)];
            random.NextBytes(octets);
            if (round % 2 == 0) octets = noise.Pass(Octets(Any(random)));

            Read(framer, octets);
            var now = TimeSpan.FromMilliseconds(round * 40);
            for (var at = 0; at < octets.Length;) at += telephone.Hear(octets.AsSpan(at), now);
            if (telephone.State == SerialState.Asked) telephone.Accept(telephone.Connection, now);
            output.ResetWrittenCount();
            telephone.Collect(output, now);
            Assert.InRange(output.WrittenCount, 0, 2000);
            Assert.InRange(telephone.Ready, 0, 4096);
            Assert.Equal([AckFrame], Read(framer, [0x7E, .. Bytes.FromHex(Ack).Span]).TakeLast(1));
        }
    }

    private static SerialFrame Any(Random random) =>
        new((SerialKind)random.Next(1, 7), random.Next(2) == 0 ? SerialSide.Device : SerialSide.Telephone, 1)
        {
            Over = random.Next(2) == 0,
            Number = (byte)random.Next(10),
            Report = new SerialReport((byte)random.Next(10), (byte)random.Next(256), (byte)random.Next(9)),
            Octets = new Bytes(SerialTraffic.Make(random.Next(), random.Next(1, 257))),
            Speaks = 1,
            Reason = SerialReset.Leaving,
        };

    private static byte[] Octets(SerialFrame frame)
    {
        var output = new ArrayBufferWriter<byte>();
        output.Write([SerialOctets.Flag]);
        SerialOctets.Write(frame, output);
        return output.WrittenSpan.ToArray();
    }

    private static List<SerialFrame> Read(SerialFramer framer, ReadOnlySpan<byte> octets)
    {
        List<SerialFrame> frames = [];
        while (!octets.IsEmpty)
        {
            octets = octets[framer.Read(octets, out var frame)..];
            if (frame is not null) frames.Add(frame);
        }

        return frames;
    }
}
