using Tessera.Toolkit.Commands;
using Tessera.Wire;

namespace Tessera.Toolkit;

/// <summary>What a terminal can show and take: TERMINAL PROFILE octets and Tessera's own capability object.</summary>
/// <remarks>
/// Octets that are not there count as zero, but for display and keypad: every terminal has them unless octet 14 says it
/// has not.
/// </remarks>
/// <param name="Octets">The profile as the terminal sent it (TS 102 223 §5.2).</param>
/// <param name="Capabilities">What TERMINAL PROFILE has no bit for.</param>
public sealed partial record TerminalProfile(Bytes Octets, TerminalCapabilities Capabilities)
{
    private const int HeightMask = 0x1F;
    private const int WidthMask = 0x7F;

    public bool HasDisplay => !Has(ProfileBit.NoDisplay);

    public bool HasKeypad => !Has(ProfileBit.NoKeypad);

    /// <summary>Lines of the display, or null where the profile does not say.</summary>
    public int? Height => Has(ProfileBit.ScreenSize) && Octet(14) is var octet and > 0 ? octet & HeightMask : null;

    /// <summary>Characters of a line, or null where the profile does not say.</summary>
    public int? Width => Has(ProfileBit.ScreenSize) && (Octet(15) & WidthMask) is var width and > 0 ? width : null;

    public bool ShowsUcs2 => Has(ProfileBit.Ucs2Display);

    public bool TakesUcs2 => Has(ProfileBit.Ucs2Entry);

    /// <summary>GET INKEY can ask for a yes or a no.</summary>
    public bool AsksYesNo => Has(ProfileBit.GetInkeyYesNo);

    public bool HasRichPages => Capabilities.HasFlag(TerminalCapabilities.RichPages);

    /// <summary>A second card can be in the terminal, and scripts can speak to it.</summary>
    public bool HasAdditionalReader => Has(ProfileBit.PerformCardApdu);

    /// <summary>The terminal tells how its battery is.</summary>
    public bool HasBattery => Has(ProfileBit.ProvideLocalInformation) && Has(ProfileBit.BatteryState);

    public bool HasPrinter => Capabilities.HasFlag(TerminalCapabilities.Printer);

    /// <summary>A finger can be laid on the terminal.</summary>
    public bool HasBiometrics => Capabilities.HasFlag(TerminalCapabilities.Biometrics);

    /// <summary>What a holder enters can be encrypted for the verifier that the terminal is set up for.</summary>
    public bool HasVerifier => Capabilities.HasFlag(TerminalCapabilities.Verifier);

    /// <summary>True when the profile names the command.</summary>
    public bool Supports(CommandType command) => BitOf(command) is { } bit && Has(bit);

    internal bool Has(ProfileBit bit) => (Octet(((int)bit / 8) + 1) & (1 << ((int)bit % 8))) != 0;

    /// <param name="number">From 1, as the standard counts.</param>
    private byte Octet(int number) => number <= Octets.Length ? Octets.Span[number - 1] : (byte)0;

    private static ProfileBit? BitOf(CommandType command) => command switch
    {
        CommandType.DisplayText => ProfileBit.DisplayText,
        CommandType.GetInkey => ProfileBit.GetInkey,
        CommandType.GetInput => ProfileBit.GetInput,
        CommandType.MoreTime => ProfileBit.MoreTime,
        CommandType.PlayTone => ProfileBit.PlayTone,
        CommandType.PollInterval => ProfileBit.PollInterval,
        CommandType.PollingOff => ProfileBit.PollingOff,
        CommandType.Refresh => ProfileBit.Refresh,
        CommandType.SelectItem => ProfileBit.SelectItem,
        CommandType.SendShortMessage => ProfileBit.SendShortMessage,
        CommandType.SendSs => ProfileBit.SendSs,
        CommandType.SendUssd => ProfileBit.SendUssd,
        CommandType.SetUpCall => ProfileBit.SetUpCall,
        CommandType.SetUpMenu => ProfileBit.SetUpMenu,
        CommandType.ProvideLocalInformation => ProfileBit.ProvideLocalInformation,
        CommandType.SetUpEventList => ProfileBit.SetUpEventList,
        CommandType.TimerManagement => ProfileBit.TimerStart,
        CommandType.SetUpIdleModeText => ProfileBit.SetUpIdleModeText,
        CommandType.SendDtmf => ProfileBit.SendDtmf,
        CommandType.LaunchBrowser => ProfileBit.LaunchBrowser,
        CommandType.PowerOnCard => ProfileBit.PowerOnCard,
        CommandType.PowerOffCard => ProfileBit.PowerOffCard,
        CommandType.PerformCardApdu => ProfileBit.PerformCardApdu,
        CommandType.GetReaderStatus => ProfileBit.GetReaderStatus,
        CommandType.OpenChannel => ProfileBit.OpenChannel,
        CommandType.CloseChannel => ProfileBit.CloseChannel,
        CommandType.ReceiveData => ProfileBit.ReceiveData,
        CommandType.SendData => ProfileBit.SendData,
        CommandType.GetChannelStatus => ProfileBit.GetChannelStatus,
        _ => null,
    };
}

/// <summary>What a terminal has beyond TS 102 223.</summary>
[Flags]
public enum TerminalCapabilities : byte
{
    None = 0,

    /// <summary>Pages of the application appear in a browser at its side; they never count as shown.</summary>
    RichPages = 0x01,

    Printer = 0x02,

    /// <summary>A reader for the holder's finger, which a card compares.</summary>
    Biometrics = 0x04,

    /// <summary>A verifier that gets what the holder enters, encrypted.</summary>
    Verifier = 0x08,
}
