namespace Tessera.Smpp;

/// <summary>
/// What a PDU is: command_id (SMPP 3.4 §5.1.2.1). A response is its request with the highest bit set.
/// </summary>
public enum CommandId : uint
{
    BindReceiver = 0x01,
    BindTransmitter = 0x02,
    QuerySm = 0x03,
    SubmitSm = 0x04,
    DeliverSm = 0x05,
    Unbind = 0x06,
    ReplaceSm = 0x07,
    CancelSm = 0x08,
    BindTransceiver = 0x09,
    Outbind = 0x0B,
    EnquireLink = 0x15,
    SubmitMulti = 0x21,
    AlertNotification = 0x102,
    DataSm = 0x103,

    GenericNack = 0x8000_0000,
    BindReceiverResp = 0x8000_0001,
    BindTransmitterResp = 0x8000_0002,
    QuerySmResp = 0x8000_0003,
    SubmitSmResp = 0x8000_0004,
    DeliverSmResp = 0x8000_0005,
    UnbindResp = 0x8000_0006,
    ReplaceSmResp = 0x8000_0007,
    CancelSmResp = 0x8000_0008,
    BindTransceiverResp = 0x8000_0009,
    EnquireLinkResp = 0x8000_0015,
    SubmitMultiResp = 0x8000_0021,
    DataSmResp = 0x8000_0103,
}

internal static class CommandIds
{
    private const uint ResponseBit = 0x8000_0000;

    /// <summary>True also for generic_nack, which answers anything.</summary>
    public static bool IsResponse(this CommandId id) => ((uint)id & ResponseBit) != 0;

    public static CommandId Response(this CommandId request) => (CommandId)((uint)request | ResponseBit);
}
