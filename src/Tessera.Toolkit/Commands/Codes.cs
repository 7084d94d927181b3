namespace Tessera.Toolkit.Commands;

/// <summary>What a proactive command asks for: type of command (ETSI TS 102 223 §9.4).</summary>
public enum CommandType : byte
{
    Refresh = 0x01,
    MoreTime = 0x02,
    PollInterval = 0x03,
    PollingOff = 0x04,
    SetUpEventList = 0x05,
    SetUpCall = 0x10,
    SendSs = 0x11,
    SendUssd = 0x12,
    SendShortMessage = 0x13,
    SendDtmf = 0x14,
    LaunchBrowser = 0x15,
    PlayTone = 0x20,
    DisplayText = 0x21,
    GetInkey = 0x22,
    GetInput = 0x23,
    SelectItem = 0x24,
    SetUpMenu = 0x25,
    ProvideLocalInformation = 0x26,
    TimerManagement = 0x27,
    SetUpIdleModeText = 0x28,
    PerformCardApdu = 0x30,
    PowerOnCard = 0x31,
    PowerOffCard = 0x32,
    GetReaderStatus = 0x33,
    OpenChannel = 0x40,
    CloseChannel = 0x41,
    ReceiveData = 0x42,
    SendData = 0x43,
    GetChannelStatus = 0x44,
}

/// <summary>Where a command comes from or goes to: device identities (ETSI TS 102 223 §8.7).</summary>
public enum Device : byte
{
    Keypad = 0x01,
    Display = 0x02,
    Earpiece = 0x03,

    /// <summary>The first of eight.</summary>
    AdditionalReader0 = 0x10,

    Uicc = 0x81,
    Terminal = 0x82,
    Network = 0x83,
}

/// <summary>The data objects of toolkit commands, without the comprehension bit (ETSI TS 102 223 §9.3).</summary>
public enum ObjectTag : byte
{
    CommandDetails = 0x01,
    DeviceIdentities = 0x02,
    Result = 0x03,
    Duration = 0x04,
    AlphaIdentifier = 0x05,
    Address = 0x06,
    CapabilityConfiguration = 0x07,
    Subaddress = 0x08,
    SsString = 0x09,
    UssdString = 0x0A,
    SmsTpdu = 0x0B,
    TextString = 0x0D,
    Tone = 0x0E,
    Item = 0x0F,
    ItemIdentifier = 0x10,
    ResponseLength = 0x11,
    FileList = 0x12,
    LocationInformation = 0x13,
    Imei = 0x14,
    HelpRequest = 0x15,
    DefaultText = 0x17,
    NextAction = 0x18,
    EventList = 0x19,
    IconIdentifier = 0x1E,
    ItemIconList = 0x1F,
    CardReaderStatus = 0x20,
    CardAtr = 0x21,
    CApdu = 0x22,
    RApdu = 0x23,
    TimerIdentifier = 0x24,
    TimerValue = 0x25,
    DateAndTime = 0x26,
    ImmediateResponse = 0x2B,
    Language = 0x2D,
    ApplicationIdentifier = 0x2F,
    Url = 0x31,
    TextAttribute = 0x50,
    ItemTextAttributeList = 0x51,
    ImeiSv = 0x62,
    BatteryState = 0x63,

    /// <summary>Of Tessera: what a holder entered, encrypted for a verifier (docs/protocols/script.md §6.12).</summary>
    SealedEntry = 0x7E,
}

/// <summary>
/// How performing a command ended (ETSI TS 102 223 §8.12): 0x done, 1x the holder's choice, 2x try later, 3x never.
/// </summary>
public enum GeneralResult : byte
{
    Success = 0x00,
    PartialComprehension = 0x01,
    MissingInformation = 0x02,
    IconNotShown = 0x04,
    ModifiedByCard = 0x05,
    SessionTerminatedByUser = 0x10,
    BackwardMove = 0x11,
    NoResponseFromUser = 0x12,
    HelpRequired = 0x13,
    UssdTerminatedByUser = 0x14,
    TerminalBusy = 0x20,
    NetworkBusy = 0x21,
    UserRefused = 0x22,
    UserClearedCall = 0x23,
    TimerContradiction = 0x24,
    CallControlProblem = 0x25,
    BeyondCapabilities = 0x30,
    TypeNotUnderstood = 0x31,
    DataNotUnderstood = 0x32,
    NumberNotKnown = 0x33,
    SmsRpError = 0x35,
    MissingValues = 0x36,
    MultipleCardProblem = 0x38,
    CallControlRefused = 0x39,
}

/// <summary>Unit of a duration (ETSI TS 102 223 §8.8).</summary>
public enum TimeUnit : byte
{
    Minutes = 0x00,
    Seconds = 0x01,
    Tenths = 0x02,
}

/// <summary>The tones of PLAY TONE (ETSI TS 102 223 §8.16).</summary>
public enum Tone : byte
{
    Dial = 0x01,
    Busy = 0x02,
    Congestion = 0x03,
    RadioAcknowledge = 0x04,
    RadioNotAvailable = 0x05,
    Error = 0x06,
    CallWaiting = 0x07,
    Ringing = 0x08,
    GeneralBeep = 0x10,
    PositiveAcknowledgement = 0x11,
    NegativeAcknowledgement = 0x12,
}

/// <summary>Qualifier of DISPLAY TEXT (ETSI TS 102 223 §8.6).</summary>
[Flags]
public enum DisplayQualifier : byte
{
    None = 0,
    HighPriority = 0x01,

    /// <summary>The text stays until the holder clears it; otherwise it goes after a delay.</summary>
    WaitForUser = 0x80,
}

/// <summary>Qualifier of GET INKEY and GET INPUT (ETSI TS 102 223 §8.6).</summary>
[Flags]
public enum InputQualifier : byte
{
    Digits = 0,
    Letters = 0x01,
    Ucs2 = 0x02,

    /// <summary>GET INPUT: what is typed is not shown. GET INKEY: a yes or a no is wanted.</summary>
    HiddenOrYesNo = 0x04,

    /// <summary>GET INPUT: the answer is wanted in packed septets.</summary>
    Packed = 0x08,

    Help = 0x80,
}
