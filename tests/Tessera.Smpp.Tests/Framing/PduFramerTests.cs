using System.Buffers;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Smpp.Tests.Framing;

public class PduFramerTests
{
    private const int MaxLength = 64;

    // enquire_link, sequence 7, then four octets of the next PDU.
    [Theory]
    [WireData("00000010 00000015 00000000 00000007 000000FF")]
    public void Cuts_one_pdu_and_keeps_the_rest(Delivery delivery)
    {
        var buffer = delivery.Octets;

        Assert.Equal(FrameResult.Frame, PduFramer.TryRead(ref buffer, MaxLength, out var frame));

        Assert.Equal(new PduFrame(CommandId.EnquireLink, CommandStatus.Ok, 7, Bytes.Empty), frame);
        Assert.Equal(4, buffer.Length);
    }

    [Theory]
    [WireData("00000012 80000004 00000058 7FFFFFFF 4100")]
    public void Reads_every_field_of_the_header(Delivery delivery)
    {
        var buffer = delivery.Octets;

        Assert.Equal(FrameResult.Frame, PduFramer.TryRead(ref buffer, MaxLength, out var frame));

        Assert.Equal(
            new PduFrame(CommandId.SubmitSmResp, CommandStatus.Throttled, 0x7FFFFFFF, Bytes.FromHex("4100")), frame);
    }

    // cloudhopper-smpp, PduDecoderTest (Apache-2.0): 3 and 15 octets.
    [Theory]
    [WireData("000000")]
    [WireData("0000001000000015000000000A342E")]
    public void Waits_for_the_whole_pdu(Delivery delivery)
    {
        var buffer = delivery.Octets;

        Assert.Equal(FrameResult.Incomplete, PduFramer.TryRead(ref buffer, MaxLength, out _));
        Assert.Equal(delivery.Octets.Length, buffer.Length);
    }

    [Theory]
    [WireData("0000000F")]
    [WireData("00000041")]
    [WireData("FFFFFFFF")]
    public void Gives_up_on_a_length_no_pdu_can_have(Delivery delivery)
    {
        var buffer = delivery.Octets;

        Assert.Equal(FrameResult.Broken, PduFramer.TryRead(ref buffer, MaxLength, out _));
    }

    // cloudhopper-smpp, PduDecoderTest (Apache-2.0): an unknown PDU of 17 octets, then enquire_link.
    [Theory]
    [WireData("0000001100000110000000000A342EE70F 0000001000000015000000000A342EE7")]
    public void An_unknown_pdu_is_skipped_whole(Delivery delivery)
    {
        var buffer = delivery.Octets;

        Assert.Equal(FrameResult.Frame, PduFramer.TryRead(ref buffer, MaxLength, out var unknown));
        Assert.Equal((CommandId)0x110, unknown.Id);
        Assert.Equal(FrameResult.Frame, PduFramer.TryRead(ref buffer, MaxLength, out var known));
        Assert.Equal(CommandId.EnquireLink, known.Id);
        Assert.True(buffer.IsEmpty);
    }

    [Fact]
    public void Noise_is_cut_refused_or_read_but_never_anything_else()
    {
        var random = new Random(20261122);
        CommandId[] commands = [.. Enum.GetValues<CommandId>()];
        for (var round = 0; round < 20_000; round++)
        {
            var body = new byte[random.Next(80)];
            random.NextBytes(body);
            if (round % 2 == 0)
            {
                // Mostly zeros: that is how deep readers come.
                for (var i = 0; i < body.Length; i++) body[i] &= (byte)(random.Next(4) == 0 ? 0xFF : 0x00);
            }

            var frame = new PduFrame(
                commands[random.Next(commands.Length)], (CommandStatus)random.Next(2), 1, new Bytes(body));
            try
            {
                Assert.Equal(frame.Id, Pdu.Read(frame).Id);
            }
            catch (WireFormatException error)
            {
                Assert.NotEqual(CommandStatus.Ok, Pdu.RefusalOf(error));
            }
        }
    }

    [Fact]
    public void Pdus_written_behind_each_other_are_cut_apart_again()
    {
        var output = new PduBuffer();
        for (var number = 1u; number <= 1000; number++)
            output.Append(number, new SubmitSm { Text = new Bytes(new byte[number % 255]) });

        var buffer = new ReadOnlySequence<byte>(output.Written);
        for (var number = 1u; number <= 1000; number++)
        {
            Assert.Equal(FrameResult.Frame, PduFramer.TryRead(ref buffer, 1024, out var frame));
            Assert.Equal(number, frame.SequenceNumber);
            Assert.Equal((int)number % 255, Assert.IsType<SubmitSm>(Pdu.Read(frame)).Text.Length);
        }

        Assert.True(buffer.IsEmpty);
    }
}
