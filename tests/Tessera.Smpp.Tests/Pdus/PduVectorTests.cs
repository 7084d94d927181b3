using System.Text;
using Tessera.Wire;
using Xunit;

namespace Tessera.Smpp.Tests.Pdus;

/// <summary>
/// PDUs that other implementations wrote. Source unless said otherwise: cloudhopper-smpp, PduDecoderTest (Apache-2.0).
/// </summary>
public class PduVectorTests
{
    [Fact]
    public void Enquire_link() => PduWire.Holds(171192039, new EnquireLink(), "0000001000000015000000000A342EE7");

    [Fact]
    public void Bind_transceiver() => PduWire.Holds(
        235857,
        new Bind(BindMode.Transceiver, "ALL_TW", "ALL_TW") { Ton = Ton.International, Npi = (Npi)2 },
        "00000023000000090000000000039951414C4C5F545700414C4C5F5457000034010200");

    [Fact]
    public void Bind_receiver() => PduWire.Holds(
        235873,
        new Bind(BindMode.Receiver, "twitter", "twitter"),
        "00000025000000010000000000039961747769747465720074776974746572000034000000");

    [Fact]
    public void Bind_transceiver_resp() => PduWire.Holds(
        235857,
        new BindResp(BindMode.Transceiver, CommandStatus.Ok, "Smsc Simulator"),
        "0000001F800000090000000000039951536D73632053696D756C61746F7200");

    [Fact]
    public void A_refused_bind_with_a_body() => PduWire.Holds(
        19891,
        new BindResp(BindMode.Transceiver, CommandStatus.InvalidPassword, "SMSC"),
        "00000015800000090000000E00004DB3534D534300");

    [Fact]
    public void Submit_sm() => PduWire.Holds(
        20456,
        new SubmitSm
        {
            Source = SmppAddress.International("40404"),
            Destination = SmppAddress.International("44951361920"),
            RegisteredDelivery = RegisteredDelivery.Always,
            Text = Bytes.FromHex("4024232125262F3A"),
        },
        "00000039000000040000000000004FE80001013430343034000101343439353133363139323000000000000001000000"
        + "084024232125262F3A");

    [Fact]
    public void Submit_sm_resp_without_an_id() =>
        PduWire.Holds(171192033, new SubmitSmResp(CommandStatus.Ok), "0000001180000004000000000A342EE100");

    // smppex, test/protocol_test.exs (MIT).
    [Fact]
    public void A_refused_submit_sm_with_a_body() => PduWire.Holds(
        2,
        new SubmitSmResp(CommandStatus.InvalidDestinationAddress, "0A000000A3D323A1"),
        "00000021800000040000000B000000023041303030303030413344333233413100");

    [Fact]
    public void Deliver_sm_with_a_receipt() => PduWire.Holds(
        2,
        new DeliverSm
        {
            Source = SmppAddress.International("44951361920"),
            Destination = SmppAddress.International("40404"),
            EsmClass = EsmClass.Receipt,
            Text = Ascii("id:0059113978 sub:001 dlvrd:001 submit date:1002101730 done date:1002101731 stat:DELIVRD "
                + "err:000 text:@$#!%&/:"),
            Parameters =
            [
                OptionalParameter.Of(OptionalTag.SourceNetworkType, 1),
                OptionalParameter.Of(OptionalTag.DestNetworkType, 1),
                OptionalParameter.Of(OptionalTag.ReceiptedMessageId, "38601fa"),
                OptionalParameter.Of(OptionalTag.MessageState, (byte)MessageState.Delivered),
            ],
        },
        "000000BA0000000500000000000000020001013434393531333631393230000101343034303400040000000000000000"
        + "6E69643A30303539313133393738207375623A30303120646C7672643A303031207375626D697420646174653A313030"
        + "3231303137333020646F6E6520646174653A3130303231303137333120737461743A44454C49565244206572723A3030"
        + "3020746578743A4024232125262F3A000E0001010006000101001E000833383630316661000427000102");

