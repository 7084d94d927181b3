using Tessera.Wire;
using Xunit;

namespace Tessera.Smpp.Tests.Pdus;

public class RefusalTests
{
    private const string Addresses = "00 0101 3100 0101 3200";

    // cloudhopper-smpp, PduDecoderTest (Apache-2.0): sm_length 16 but 8 octets are there.
    [Fact]
    public void A_message_shorter_than_it_says_has_an_invalid_length() => Refuses(
        CommandStatus.InvalidMessageLength,
        "0000003900000005000000000000000100010139393939313939313435393300000036343634000000000000000008"
        + "0010C1E1E9EDF3FAF1FC");

    [Theory]
    [InlineData("313131313131 00", CommandStatus.InvalidServiceType)]
    [InlineData("00 0101 313131313131313131313131313131313131313131 00", CommandStatus.InvalidSourceAddress)]
    [InlineData("00 0101 3100 0101 3131", CommandStatus.InvalidDestinationAddress)]
    [InlineData(Addresses + "00 00 00 313200", CommandStatus.InvalidSchedule)]
    [InlineData(Addresses + "00 00 00 00 32363032333030303030303030303052 00", CommandStatus.InvalidCommandLength)]
    [InlineData(Addresses + "00 00 00 00 32363032333030303030303030302B2B 00", CommandStatus.InvalidExpiry)]
    [InlineData(Addresses + "00 00 00 00 00 00 00 00 00 02 41", CommandStatus.InvalidMessageLength)]
    [InlineData(Addresses + "00 00 00 00 00 00 00 00 00 00 0204", CommandStatus.InvalidOptionalParameterStream)]
    [InlineData(Addresses + "00 00 00 00 00 00 00 00 00 00 0204 0002 01", CommandStatus.InvalidOptionalParameterStream)]
    [InlineData(Addresses + "00 00 00 00 00 00 00 00 00 00 0204 0001 01", CommandStatus.InvalidParameterLength)]
    [InlineData(Addresses + "00 00 00 00 00 00 00 00 00 01 41 0424 0001 42", CommandStatus.OptionalParameterNotAllowed)]
    [InlineData(Addresses + "00 00 00 00 00 00", CommandStatus.InvalidCommandLength)]
    public void A_submit_sm_is_refused_for_its_first_wrong_field(string body, CommandStatus status)
    {
        var octets = Bytes.FromHex(body);
        var frame = new PduFrame(CommandId.SubmitSm, CommandStatus.Ok, 1, octets);

        Assert.Equal(status, Pdu.RefusalOf(Assert.Throws<WireFormatException>(() => Pdu.Read(frame))));
    }

    [Fact]
    public void A_field_too_long_is_the_callers_mistake_and_leaves_nothing_behind()
    {
        var buffer = new PduBuffer();
        buffer.Append(1, new EnquireLink());

        Assert.Throws<ArgumentException>(() => buffer.Append(2, new SubmitSm { ServiceType = "SEVEN77" }));
        Assert.Throws<ArgumentException>(() => buffer.Append(2, new SubmitSm { ServiceType = "É" }));
        Assert.Throws<ArgumentException>(() => buffer.Append(2, new SubmitSm { Text = new Bytes(new byte[255]) }));
        Assert.Throws<ArgumentException>(() => OptionalParameter.Of(OptionalTag.MessageState, 0x1234) is var wrong
            ? new SubmitSm { Parameters = [wrong] }
            : null);

        Assert.Equal(PduFrame.HeaderLength, buffer.Length);
    }

    private static void Refuses(CommandStatus status, string hex)
    {
        var frame = PduWire.Cut(Bytes.FromHex(hex));

        Assert.Equal(status, Pdu.RefusalOf(Assert.Throws<WireFormatException>(() => Pdu.Read(frame))));
    }
}
