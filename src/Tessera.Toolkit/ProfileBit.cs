namespace Tessera.Toolkit;

/// <summary>Places of the bits we read in TERMINAL PROFILE (ETSI TS 102 223 §5.2): eight an octet, b1 first.</summary>
internal enum ProfileBit
{
    // Octet 1
    ProfileDownload = 0,
    SmsPpDownload = 1,
    MenuSelection = 3,
    TimerExpiration = 5,

    // Octet 2
    CommandResult = 8,
    Ucs2Entry = 13,
    Ucs2Display = 14,

    // Octet 3
    DisplayText = 16,
    GetInkey = 17,
    GetInput = 18,
    MoreTime = 19,
    PlayTone = 20,
    PollInterval = 21,
    PollingOff = 22,
    Refresh = 23,

    // Octet 4
    SelectItem = 24,
    SendShortMessage = 25,
    SendSs = 26,
    SendUssd = 27,
    SetUpCall = 28,
    SetUpMenu = 29,
    ProvideLocalInformation = 30,

    // Octet 5
    SetUpEventList = 32,

    // Octet 7
    PowerOnCard = 48,
    PowerOffCard = 49,
    PerformCardApdu = 50,
    GetReaderStatus = 51,

    // Octet 8
    TimerStart = 56,
    GetInkeyYesNo = 59,
    SetUpIdleModeText = 60,

    // Octet 9
    DisplayTextSustained = 64,
    SendDtmf = 65,
    LaunchBrowser = 70,

    // Octet 12
    OpenChannel = 88,
    CloseChannel = 89,
    ReceiveData = 90,
    SendData = 91,
    GetChannelStatus = 92,

    // Octet 14
    NoDisplay = 109,
    NoKeypad = 110,
    ScreenSize = 111,

    // Octet 22
    BatteryState = 169,
}
