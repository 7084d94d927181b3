using Tessera.Phone.Data;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Data;

public class LineFrameTests
{
    [Fact]
    public void Frames_without_data_have_one_encoding()
    {
        WireFormat.Holds(new LineFrame(FrameSigns.None, 0x12, 0x25, Bytes.Empty, 0, Bytes.Empty), "00 12 25");
        WireFormat.Holds(
            new LineFrame(
                FrameSigns.Bye | FrameSigns.Full | FrameSigns.Over, 0x12, 0x25, Bytes.FromHex("0180"), 0, Bytes.Empty),
            "72 12 25 0180");
    }

    [Fact]
    public void A_frame_with_data_has_one_encoding()
    {
        var frame = new LineFrame(
            FrameSigns.Data | FrameSigns.Over, 0xFE, 0x25, Bytes.FromHex("05"), 0x7F, Bytes.FromHex("A0A1A2"));
        var octets = Bytes.FromHex("91 FE 25 05 7F A0A1A2");

        Assert.Equal(octets, Bytes.Of(frame));
        Assert.Equal(frame, octets.Read<LineFrame>());
        for (var length = 0; length < 6; length++)
            Assert.Throws<WireFormatException>(() => Bytes.CopyOf(octets.Span[..length]).Read<LineFrame>());
        Assert.Throws<WireFormatException>(() => Bytes.FromHex("01 FE 25 00").Read<LineFrame>());
    }

    [Fact]
    public void Messages_of_the_handshake_have_one_encoding()
    {
        using var call = new WorkedCall();
        using var initiator = call.Initiator();
        var reply = call.Answer(initiator.Hello).Reply;

        WireFormat.Holds(initiator.Hello, Bytes.Of(initiator.Hello).ToString());
        WireFormat.Holds(reply, Bytes.Of(reply).ToString());
        WireFormat.Holds(call.ServerKey.PublicKey, call.ServerKey.PublicKey.ToString());
        WireFormat.Holds(WorkedCall.Payload, "FB 25");
        var request = new LineRequest(new Bytes(new byte[16]), Bytes.FromHex("0102030405060708"));
        WireFormat.Holds(request, "00000000000000000000000000000000 0102030405060708");
        Assert.Equal((LineHello.Length, LineReply.Length), (Bytes.Of(initiator.Hello).Length, Bytes.Of(reply).Length));
    }

    [Fact]
    public void Sealed_frames_are_opened_once_and_only_by_the_other_end()
    {
        var (server, device) = Ends();
        var word = new LineFrame(FrameSigns.Bye, 1, 2, Bytes.Empty, 0, Bytes.Empty);
        var frames = Enumerable.Range(0, 12).Select(_ => server.Seal(word)).ToArray();

        Assert.NotNull(device.Open(frames[1]));
        Assert.Null(device.Open(frames[1]));
        Assert.NotNull(device.Open(frames[0]));
        Assert.Null(device.Open(frames[0]));

        // Late by eight, and by nine.
        Assert.NotNull(device.Open(frames[11]));
        Assert.NotNull(device.Open(frames[4]));
        Assert.Null(device.Open(frames[2]));

        // Reflected to who sent it: first as an echo, then as a forgery.
        Assert.Null(server.Open(frames[11]));
        Assert.Equal(0, server.Forged);
        Assert.Null(server.Open(frames[3]));
        Assert.Equal(1, server.Forged);
    }

    [Fact]
    public void Numbers_go_on_behind_their_low_octets()
    {
        var (server, device) = Ends();
        var word = new LineFrame(FrameSigns.None, 1, 2, Bytes.Empty, 0, Bytes.Empty);
        for (var number = 0; number < 70_000; number++)
        {
            var octets = server.Seal(word);
            if (number % 1000 is 0 or 1 or 7) Assert.NotNull(device.Open(octets));
        }
    }

    [Fact]
    public void Forged_frames_are_counted_and_end_the_trust()
    {
        var (server, device) = Ends();
        var octets = server.Seal(new LineFrame(FrameSigns.None, 1, 2, Bytes.Empty, 0, Bytes.Empty)).ToArray();
        for (var bit = 0; bit < 8 * octets.Length; bit++)
        {
            var changed = octets.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(device.Open(new Bytes(changed)));
        }

        Assert.False(device.IsSpent);
        octets[^1] ^= 1;
        for (var forged = 0; forged < SealedFrames.MaxForged; forged++) device.Open(new Bytes(octets));
        Assert.True(device.IsSpent);
    }

    [Fact]
    public void Noise_is_no_frame_and_breaks_nothing()
    {
        var (_, device) = Ends();
        var random = new Random(1);
        var parts = new HandshakeParts();
        for (var i = 0; i < 20_000; i++)
        {
            var octets = new byte[random.Next(1, 120)];
            random.NextBytes(octets);
            Assert.Null(device.Open(new Bytes(octets)));
            parts.Join(new Bytes(octets));
            foreach (var read in new Action<Bytes>[] { Read<LineFrame>, Read<LineHello>, Read<LineReply> })
            {
                if (Record.Exception(() => read(new Bytes(octets))) is { } thrown)
                    Assert.IsType<WireFormatException>(thrown);
            }
        }
    }

    private static void Read<T>(Bytes octets) where T : IWireFormat<T> => octets.Read<T>();

    private static (SealedFrames Server, SealedFrames Device) Ends()
    {
        using var call = new WorkedCall();
        using var initiator = call.Initiator();
        var (reply, device) = call.Answer(initiator.Hello);
        return (new SealedFrames(initiator.Accept(reply, _ => true)!), new SealedFrames(device));
    }
}
