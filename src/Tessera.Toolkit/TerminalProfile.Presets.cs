using Tessera.Wire;

namespace Tessera.Toolkit;

/// <summary>Profiles of the terminals that Tessera itself provides.</summary>
public sealed partial record TerminalProfile
{
    private static readonly ProfileBit[] Dialogue =
    [
        ProfileBit.ProfileDownload, ProfileBit.MenuSelection, ProfileBit.CommandResult,
        ProfileBit.DisplayText, ProfileBit.GetInkey, ProfileBit.GetInput,
        ProfileBit.SelectItem, ProfileBit.SetUpMenu, ProfileBit.GetInkeyYesNo,
        ProfileBit.ScreenSize,
    ];

    /// <summary>
    /// A PC agent: its own page with a large display and a keypad, and the application's pages in the browser.
    /// </summary>
    public static TerminalProfile Rich { get; } = new(
        Compose(30, 80, [.. Dialogue, ProfileBit.Ucs2Display, ProfileBit.Ucs2Entry]),
        TerminalCapabilities.RichPages);

    /// <summary>A terminal with a display of two lines of 16 characters and a keypad.</summary>
    public static TerminalProfile TextOnly { get; } = Text(2, 16, TerminalCapabilities.None);

    /// <summary>A mobile telephone: a display of six lines of 20 characters, calls and short messages.</summary>
    public static TerminalProfile Phone { get; } = new(
        Compose(6, 20,
        [
            .. Dialogue, ProfileBit.MoreTime, ProfileBit.PlayTone,
            ProfileBit.SmsPpDownload, ProfileBit.TimerExpiration,
            ProfileBit.Ucs2Display, ProfileBit.Ucs2Entry, ProfileBit.PollInterval,
            ProfileBit.PollingOff, ProfileBit.Refresh,
            ProfileBit.SendShortMessage, ProfileBit.SendSs, ProfileBit.SendUssd, ProfileBit.SetUpCall,
            ProfileBit.ProvideLocalInformation, ProfileBit.SetUpEventList, ProfileBit.TimerStart,
            ProfileBit.DisplayTextSustained, ProfileBit.LaunchBrowser,
        ]),
        TerminalCapabilities.None);

    /// <summary>A terminal with a small display and a keypad.</summary>
    /// <param name="height">Lines, 1 to 31.</param>
    /// <param name="width">Characters of a line, 1 to 127.</param>
    public static TerminalProfile Text(int height, int width, TerminalCapabilities capabilities)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(Math.Clamp(height, 1, HeightMask), height, nameof(height));
        ArgumentOutOfRangeException.ThrowIfNotEqual(Math.Clamp(width, 1, WidthMask), width, nameof(width));
        return new TerminalProfile(Compose(height, width, Dialogue), capabilities);
    }

    /// <summary>The same terminal with an additional card reader.</summary>
    public TerminalProfile WithAdditionalReader() => With(
        ProfileBit.PowerOnCard, ProfileBit.PowerOffCard, ProfileBit.PerformCardApdu, ProfileBit.GetReaderStatus);

    /// <summary>The same terminal with a battery that it can tell of.</summary>
    public TerminalProfile WithBattery() => With(ProfileBit.ProvideLocalInformation, ProfileBit.BatteryState);

    private TerminalProfile With(params ReadOnlySpan<ProfileBit> bits)
    {
        var octets = Octets.ToArray();
        foreach (var bit in bits)
        {
            var at = (int)bit / 8;
            if (at >= octets.Length) Array.Resize(ref octets, at + 1);
            octets[at] |= (byte)(1 << ((int)bit % 8));
        }

        return this with { Octets = new Bytes(octets) };
    }

    private static Bytes Compose(int height, int width, params ReadOnlySpan<ProfileBit> bits)
    {
        var octets = new byte[15];
        foreach (var bit in bits) octets[(int)bit / 8] |= (byte)(1 << ((int)bit % 8));
        octets[13] |= (byte)height;
        octets[14] |= (byte)width;
        return new Bytes(octets);
    }
}
