using System.Globalization;
using System.Text;
using Tessera.Wire;

namespace Tessera.Smpp;

/// <summary>What became of a message, told in a deliver_sm of its own (SMPP 3.4 appendix B).</summary>
/// <remarks>
/// <code>
/// id:IIIIIIIIII sub:SSS dlvrd:DDD submit date:YYMMDDhhmm done date:YYMMDDhhmm stat:DDDDDDD err:EEE text:...
/// </code>
/// Written like this; read with the fields in any order, some of them missing, dates of 10, 12 or 14 digits, and the
/// text with or without its label.
/// </remarks>
/// <param name="MessageId">
/// As the receipt gives it; <see cref="ReceiptIdForm"/> tells how it relates to that of the response.
/// </param>
/// <param name="Word">What stands after <c>stat:</c>, also where it is a word of the operator's own.</param>
public sealed record DeliveryReceipt(string MessageId, string Word)
{
    private const string Minute = "yyMMddHHmm";

    private static readonly string[] DateForms = [Minute, "yyMMddHHmmss", "yyyyMMddHHmmss"];

    /// <summary>Null for a word that the standard does not know.</summary>
    public MessageState? State { get; init; } = MessageStates.FromWord(Word);

    public int? Submitted { get; init; }

    public int? Delivered { get; init; }

    /// <summary>In the SMSC's own time, whatever that is.</summary>
    public DateTime? SubmitDate { get; init; }

    /// <summary>In the SMSC's own time, whatever that is.</summary>
    public DateTime? DoneDate { get; init; }

    /// <summary>Of the network or the SMSC; mostly three digits.</summary>
    public string Error { get; init; } = "000";

    /// <summary>The beginning of the message, mostly 20 characters.</summary>
    public string Text { get; init; } = "";

    /// <summary>A receipt of one message.</summary>
    public static DeliveryReceipt Of(
        string messageId, MessageState state, DateTimeOffset submitted, DateTimeOffset done) =>
        new(messageId, state.Word())
        {
            Submitted = 1,
            Delivered = state == MessageState.Delivered ? 1 : 0,
            SubmitDate = submitted.UtcDateTime,
            DoneDate = done.UtcDateTime,
        };

    /// <summary>
    /// The receipt that a message is; null where it is none. The optional parameters say more than the text.
    /// </summary>
    public static DeliveryReceipt? Find(DeliverSm message)
    {
        if (message.EsmClass.Type is not (MessageType.DeliveryReceipt or MessageType.IntermediateNotification))
            return null;

        var id = message.Parameters.FindText(OptionalTag.ReceiptedMessageId);
        var state = (MessageState?)message.Parameters.FindByte(OptionalTag.MessageState);
        if (!TryParse(Encoding.ASCII.GetString(message.Content.Span), out var receipt))
            return id is null || state is null ? null : new DeliveryReceipt(id, state.Value.Word()) { State = state };

        return receipt with { MessageId = id ?? receipt.MessageId, State = state ?? receipt.State };
    }

    /// <summary>Reads the text of a receipt; false where it names no message or no state.</summary>
    public static bool TryParse(string text, out DeliveryReceipt receipt)
    {
        var fields = ReceiptText.Fields(text);
        receipt = new DeliveryReceipt(fields.GetValueOrDefault("id", ""), fields.GetValueOrDefault("stat", ""))
        {
            Submitted = Number(fields.GetValueOrDefault("sub")),
            Delivered = Number(fields.GetValueOrDefault("dlvrd")),
            SubmitDate = Date(fields.GetValueOrDefault("submit date")),
            DoneDate = Date(fields.GetValueOrDefault("done date")),
            Error = fields.GetValueOrDefault("err", "000"),
            Text = fields.GetValueOrDefault("text", ""),
        };
        return receipt.MessageId.Length > 0 && receipt.Word.Length > 0;
    }

    /// <summary>The text in the form of the standard.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"id:{MessageId} sub:{Submitted ?? 1:D3} dlvrd:{Delivered ?? 0:D3} submit date:{Print(SubmitDate)} "
        + $"done date:{Print(DoneDate)} stat:{Word} err:{Error} text:{Text}");

    /// <summary>The message that carries this receipt, with the id and the state as optional parameters too.</summary>
    /// <param name="source">Whom the original message went to.</param>
    /// <param name="destination">Whom it came from.</param>
    public DeliverSm ToDeliverSm(SmppAddress source, SmppAddress destination) => new()
    {
        Source = source,
        Destination = destination,
        EsmClass = EsmClass.Receipt,
        Text = new Bytes(Encoding.ASCII.GetBytes(ToString())),
        Parameters =
        [
            OptionalParameter.Of(OptionalTag.ReceiptedMessageId, MessageId),
            OptionalParameter.Of(OptionalTag.MessageState, (byte)(State ?? MessageState.Unknown)),
        ],
    };

    private static string Print(DateTime? date) =>
        (date ?? DateTime.UnixEpoch).ToString(Minute, CultureInfo.InvariantCulture);

    private static int? Number(string? digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static DateTime? Date(string? digits) =>
        DateTime.TryParseExact(
            digits, DateForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : null;
}