    [Fact]
    public void Deliver_sm_with_a_receipt_of_a_uuid() => PduWire.Holds(
        1,
        new DeliverSm
        {
            Source = SmppAddress.International("44951361920"),
            Destination = new SmppAddress(Ton.Unknown, Npi.Isdn, "40404"),
            EsmClass = EsmClass.Receipt,
            DataCoding = DataCoding.Latin1,
            Text = Ascii("id:126e85a6edeac1a02020099312479564 sub:001 dlvrd:001 submit date:1002191630 "
                + "done date:1002191630 stat:DELIVRD err:000 Text:Hello               "),
            Parameters =
            [
                OptionalParameter.Of(OptionalTag.MessageState, (byte)MessageState.Delivered),
                OptionalParameter.Of(OptionalTag.ReceiptedMessageId, "126e85a6edeac1a02020099312479564"),
            ],
        },
        "000000EB0000000500000000000000010001013434393531333631393230000001343034303400040000000000000300"
        + "9069643A3132366538356136656465616331613032303230303939333132343739353634207375623A30303120646C76"
        + "72643A303031207375626D697420646174653A3130303231393136333020646F6E6520646174653A3130303231393136"
        + "333020737461743A44454C49565244206572723A30303020546578743A48656C6C6F2020202020202020202020202020"
        + "200427000102001E0021313236653835613665646561633161303230323030393933313234373935363400");

    [Fact]
    public void Deliver_sm_with_a_message_payload() => PduWire.Holds(
        346091,
        new DeliverSm
        {
            Source = new SmppAddress(Ton.National, Npi.Isdn, "4495136192"),
            Destination = new SmppAddress((Ton)4, Npi.Private, "40404"),
            Parameters =
            [
                OptionalParameter.Of(OptionalTag.SourceNetworkType, 1),
                OptionalParameter.Of(OptionalTag.DestNetworkType, 1),
                new OptionalParameter(OptionalTag.MessagePayload, Ascii("@Maidenman664 was it sappy? &Romantic?")),
            ],
        },
        "000000640000000500000000000547EB0002013434393531333631393200040934303430340000000000000000000000"
        + "000E000101000600010104240026404D616964656E6D616E363634207761732069742073617070793F2026526F6D616E"
        + "7469633F");

    [Fact]
    public void Deliver_sm_resp() => PduWire.Holds(
        1141447,
        new DeliverSmResp(CommandStatus.Ok, "94258431594"),
        "0000001C800000050000000000116AC7393432353834333135393400");

    [Fact]
    public void Data_sm_resp() => PduWire.Holds(
        1141447,
        new DataSmResp(CommandStatus.Ok, "94258431594"),
        "0000001C800001030000000000116AC7393432353834333135393400");

    [Fact]
    public void Query_sm_resp() => PduWire.Holds(
        20456,
        new QuerySmResp(CommandStatus.Ok, "12345") { MessageState = MessageState.Accepted },
        "00000019800000030000000000004FE8313233343500000600");

    [Fact]
    public void Cancel_sm_resp() =>
        PduWire.Holds(20456, new CancelSmResp(CommandStatus.Ok), "00000010800000080000000000004FE8");

    [Fact]
    public void A_refused_replace_sm() => PduWire.Holds(
        20456, new ReplaceSmResp(CommandStatus.InvalidCommandLength), "00000010800000070000000200004FE8");

    [Fact]
    public void Unbind_resp() =>
        PduWire.Holds(1, new UnbindResp(CommandStatus.Ok), "00000010800000060000000000000001");

    [Fact]
    public void Alert_notification_whatever_its_status()
    {
        var frame = PduWire.Cut(Bytes.FromHex(
            "00000025000001020000000200004FE8010135353532373130303030000101343034303400"));

        Assert.Equal(
            new AlertNotification(SmppAddress.International("5552710000"), SmppAddress.International("40404")),
            Pdu.Read(frame));
    }

    private static Bytes Ascii(string text) => new(Encoding.ASCII.GetBytes(text));
}
