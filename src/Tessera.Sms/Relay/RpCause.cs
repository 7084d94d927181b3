namespace Tessera.Sms.Relay;

/// <summary>Why a relay message was not taken (3GPP TS 24.011 §8.2.5.4).</summary>
public enum RpCause : byte
{
    UnassignedNumber = 1,
    OperatorDeterminedBarring = 8,
    CallBarred = 10,
    Reserved = 11,
    TransferRejected = 21,
    MemoryCapacityExceeded = 22,
    DestinationOutOfOrder = 27,
    UnidentifiedSubscriber = 28,
    FacilityRejected = 29,
    UnknownSubscriber = 30,
    NetworkOutOfOrder = 38,
    TemporaryFailure = 41,
    Congestion = 42,
    ResourcesUnavailable = 47,
    FacilityNotSubscribed = 50,
    FacilityNotImplemented = 69,
    InvalidReference = 81,
    SemanticallyIncorrect = 95,
    InvalidMandatoryInformation = 96,
    MessageTypeUnknown = 97,
    NotCompatibleWithState = 98,
    ElementUnknown = 99,
    ProtocolError = 111,
    Interworking = 127,
}
