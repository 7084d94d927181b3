using Tessera.Toolkit.Commands;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Profile;

public class TerminalProfileTests
{
    // Octet 3 DISPLAY TEXT, octet 14 height 4 with screen sizing, octet 15 width 20 with variable fonts.
    [Fact]
    public void Reads_octets_and_bits_as_the_standard_counts_them()
    {
        var profile = Of("00 60 01 10 00 00 00 08 00 00 00 02 00 84 94");

        Assert.Equal((4, 20), (profile.Height, profile.Width));
        Assert.True(profile.ShowsUcs2 && profile.TakesUcs2 && profile.AsksYesNo);
        Assert.True(profile.HasDisplay && profile.HasKeypad);
        Assert.True(profile.Supports(CommandType.DisplayText));
        Assert.True(profile.Supports(CommandType.SetUpCall));
        Assert.True(profile.Supports(CommandType.CloseChannel));
        Assert.False(profile.Supports(CommandType.GetInkey));
        Assert.False(profile.Supports(CommandType.SelectItem));
        Assert.False(profile.Supports((CommandType)0x7E));
    }

    [Fact]
    public void What_is_not_there_is_not_supported_but_display_and_keypad_are()
    {
        var profile = Of("");

        Assert.True(profile.HasDisplay && profile.HasKeypad);
        Assert.False(profile.ShowsUcs2 || profile.Supports(CommandType.DisplayText) || profile.HasRichPages);
        Assert.Equal((null, null), (profile.Height, profile.Width));
    }

    [Fact]
    public void Octet_14_takes_display_and_keypad_away()
    {
        var profile = Of("00 00 00 00 00 00 00 00 00 00 00 00 00 60 10");

        Assert.False(profile.HasDisplay || profile.HasKeypad);
        Assert.Equal((null, null), (profile.Height, profile.Width));
    }

    [Fact]
    public void Presets_say_what_they_are()
    {
        Assert.Equal((2, 16), (TerminalProfile.TextOnly.Height, TerminalProfile.TextOnly.Width));
        Assert.False(TerminalProfile.TextOnly.HasRichPages || TerminalProfile.TextOnly.ShowsUcs2);
        Assert.True(TerminalProfile.Rich.HasRichPages && TerminalProfile.Rich.Height > 20 && TerminalProfile.Rich.Width >= 80);
        foreach (var command in new[] { CommandType.SetUpCall, CommandType.PlayTone })
        {
            Assert.True(TerminalProfile.Phone.Supports(command));
            Assert.False(TerminalProfile.Rich.Supports(command) || TerminalProfile.TextOnly.Supports(command));
        }

        foreach (var profile in new[] { TerminalProfile.TextOnly, TerminalProfile.Rich, TerminalProfile.Phone })
        {
            CommandType[] dialogue =
            [
                CommandType.DisplayText, CommandType.GetInkey, CommandType.GetInput, CommandType.SelectItem,
            ];
            Assert.All(dialogue, command => Assert.True(profile.Supports(command)));
            Assert.True(profile.HasDisplay && profile.HasKeypad && profile.AsksYesNo);
        }
    }

    private static TerminalProfile Of(string hex) => new(Bytes.FromHex(hex), TerminalCapabilities.None);
}
