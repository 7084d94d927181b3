using System.Buffers;
using Tessera.Testing;
using Tessera.Toolkit.Links;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Links;

public class LinkFramerTests
{
    [Fact]
    public void Round_trip() =>
        WireFormat.Holds(new LinkFrame(FrameType.Answer, Bytes.FromHex("A1A2A3")), "03 000003 A1A2A3");

    [Theory]
    [WireData("02 000003 A1A2A3 07 00")]
    public void Cuts_one_frame_and_keeps_the_rest(Delivery delivery)
    {
        var buffer = delivery.Octets;

        Assert.Equal(FrameResult.Frame, LinkFramer.TryRead(ref buffer, out var frame));

        Assert.Equal(new LinkFrame(FrameType.Script, Bytes.FromHex("A1A2A3")), frame);
        Assert.Equal([0x07, 0x00], buffer.ToArray());
    }

    [Theory]
    [WireData("01 000003 A1A2")]
    [WireData("08 003FFC A1")]
    public void Waits_for_the_whole_frame(Delivery delivery)
    {
        for (var length = 0; length <= delivery.Octets.Length; length++)
        {
            var buffer = delivery.Octets.Slice(0, length);

            Assert.Equal(FrameResult.Incomplete, LinkFramer.TryRead(ref buffer, out _));
            Assert.Equal(length, buffer.Length);
        }
    }

    [Theory]
    [WireData("00")]
    [WireData("10 000000")]
    [WireData("FF FFFFFF")]
    [WireData("02 003FFD")]
    [WireData("02 FFFFFF")]
    public void Gives_up_on_a_type_or_length_no_frame_can_have(Delivery delivery)
    {
        var buffer = delivery.Octets;

        Assert.Equal(FrameResult.Broken, LinkFramer.TryRead(ref buffer, out _));
    }

    [Fact]
    public void The_longest_frame_has_16_KiB()
    {
        var longest = new LinkFrame(FrameType.Script, new Bytes(new byte[LinkFrame.MaxBody]));
        var octets = Bytes.Of(longest);
        var buffer = new ReadOnlySequence<byte>(octets.Memory);

        Assert.Equal(16384, octets.Length);
        Assert.Equal(FrameResult.Frame, LinkFramer.TryRead(ref buffer, out var frame));
        Assert.Equal(longest, frame);
        Assert.Throws<ArgumentException>(
            () => Bytes.Of(new LinkFrame(FrameType.Script, new Bytes(new byte[LinkFrame.MaxBody + 1]))));
    }

    [Fact]
    public void Noise_is_cut_read_or_given_up_and_never_fails_otherwise()
    {
        var random = new Random(7);
        for (var round = 0; round < 2000; round++)
        {
            var noise = new byte[random.Next(0, 64)];
            random.NextBytes(noise);
            if (noise.Length > 3) (noise[0], noise[1], noise[2]) = ((byte)random.Next(0, 10), 0, 0);
            var buffer = new ReadOnlySequence<byte>(noise);
            while (LinkFramer.TryRead(ref buffer, out var frame) == FrameResult.Frame)
                Assert.True(frame.Body.Length < noise.Length);
        }
    }

    [Fact]
    public void Its_text_shows_no_body() =>
        Assert.Equal("Script (2 octets)", new LinkFrame(FrameType.Script, Bytes.FromHex("1234")).ToString());
}
