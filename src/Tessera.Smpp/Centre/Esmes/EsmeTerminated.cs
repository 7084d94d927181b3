using Tessera.Wire;

namespace Tessera.Smpp.Centre;

/// <summary>Held messages as an ESME gets them, and what its answers mean (SMPP 3.4 §4.6).</summary>
internal static class EsmeTerminated
{
    /// <summary>GSM, in network_error_code (SMPP 3.4 §5.3.2.31).</summary>
    private const byte Gsm = 3;

    public static DeliverSm Of(HeldMessage message) => new()
    {
        Source = message.Source,
        Destination = message.Destination,
        EsmClass = message.EsmClass,
        ProtocolId = message.Protocol.Octet,
        DataCoding = Codings.ToEsme(message.Coding),
        Text = message.Octets,
        Parameters = message.Tells is { } told ? Parameters(told) : default,
    };

    /// <summary>What deliver_sm_resp means.</summary>
    public static Attempt AttemptOf(CommandStatus status) => status switch
    {
        CommandStatus.Ok => Attempt.Taken,
        CommandStatus.ReceiverTemporaryError or CommandStatus.MessageQueueFull or CommandStatus.Throttled
            or CommandStatus.SystemError => Attempt.Later(status.ToString()),
        CommandStatus.ReceiverRejected => Attempt.Never(status.ToString(), error: 0, MessageState.Rejected),
        _ => Attempt.Never(status.ToString(), error: 0),
    };

    private static OptionalParameters Parameters(MessageEnd told)
    {
        OptionalParameters parameters =
        [
            OptionalParameter.Of(OptionalTag.ReceiptedMessageId, MessageId.Of(told.Id)),
            OptionalParameter.Of(OptionalTag.MessageState, (byte)told.State),
        ];
        return told.Error == 0
            ? parameters
            : parameters.With(new OptionalParameter(
                OptionalTag.NetworkErrorCode, Bytes.CopyOf([Gsm, 0, told.Error])));
    }
}
