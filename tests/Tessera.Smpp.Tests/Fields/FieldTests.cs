using Tessera.Wire;
using Xunit;

namespace Tessera.Smpp.Tests.Fields;

public class FieldTests
{
    // SMPP 3.4 §5.2.12.
    [Theory]
    [InlineData(0x00, MessagingMode.Default, MessageType.Default, false, false)]
    [InlineData(0x03, MessagingMode.StoreAndForward, MessageType.Default, false, false)]
    [InlineData(0x04, MessagingMode.Default, MessageType.DeliveryReceipt, false, false)]
    [InlineData(0x22, MessagingMode.Forward, MessageType.IntermediateNotification, false, false)]
    [InlineData(0x43, MessagingMode.StoreAndForward, MessageType.Default, true, false)]
    [InlineData(0x99, MessagingMode.Datagram, MessageType.ConversationAbort, false, true)]
    public void Esm_class(byte value, MessagingMode mode, MessageType type, bool udhi, bool replyPath)
    {
        var esmClass = new EsmClass(value);

        Assert.Equal((mode, type, udhi, replyPath), (esmClass.Mode, esmClass.Type, esmClass.Udhi, esmClass.ReplyPath));
    }

    [Theory]
    [InlineData(0x00, ReceiptWanted.Never, false)]
    [InlineData(0x01, ReceiptWanted.Always, false)]
    [InlineData(0x12, ReceiptWanted.OnFailure, true)]
    [InlineData(0x0F, ReceiptWanted.OnSuccess, false)]
    public void Registered_delivery(byte value, ReceiptWanted receipt, bool intermediate)
    {
        var delivery = new RegisteredDelivery(value);

        Assert.Equal((receipt, intermediate), (delivery.Receipt, delivery.Intermediate));
    }

    [Fact]
    public void Optional_parameters_are_found_by_their_tag()
    {
        OptionalParameters parameters =
        [
            OptionalParameter.Of(OptionalTag.SarMsgRefNum, 0x0102),
            OptionalParameter.Of(OptionalTag.ReceiptedMessageId, "3f"),
            OptionalParameter.Of(OptionalTag.MessageState, 5),
            OptionalParameter.Of(OptionalTag.MessageState, 6),
        ];

        Assert.Equal((ushort)0x0102, parameters.FindUInt16(OptionalTag.SarMsgRefNum));
        Assert.Equal("3f", parameters.FindText(OptionalTag.ReceiptedMessageId));
        Assert.Equal((byte)5, parameters.FindByte(OptionalTag.MessageState));
        Assert.Null(parameters.Find(OptionalTag.NetworkErrorCode));
        Assert.Equal(
            Bytes.FromHex("030011"),
            parameters.With(new OptionalParameter(OptionalTag.NetworkErrorCode, Bytes.FromHex("030011")))
                .Find(OptionalTag.NetworkErrorCode));
    }

    [Fact]
    public void A_text_without_its_nul_is_taken()
    {
        OptionalParameters parameters =
            [new OptionalParameter(OptionalTag.ReceiptedMessageId, Bytes.FromHex("3366"))];

        Assert.Equal("3f", parameters.FindText(OptionalTag.ReceiptedMessageId));
    }

    [Fact]
    public void A_response_says_whether_it_agrees()
    {
        new SubmitSmResp(CommandStatus.Ok, "1").EnsureSuccess();

        var refused = Assert.Throws<CommandStatusException>(new SubmitSmResp(CommandStatus.Throttled).EnsureSuccess);

        Assert.Equal((CommandId.SubmitSmResp, CommandStatus.Throttled), (refused.Command, refused.Status));
    }
}
