namespace Tessera.Smpp;

/// <summary>What became of a request: command_status (SMPP 3.4 §5.1.3). An answer, not an error.</summary>
public enum CommandStatus : uint
{
    /// <summary>ESME_ROK.</summary>
    Ok = 0x00,

    /// <summary>ESME_RINVMSGLEN.</summary>
    InvalidMessageLength = 0x01,

    /// <summary>ESME_RINVCMDLEN.</summary>
    InvalidCommandLength = 0x02,

    /// <summary>ESME_RINVCMDID.</summary>
    InvalidCommandId = 0x03,

    /// <summary>ESME_RINVBNDSTS: not in this state of the session.</summary>
    InvalidBindStatus = 0x04,

    /// <summary>ESME_RALYBND.</summary>
    AlreadyBound = 0x05,

    /// <summary>ESME_RINVPRTFLG.</summary>
    InvalidPriority = 0x06,

    /// <summary>ESME_RINVREGDLVFLG.</summary>
    InvalidRegisteredDelivery = 0x07,

    /// <summary>ESME_RSYSERR: try again later.</summary>
    SystemError = 0x08,

    /// <summary>ESME_RINVSRCADR.</summary>
    InvalidSourceAddress = 0x0A,

    /// <summary>ESME_RINVDSTADR.</summary>
    InvalidDestinationAddress = 0x0B,

    /// <summary>ESME_RINVMSGID.</summary>
    InvalidMessageId = 0x0C,

    /// <summary>ESME_RBINDFAIL.</summary>
    BindFailed = 0x0D,

    /// <summary>ESME_RINVPASWD.</summary>
    InvalidPassword = 0x0E,

    /// <summary>ESME_RINVSYSID.</summary>
    InvalidSystemId = 0x0F,

    /// <summary>ESME_RCANCELFAIL.</summary>
    CancelFailed = 0x11,

    /// <summary>ESME_RREPLACEFAIL.</summary>
    ReplaceFailed = 0x13,

    /// <summary>ESME_RMSGQFUL: to be treated as throttled.</summary>
    MessageQueueFull = 0x14,

    /// <summary>ESME_RINVSERTYP.</summary>
    InvalidServiceType = 0x15,

    /// <summary>ESME_RINVESMCLASS.</summary>
    InvalidEsmClass = 0x43,

    /// <summary>ESME_RSUBMITFAIL.</summary>
    SubmitFailed = 0x45,

    /// <summary>ESME_RINVSRCTON.</summary>
    InvalidSourceTon = 0x48,

    /// <summary>ESME_RINVSRCNPI.</summary>
    InvalidSourceNpi = 0x49,

    /// <summary>ESME_RINVDSTTON.</summary>
    InvalidDestinationTon = 0x50,

    /// <summary>ESME_RINVDSTNPI.</summary>
    InvalidDestinationNpi = 0x51,

    /// <summary>ESME_RINVSYSTYP.</summary>
    InvalidSystemType = 0x53,

    /// <summary>ESME_RINVREPFLAG.</summary>
    InvalidReplaceIfPresent = 0x54,

    /// <summary>ESME_RINVNUMMSGS.</summary>
    InvalidNumberOfMessages = 0x55,

    /// <summary>ESME_RTHROTTLED: slow down and send it again.</summary>
    Throttled = 0x58,

    /// <summary>ESME_RINVSCHED.</summary>
    InvalidSchedule = 0x61,

    /// <summary>ESME_RINVEXPIRY.</summary>
    InvalidExpiry = 0x62,

    /// <summary>ESME_RINVDFTMSGID.</summary>
    InvalidDefaultMessage = 0x63,

    /// <summary>ESME_RX_T_APPN: the ESME cannot take it now; deliver it again.</summary>
    ReceiverTemporaryError = 0x64,

    /// <summary>ESME_RX_P_APPN: the ESME will never take it.</summary>
    ReceiverPermanentError = 0x65,

    /// <summary>ESME_RX_R_APPN: the ESME rejects it.</summary>
    ReceiverRejected = 0x66,

    /// <summary>ESME_RQUERYFAIL.</summary>
    QueryFailed = 0x67,

    /// <summary>ESME_RINVOPTPARSTREAM.</summary>
    InvalidOptionalParameterStream = 0xC0,

    /// <summary>ESME_ROPTPARNOTALLWD.</summary>
    OptionalParameterNotAllowed = 0xC1,

    /// <summary>ESME_RINVPARLEN.</summary>
    InvalidParameterLength = 0xC2,

    /// <summary>ESME_RMISSINGOPTPARAM.</summary>
    MissingOptionalParameter = 0xC3,

    /// <summary>ESME_RINVOPTPARAMVAL.</summary>
    InvalidOptionalParameterValue = 0xC4,

    /// <summary>ESME_RDELIVERYFAILURE (data_sm_resp).</summary>
    DeliveryFailure = 0xFE,

    /// <summary>ESME_RUNKNOWNERR.</summary>
    UnknownError = 0xFF,
}
