using Tessera.Wire;
using Xunit;

namespace Tessera.Smpp.Tests.Pdus;

/// <summary>PDUs laid out by hand after SMPP 3.4 §4, every field set and different from its neighbours.</summary>
public class PduLayoutTests
{
    [Fact]
    public void A_bind_with_all_its_fields() => PduWire.Holds(
        3,
        new Bind(BindMode.Transmitter, "sys", "pw")
        {
            SystemType = "gw",
            InterfaceVersion = 0x50,
            Ton = Ton.Alphanumeric,
            Npi = Npi.National,
            AddressRange = "4[12]",
            Parameters = [OptionalParameter.Of(OptionalTag.ScInterfaceVersion, 0x34)],
        },
        "00000028 00000002 00000000 00000003 73797300 707700 677700 50 05 08 345B31325D00 0210 0001 34");

    [Fact]
    public void Outbind() => PduWire.Holds(
        4, new Outbind("smsc", "pw"), "00000018 0000000B 00000000 00000004 736D736300 707700");

    [Fact]
    public void A_submit_sm_for_the_sim() => PduWire.Holds(
        5,
        new SubmitSm
        {
            ServiceType = "WAP",
            Source = new SmppAddress(Ton.Abbreviated, Npi.Private, "77"),
            Destination = SmppAddress.International("331"),
            EsmClass = new EsmClass(0xC3),
            ProtocolId = 0x7F,
            Priority = 2,
            ScheduleDeliveryTime = SmppTime.At(new DateTimeOffset(2026, 3, 4, 5, 6, 7, 800, TimeSpan.Zero)),
            ValidityPeriod = SmppTime.FromNow(new TimeSpan(1, 2, 3, 4)),
            RegisteredDelivery = new RegisteredDelivery(0x11),
            ReplaceIfPresent = 1,
            DataCoding = DataCoding.Sim,
            DefaultMessageId = 9,
            Text = Bytes.FromHex("02700001"),
            Parameters =
            [
                OptionalParameter.Of(OptionalTag.UserMessageReference, 0x1234),
                OptionalParameter.Of(OptionalTag.SarTotalSegments, 3),
                new OptionalParameter((OptionalTag)0x2300, Bytes.FromHex("AABB")),
            ],
        },
        """
        0000005E 00000004 00000000 00000005 57415000 06 09 373700 01 01 33333100 C3 7F 02
        32363033303430353036303738 3030 2B 00 30303030303130323033303430303052 00
        11 01 F6 09 04 02700001 0204 0002 1234 020E 0001 03 2300 0002 AABB
        """);

    [Fact]
    public void Data_sm() => PduWire.Holds(
        6,
        new DataSm
        {
            ServiceType = "CMT",
            Source = new SmppAddress(Ton.Subscriber, Npi.Ermes, "12"),
            Destination = new SmppAddress(Ton.NetworkSpecific, Npi.Telex, "3456"),
            EsmClass = EsmClass.WithHeader,
            RegisteredDelivery = RegisteredDelivery.Always,
            DataCoding = DataCoding.Octets,
            Parameters = [new OptionalParameter(OptionalTag.MessagePayload, Bytes.FromHex("C0FFEE"))],
        },
        "0000002A 00000103 00000000 00000006 434D5400 040A313200 03043334353600 40 01 04 0424 0003 C0FFEE");

    [Fact]
    public void Alert_notification() => PduWire.Holds(
        7,
        new AlertNotification(
            new SmppAddress(Ton.International, Npi.Isdn, "331"), new SmppAddress(Ton.National, Npi.National, "40"))
        {
            Parameters = [OptionalParameter.Of(OptionalTag.MsAvailabilityStatus, 2)],
        },
        "00000020 00000102 00000000 00000007 010133333100 0208343000 0422 0001 02");

    [Fact]
    public void Query_sm() => PduWire.Holds(
        8,
        new QuerySm("1f", SmppAddress.International("331")),
        "00000019 00000003 00000000 00000008 316600 0101 33333100");

    [Fact]
    public void A_query_sm_resp_with_a_date() => PduWire.Holds(
        9,
        new QuerySmResp(CommandStatus.Ok, "1f")
        {
            FinalDate = SmppTime.At(new DateTimeOffset(2026, 3, 4, 5, 6, 7, 800, TimeSpan.Zero)),
            MessageState = MessageState.Undeliverable,
            ErrorCode = 0x1B,
        },
        "00000026 80000003 00000000 00000009 316600 323630333034303530363037383030 2B 00 05 1B");

    [Fact]
    public void Cancel_sm() => PduWire.Holds(
        10,
        new CancelSm("1f", SmppAddress.International("331"), new SmppAddress(Ton.Abbreviated, Npi.Private, "77"))
        {
            ServiceType = "CMT",
        },
        "00000022 00000008 00000000 0000000A 434D5400 316600 0101 33333100 0609 373700");

    [Fact]
    public void Replace_sm() => PduWire.Holds(
        11,
        new ReplaceSm("1f", SmppAddress.International("331"))
        {
            ScheduleDeliveryTime = SmppTime.None,
            ValidityPeriod = SmppTime.FromNow(TimeSpan.FromHours(5)),
            RegisteredDelivery = RegisteredDelivery.Always,
            DefaultMessageId = 7,
            Text = Bytes.FromHex("C0DE"),
        },
        """
        00000030 00000007 00000000 0000000B
        316600 0101 33333100 00 30303030303030353030303030303052 00 01 07 02 C0DE
        """);

    [Fact]
    public void Generic_nack() => PduWire.Holds(
        12, new GenericNack(CommandStatus.InvalidCommandId), "00000010 80000000 00000003 0000000C");

    [Fact]
    public void An_unknown_pdu_is_kept_as_it_came()
    {
        var octets = Bytes.FromHex("00000012 00000111 00000000 0000000D 0F0E");

        var pdu = Assert.IsType<UnknownPdu>(Pdu.Read(PduWire.Cut(octets)));

        Assert.Equal((CommandId)0x111, pdu.Id);
        Assert.Equal(octets, PduWire.Encode(13, pdu));
    }

    [Theory]
    [InlineData("00000010 80000004 00000058 00000001")]
    [InlineData("00000010 80000005 00000000 00000001")]
    [InlineData("00000010 80000103 000000FE 00000001")]
    [InlineData("00000010 80000009 0000000D 00000001")]
    [InlineData("00000010 80000003 00000067 00000001")]
    public void A_body_that_may_be_absent(string hex)
    {
        var frame = PduWire.Cut(Bytes.FromHex(hex));

        Assert.Equal(frame.Status, Pdu.Read(frame).Status);
    }

    [Fact]
    public void A_response_that_agrees_needs_its_body() => Assert.Throws<WireFormatException>(
        () => Pdu.Read(PduWire.Cut(Bytes.FromHex("00000010 80000004 00000000 00000001"))));

    [Fact]
    public void Passwords_are_not_printed()
    {
        foreach (var pdu in new Pdu[] { new Bind(BindMode.Receiver, "esme", "secret"), new Outbind("smsc", "secret") })
            Assert.DoesNotContain("secret", pdu.ToString(), StringComparison.Ordinal);
    }
}
