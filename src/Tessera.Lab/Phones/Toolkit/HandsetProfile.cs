using Tessera.Lab.Phones.Screens;
using Tessera.Toolkit;
using Tessera.Wire;

namespace Tessera.Lab.Phones.Toolkit;

/// <summary>What this phone tells its SIM in TERMINAL PROFILE: no more than it does (ETSI TS 102 223 §5.2).</summary>
internal static class HandsetProfile
{
    private const byte ScreenSizing = 0x80;

    public static TerminalProfile Value { get; } = new(
        new Bytes((byte[])
        [
            0x3B, // 1  profile download, SMS-PP download, menu selection, 9Exx of data download, timer expiration
            0xF7, // 2  command result, call control with cell identity, alpha, UCS2 entry, UCS2 display, extension text
            0xFF, // 3  DISPLAY TEXT, GET INKEY, GET INPUT, MORE TIME, PLAY TONE, POLL INTERVAL, POLLING OFF, REFRESH
            0x73, // 4  SELECT ITEM, SEND SHORT MESSAGE, SET UP CALL, SET UP MENU, PROVIDE LOCAL INFORMATION
            0x61, // 5  SET UP EVENT LIST, user activity, idle screen available
            0x00, // 6
            0x00, // 7
            0x1F, // 8  timers, timer value, date and time, yes and no in GET INKEY, SET UP IDLE MODE TEXT
            0x09, // 9  sustained DISPLAY TEXT, language
            0x00, // 10
            0x00, // 11
            0x00, // 12
            0x00, // 13
            ScreenSizing | PhoneScreen.Height,
            PhoneScreen.Width,
            0x06, // 16 text wrapping, text scrolling
            0x00, // 17
            0x4B, // 18 time-outs of DISPLAY TEXT and GET INKEY, help of GET INKEY, IMEISV
            0x00, // 19
            0x00, // 20
            0x00, // 21
            0x02, // 22 battery state
        ]),
        TerminalCapabilities.None);
}
