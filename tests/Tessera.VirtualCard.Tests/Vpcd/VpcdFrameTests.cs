using Tessera.Testing;
using Tessera.Toolkit.Links;
using Tessera.VirtualCard.Vpcd;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Vpcd;

public class VpcdFrameTests
{
    [Theory]
    [InlineData("0001 02", "02", VpcdControl.Reset)]
    [InlineData("0005 80 5C A1 B2 00", "805CA1B200", null)]
    [InlineData("0009 3B8501534354454CC9", "3B8501534354454CC9", null)]
    [InlineData("000F 00A4040009A0000003080000100000", "00A4040009A0000003080000100000", null)]
    public void Round_trip(string hex, string content, VpcdControl? control)
    {
        var frame = new VpcdFrame(Bytes.FromHex(content));

        WireFormat.Holds(frame, hex);
        Assert.Equal(control, frame.Control);
    }

    [Fact]
    public void Content_has_1_to_65535_octets()
    {
        Assert.Throws<ArgumentException>(() => new VpcdFrame(Bytes.Empty));
        Assert.Throws<ArgumentException>(() => new VpcdFrame(new Bytes(new byte[65536])));
        Assert.Equal(65537, Bytes.Of(new VpcdFrame(new Bytes(new byte[65535]))).Length);
        Assert.Throws<WireFormatException>(() => Bytes.FromHex("0000").Read<VpcdFrame>());
    }

    [Fact]
    public void An_apdu_does_not_print() =>
        Assert.Equal("13 octets", new VpcdFrame(Bytes.FromHex("00200080083132333435363738")).ToString());

    // SELECT answer of five octets, then the beginning of another message.
    [Theory]
    [WireData("0005 A1A2A39000 0002 61")]
    public void Cuts_one_message_and_keeps_the_rest(Delivery delivery)
    {
        var buffer = delivery.Octets;

        Assert.Equal(FrameResult.Frame, VpcdFramer.TryRead(ref buffer, out var frame));

        Assert.Equal(Bytes.FromHex("A1A2A39000"), frame.Content);
        Assert.Equal(3, buffer.Length);
        Assert.Equal(FrameResult.Incomplete, VpcdFramer.TryRead(ref buffer, out _));
    }

    [Theory]
    [WireData("00")]
    [WireData("0005 A1A2A390")]
    [WireData("FFFF A1A2A390")]
    public void Waits_for_the_whole_message(Delivery delivery)
    {
        var buffer = delivery.Octets;

        Assert.Equal(FrameResult.Incomplete, VpcdFramer.TryRead(ref buffer, out _));
        Assert.Equal(delivery.Octets.Length, buffer.Length);
    }

    [Theory]
    [WireData("0000 0001 04")]
    public void Gives_up_on_a_message_without_content(Delivery delivery)
    {
        var buffer = delivery.Octets;

        Assert.Equal(FrameResult.Broken, VpcdFramer.TryRead(ref buffer, out _));
    }
}
