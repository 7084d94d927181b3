using Tessera.Smpp.Centre;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Smpp.Tests.Centre;

public class AirFrameTests
{
    private const string Imsi = "08 09101000 00000010";

    [Theory]
    [InlineData(AirFrameType.Attach, "08 09 10 10 00 00 00 00 10", "00 0A 01 08 09 10 10 00 00 00 00 10")]
    [InlineData(AirFrameType.Attached, "91 33 16 32 54 76 F8", "00 08 02 91 33 16 32 54 76 F8")]
    [InlineData(AirFrameType.Refused, "02", "00 02 03 02")]
    [InlineData(AirFrameType.Detach, "", "00 01 05")]
    [InlineData(AirFrameType.Ping, "", "00 01 06")]
    [InlineData(AirFrameType.Pong, "", "00 01 07")]
    [InlineData(AirFrameType.Rp, "06 09", "00 03 04 06 09")]
    [InlineData(AirFrameType.Rp, "03 09", "00 03 04 03 09")]
    public void A_frame_is_as_the_document_says(AirFrameType type, string body, string hex) =>
        WireFormat.Holds(new AirFrame(type, Bytes.FromHex(body)), hex);

    [Theory]
    [InlineData("0000")]
    [InlineData("0106 04 0102")]
    [InlineData("FFFF 04")]
    [InlineData("0001 08")]
    [InlineData("0001 00")]
    [InlineData("0002 05 00")]
    [InlineData("0002 06 00")]
    [InlineData("0001 01")]
    [InlineData("0003 01 0809")]
    [InlineData("0003 03 0202")]
    [InlineData("0002 04 06")]
    [InlineData("0003 02 9133")]
    public void What_is_no_frame_is_refused_by_name(string hex) =>
        Assert.Throws<WireFormatException>(() => Bytes.FromHex(hex).Read<AirFrame>());

    [Fact]
    public void A_body_of_the_wrong_length_is_not_written() => Assert.Throws<ArgumentException>(
        () => Bytes.Of(new AirFrame(AirFrameType.Rp, new Bytes(new byte[AirFrame.MaxBody + 1]))));

    [Fact]
    public void The_longest_frame_is_read_again()
    {
        var frame = new AirFrame(AirFrameType.Rp, new Bytes(Enumerable.Range(0, 260).Select(i => (byte)i).ToArray()));
        Assert.Equal(frame, Bytes.Of(frame).Read<AirFrame>());
    }

    [Theory]
    [WireData("000A01080910100000000010 000105 0003040609")]
    public void Frames_are_cut_from_a_stream(Delivery delivery)
    {
        var (rest, frames) = (delivery.Octets, new List<AirFrame>());
        while (AirFramer.TryRead(ref rest, out var frame)) frames.Add(frame);

        Assert.True(rest.IsEmpty);
        Assert.Equal(
            [
                new AirFrame(AirFrameType.Attach, Bytes.FromHex(Imsi)),
                new AirFrame(AirFrameType.Detach, Bytes.Empty),
                new AirFrame(AirFrameType.Rp, Bytes.FromHex("0609")),
            ],
            frames);
    }

    [Theory]
    [WireData("000A 01 0809101000000000")]
    public void Less_than_a_frame_is_kept(Delivery delivery)
    {
        var rest = delivery.Octets;
        Assert.False(AirFramer.TryRead(ref rest, out _));
        Assert.Equal(delivery.Octets.Length, rest.Length);
    }

    [Fact]
    public void Noise_is_cut_or_refused_and_nothing_else()
    {
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            var octets = new byte[random.Next(40)];
            random.NextBytes(octets);
            if (random.Next(2) == 0 && octets.Length > 2)
                (octets[0], octets[1], octets[2]) = (0, (byte)random.Next(30), (byte)random.Next(9));
            var rest = new System.Buffers.ReadOnlySequence<byte>(octets);
            try
            {
                while (AirFramer.TryRead(ref rest, out var frame))
                    Assert.Equal(frame, Bytes.Of(frame).Read<AirFrame>());
            }
            catch (WireFormatException e)
            {
                Assert.NotEmpty(e.Reason);
            }
        }
    }
}
