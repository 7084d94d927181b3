using Tessera.Phone.Data;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Data;

public class HandshakeTests
{
    private static readonly LineFrame Word =
        new(FrameSigns.Data, 0x01, 0x25, Bytes.Empty, 0x02, Bytes.FromHex("A0A1A2"));

    [Fact]
    public void Both_ends_know_each_other_and_no_one_else_reads_them()
    {
        using var call = new WorkedCall();
        using var initiator = call.Initiator();
        var (reply, device) = call.Answer(initiator.Hello);
        using var server = initiator.Accept(reply, key => key == call.DeviceKey.PublicKey)!;

        Assert.Equal(call.DeviceKey.PublicKey, server.Peer);
        Assert.Equal(call.ServerKey.PublicKey, device.Peer);
        Assert.Equal((0xFB, 0x25), (server.PeerRungs, server.Quality));
        Assert.Equal(0xFB, device.PeerRungs);
        var (atServer, atDevice) = (new SealedFrames(server), new SealedFrames(device));
        Assert.Equal(Word, atDevice.Open(atServer.Seal(Word)));
        Assert.Equal(Word, atServer.Open(atDevice.Seal(Word)));

        // The key of the device does not stand in what it sends.
        Assert.Equal(-1, Bytes.Of(reply).Span.IndexOf(call.DeviceKey.PublicKey.Point.Span[1..]));
    }

    [Fact]
    public void Ends_with_different_prologues_do_not_meet()
    {
        using var call = new WorkedCall();
        var other = LinePrologue.Of(serverCalled: true, new Bytes("+4712345678"u8.ToArray()));
        using var elsewhere = Initiator(call.ServerKey, other);

        Assert.Null(call.Responder().Answer(elsewhere.Hello, WorkedCall.Payload, LineKey.Generate()));
        using var here = call.Initiator();
        Assert.Null(elsewhere.Accept(call.Answer(here.Hello).Reply, _ => true));
    }

    [Fact]
    public void A_hello_changed_in_any_bit_is_answered_by_nobody()
    {
        using var call = new WorkedCall();
        using var initiator = call.Initiator();

        foreach (var octets in Changed(Bytes.Of(initiator.Hello)))
        {
            if (TryRead<LineHello>(octets) is { } hello)
                Assert.Null(call.Responder().Answer(hello, WorkedCall.Payload, LineKey.Generate()));
        }
    }

    [Fact]
    public void A_reply_changed_in_any_bit_is_taken_by_nobody()
    {
        using var call = new WorkedCall();
        using var initiator = call.Initiator();

        foreach (var octets in Changed(Bytes.Of(call.Answer(initiator.Hello).Reply)))
        {
            if (TryRead<LineReply>(octets) is { } reply) Assert.Null(initiator.Accept(reply, _ => true));
        }
    }

    [Fact]
    public void A_device_obeys_no_other_server_and_a_server_no_other_device()
    {
        using var call = new WorkedCall();
        using var stranger = LineKey.Generate();
        using var foreign = Initiator(stranger, call.Prologue);
        Assert.Null(call.Responder().Answer(foreign.Hello, WorkedCall.Payload, LineKey.Generate()));

        using var initiator = call.Initiator();
        Assert.Null(initiator.Accept(call.Answer(initiator.Hello).Reply, key => key == stranger.PublicKey));
    }

    [Fact]
    public void Who_knows_only_the_public_key_of_the_server_gets_an_answer_it_cannot_use()
    {
        using var call = new WorkedCall();
        using var stranger = LineKey.Generate();
        using var own = Initiator(stranger, call.Prologue);
        var open = own.Hello with { Seal = Bytes.Empty };
        var forged = own.Hello with
        {
            Seal = LinePrologue.Seal(call.ServerKey.PublicKey, call.Prologue, Bytes.Of(open)),
        };

        var (reply, _) = call.Answer(forged);
        Assert.Null(own.Accept(reply, _ => true));
    }

    [Fact]
    public void A_reply_of_another_call_is_not_taken()
    {
        using var call = new WorkedCall();
        using var before = call.Initiator();
        using var now = Initiator(call.ServerKey, call.Prologue);

        Assert.Null(now.Accept(call.Answer(before.Hello).Reply, _ => true));
    }

    [Fact]
    public void A_hello_for_another_rung_or_with_fewer_rungs_shows_in_the_transcript()
    {
        using var call = new WorkedCall();
        using var initiator = call.Initiator();
        foreach (var (rung, rungs) in new (byte, byte)[] { (4, WorkedCall.Rungs), (6, 0x08) })
        {
            // Even one who could make the seal anew, as every device can, does not get past the server.
            var changed = initiator.Hello with { Rung = rung, Rungs = rungs, Seal = Bytes.Empty };
            var seal = LinePrologue.Seal(call.ServerKey.PublicKey, call.Prologue, Bytes.Of(changed));
            changed = changed with { Seal = seal };
            Assert.Null(initiator.Accept(call.Answer(changed).Reply, _ => true));
        }
    }

    [Fact]
    public void A_message_in_parts_comes_together_from_what_was_heard_of_two_tries()
    {
        var message = new Bytes(Enumerable.Range(0, 86).Select(octet => (byte)octet).ToArray());
        var parts = HandshakeParts.Split(FrameKind.Reply, message, 32);
        Assert.Equal(3, parts.Count);

        var joined = new HandshakeParts();
        Assert.Null(joined.Join(parts[0]));
        Assert.Null(joined.Join(parts[2]));
        Assert.Null(joined.Join(parts[0]));
        Assert.Equal(message, joined.Join(parts[1]));
        Assert.Null(joined.Join(parts[1]));
        Assert.Throws<ArgumentException>(() => HandshakeParts.Split(FrameKind.Reply, message, 22));
    }

    private static LineInitiator Initiator(LineKey key, Bytes prologue) =>
        new(key, prologue, WorkedCall.Rung, WorkedCall.Rungs, LineKey.Generate());

    private static IEnumerable<Bytes> Changed(Bytes octets)
    {
        for (var bit = 0; bit < 8 * octets.Length; bit++)
        {
            var changed = octets.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            yield return new Bytes(changed);
        }
    }

    private static T? TryRead<T>(Bytes octets) where T : class, IWireFormat<T>
    {
        try
        {
            return octets.Read<T>();
        }
        catch (WireFormatException)
        {
            return null;
        }
    }
}
