namespace Tessera.Sms.Messages;

/// <summary>TP-FCS: why a message was not taken (3GPP TS 23.040 §9.2.3.22).</summary>
public enum FailureCause : byte
{
    TelematicNotSupported = 0x80,
    TypeZeroNotSupported = 0x81,
    CannotReplace = 0x82,
    ProtocolUnspecified = 0x8F,
    AlphabetNotSupported = 0x90,
    ClassNotSupported = 0x91,
    CodingUnspecified = 0x9F,
    CommandCannotBeActioned = 0xA0,
    CommandUnsupported = 0xA1,
    CommandUnspecified = 0xAF,
    TpduNotSupported = 0xB0,
    CentreBusy = 0xC0,
    NoSubscription = 0xC1,
    CentreFailure = 0xC2,
    InvalidAddress = 0xC3,
    DestinationBarred = 0xC4,
    DuplicateRejected = 0xC5,
    ValidityFormatNotSupported = 0xC6,
    ValidityNotSupported = 0xC7,
    SimStorageFull = 0xD0,
    NoSimStorage = 0xD1,
    ErrorInMobile = 0xD2,
    MemoryExceeded = 0xD3,
    ToolkitBusy = 0xD4,
    DataDownloadError = 0xD5,
    Unspecified = 0xFF,
}
