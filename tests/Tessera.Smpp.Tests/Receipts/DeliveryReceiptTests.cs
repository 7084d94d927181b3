using System.Text;
using Tessera.Wire;
using Xunit;

namespace Tessera.Smpp.Tests.Receipts;

public class DeliveryReceiptTests
{
    private const string Standard =
        "id:0123456789 sub:001 dlvrd:001 submit date:0809011130 done date:0809011131 stat:DELIVRD err:000 "
        + "text:testing jSMPP bow";

    private static readonly DeliveryReceipt Read = new("0123456789", "DELIVRD")
    {
        State = MessageState.Delivered,
        Submitted = 1,
        Delivered = 1,
        SubmitDate = new DateTime(2008, 9, 1, 11, 30, 0),
        DoneDate = new DateTime(2008, 9, 1, 11, 31, 0),
        Error = "000",
        Text = "testing jSMPP bow",
    };

    // jSMPP.
    [Fact]
    public void The_form_of_the_standard()
    {
        Assert.True(DeliveryReceipt.TryParse(Standard, out var receipt));

        Assert.Equal(Read, receipt);
        Assert.Equal(Standard, receipt.ToString());
    }

    // jSMPP: no label before the text.
    [Fact]
    public void A_text_without_its_label()
    {
        Assert.True(DeliveryReceipt.TryParse(Standard.Replace("text:", "", StringComparison.Ordinal), out var receipt));

        Assert.Equal(Read, receipt);
    }

    // jSMPP: sub and dlvrd are missing.
    [Fact]
    public void Fields_may_be_missing()
    {
        Assert.True(DeliveryReceipt.TryParse(
            "id:1526758174 submit date:1701240904 done date:1701250907 stat:DELIVRD err:000 text:testing jSMPP bow",
            out var receipt));

        Assert.Equal(("1526758174", MessageState.Delivered), (receipt.MessageId, receipt.State));
        Assert.Equal((null, null), (receipt.Submitted, receipt.Delivered));
        Assert.Equal(new DateTime(2017, 1, 25, 9, 7, 0), receipt.DoneDate);
    }

    // jSMPP examples: err before stat, and a word of the operator's own.
    [Fact]
    public void Fields_may_come_in_any_order_and_words_may_be_the_operators()
    {
        Assert.True(DeliveryReceipt.TryParse(
            "id:0123456789 sub:002 dlvrd:003 submit date:0809011130 done date:0809021131 err:123 stat:DND_REJECTED "
            + "text:Hello World",
            out var receipt));

        Assert.Equal(("DND_REJECTED", null), (receipt.Word, receipt.State));
        Assert.Equal((2, 3, "123", "Hello World"), (receipt.Submitted, receipt.Delivered, receipt.Error, receipt.Text));
    }

    // cloudhopper-smpp: dates of 14 digits, an id of 32, no text.
    [Fact]
    public void Dates_may_have_a_century_and_seconds()
    {
        Assert.True(DeliveryReceipt.TryParse(
            "id:2E179B310EDE971B2760C72B7F026E1B submit date:20110314181534 done date:20110314181741 "
            + "stat:DELIVRD err:0",
            out var receipt));

        Assert.Equal("2E179B310EDE971B2760C72B7F026E1B", receipt.MessageId);
        Assert.Equal(new DateTime(2011, 3, 14, 18, 15, 34), receipt.SubmitDate);
        Assert.Equal(new DateTime(2011, 3, 14, 18, 17, 41), receipt.DoneDate);
        Assert.Equal(("0", ""), (receipt.Error, receipt.Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("id:1")]
    [InlineData("stat:DELIVRD")]
    [InlineData("id: stat:DELIVRD")]
    [InlineData("I said: stat:DELIVRD id:7")]
    [InlineData("text:id:1 stat:DELIVRD")]
    public void What_names_no_message_or_no_state_is_no_receipt(string text) =>
        Assert.False(DeliveryReceipt.TryParse(text, out _));

    [Fact]
    public void Every_state_has_a_word_that_means_it()
    {
        foreach (var state in Enum.GetValues<MessageState>().Except([MessageState.None]))
            Assert.Equal(state, MessageStates.FromWord(state.Word()));
    }

    [Fact]
    public void A_receipt_travels_as_a_message_and_back()
    {
        var moment = new DateTimeOffset(2026, 3, 4, 5, 6, 0, TimeSpan.FromHours(2));
        var receipt = DeliveryReceipt.Of("7f", MessageState.Expired, moment, moment.AddMinutes(1));

        var message = receipt.ToDeliverSm(SmppAddress.International("331"), SmppAddress.International("40"));

        var read = Pdu.Read(Pdus.PduWire.Cut(Pdus.PduWire.Encode(1, message)));
        Assert.Equal(receipt, DeliveryReceipt.Find(Assert.IsType<DeliverSm>(read)));
        Assert.Equal(
            "id:7f sub:001 dlvrd:000 submit date:2603040306 done date:2603040307 stat:EXPIRED err:000 text:",
            Encoding.ASCII.GetString(message.Text.Span));
    }

    [Fact]
    public void Optional_parameters_say_more_than_the_text()
    {
        var message = Receipt(Standard) with
        {
            Parameters =
            [
                OptionalParameter.Of(OptionalTag.ReceiptedMessageId, "75bcd15"),
                OptionalParameter.Of(OptionalTag.MessageState, (byte)MessageState.Undeliverable),
            ],
        };

        Assert.Equal(
            Read with { MessageId = "75bcd15", State = MessageState.Undeliverable }, DeliveryReceipt.Find(message));
        var bare = DeliveryReceipt.Find(message with { Text = Bytes.Empty });
        Assert.Equal(("75bcd15", MessageState.Undeliverable, "UNDELIV"), (bare?.MessageId, bare?.State, bare?.Word));
    }

    [Fact]
    public void A_message_that_only_looks_like_a_receipt_is_none() =>
        Assert.Null(DeliveryReceipt.Find(Receipt(Standard) with { EsmClass = EsmClass.Default }));

    [Theory]
    [InlineData("16FEE0E525", "98765432101", ReceiptIdForm.DecimalForHex)]
    [InlineData("98765432101", "16fee0e525", ReceiptIdForm.HexForDecimal)]
    [InlineData("38601fa", "0059113978", ReceiptIdForm.DecimalForHex)]
    [InlineData("0A000000A3D323A1", "a000000a3d323a1", ReceiptIdForm.Same)]
    [InlineData("F0000000", "4026531840", ReceiptIdForm.DecimalForHex)]
    [InlineData("4026531840", "F0000000", ReceiptIdForm.HexForDecimal)]
    [InlineData("not-a-number", "Not-a-number", ReceiptIdForm.HexForDecimal)]
    [InlineData("0", "000", ReceiptIdForm.Same)]
    public void An_id_of_a_receipt_finds_that_of_the_response(string response, string receipt, ReceiptIdForm form) =>
        Assert.Equal(MessageIds.Key(response), MessageIds.KeyOfReceipt(receipt, form));

    private static DeliverSm Receipt(string text) =>
        new() { EsmClass = EsmClass.Receipt, Text = new Bytes(Encoding.ASCII.GetBytes(text)) };
}
