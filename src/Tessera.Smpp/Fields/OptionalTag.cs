namespace Tessera.Smpp;

/// <summary>What an optional parameter is (SMPP 3.4 §5.3.2). Others are kept as they come.</summary>
public enum OptionalTag : ushort
{
    DestAddrSubunit = 0x0005,
    DestNetworkType = 0x0006,
    DestBearerType = 0x0007,
    DestTelematicsId = 0x0008,
    SourceAddrSubunit = 0x000D,
    SourceNetworkType = 0x000E,
    SourceBearerType = 0x000F,
    SourceTelematicsId = 0x0010,
    QosTimeToLive = 0x0017,
    PayloadType = 0x0019,
    AdditionalStatusInfoText = 0x001D,
    ReceiptedMessageId = 0x001E,
    MsMsgWaitFacilities = 0x0030,
    PrivacyIndicator = 0x0201,
    SourceSubaddress = 0x0202,
    DestSubaddress = 0x0203,
    UserMessageReference = 0x0204,
    UserResponseCode = 0x0205,
    SourcePort = 0x020A,
    DestinationPort = 0x020B,
    SarMsgRefNum = 0x020C,
    LanguageIndicator = 0x020D,
    SarTotalSegments = 0x020E,
    SarSegmentSeqnum = 0x020F,
    ScInterfaceVersion = 0x0210,
    CallbackNumPresInd = 0x0302,
    CallbackNumAtag = 0x0303,
    NumberOfMessages = 0x0304,
    CallbackNum = 0x0381,
    DpfResult = 0x0420,
    SetDpf = 0x0421,
    MsAvailabilityStatus = 0x0422,
    NetworkErrorCode = 0x0423,
    MessagePayload = 0x0424,
    DeliveryFailureReason = 0x0425,
    MoreMessagesToSend = 0x0426,
    MessageState = 0x0427,
    UssdServiceOp = 0x0501,
    DisplayTime = 0x1201,
    SmsSignal = 0x1203,
    MsValidity = 0x1204,
    AlertOnMessageDelivery = 0x130C,
    ItsReplyType = 0x1380,
    ItsSessionInfo = 0x1383,
}

internal static class OptionalTags
{
    /// <summary>Octets of a value of that tag, where the standard fixes them (SMPP 3.4 §5.3.2).</summary>
    public static int? FixedLength(this OptionalTag tag) => tag switch
    {
        OptionalTag.DestAddrSubunit or OptionalTag.SourceAddrSubunit or OptionalTag.DestNetworkType
            or OptionalTag.SourceNetworkType or OptionalTag.DestBearerType or OptionalTag.SourceBearerType
            or OptionalTag.PayloadType or OptionalTag.MsMsgWaitFacilities or OptionalTag.PrivacyIndicator
            or OptionalTag.UserResponseCode or OptionalTag.LanguageIndicator or OptionalTag.SarTotalSegments
            or OptionalTag.SarSegmentSeqnum or OptionalTag.ScInterfaceVersion or OptionalTag.CallbackNumPresInd
            or OptionalTag.NumberOfMessages or OptionalTag.DpfResult or OptionalTag.SetDpf
            or OptionalTag.MsAvailabilityStatus or OptionalTag.DeliveryFailureReason or OptionalTag.MoreMessagesToSend
            or OptionalTag.MessageState or OptionalTag.UssdServiceOp or OptionalTag.DisplayTime
            or OptionalTag.ItsReplyType => 1,
        OptionalTag.UserMessageReference or OptionalTag.SourcePort or OptionalTag.DestinationPort
            or OptionalTag.SarMsgRefNum or OptionalTag.ItsSessionInfo or OptionalTag.SmsSignal => 2,
        OptionalTag.NetworkErrorCode => 3,
        OptionalTag.QosTimeToLive => 4,
        OptionalTag.AlertOnMessageDelivery => 0,
        _ => null,
    };
}
