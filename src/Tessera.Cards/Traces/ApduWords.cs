using System.Globalization;

namespace Tessera.Cards.Traces;

/// <summary>Commands and answers in words, never with any of their data.</summary>
public static class ApduWords
{
    internal const byte SimClass = 0xA0;

    private const byte Select = 0xA4;

    /// <summary>What a command is as far as it says so itself: <c>READ BINARY from 0, at most 9</c>.</summary>
    public static string Of(CommandApdu command) => Of(command, application: null);

    /// <summary>The status and what it means, and how much was answered: <c>9000 done, 9 octets</c>.</summary>
    public static string Of(ResponseApdu answer)
    {
        var words = StatusWords.Of(answer.Status);
        return answer.Data.Length == 0 ? words : $"{words}, {Count(answer.Data.Length)}";
    }

    /// <summary>What a command is, and its parameters but for its data.</summary>
    /// <param name="application">What is selected; null where that is not known.</param>
    internal static string Of(CommandApdu command, TracedApplication? application)
    {
        var words = command.Cla == SimClass
            ? ApduNames.Sim.GetValueOrDefault(command.Ins)
            : application?.Instructions.GetValueOrDefault(command.Ins) is { } own && !IsShared(command)
                ? own
                : ApduNames.Interindustry.GetValueOrDefault(command.Ins)
                  ?? (command.Cla >= 0x80 ? ApduNames.GlobalPlatform.GetValueOrDefault(command.Ins) : null);
        words = (words ?? string.Create(CultureInfo.InvariantCulture, $"INS {command.Ins:X2}")) + Parameters(command);
        if (command.IsChained) words += ", more follows";
        if (IsSecured(command.Cla)) words += ", secured";
        return ChannelOf(command.Cla) is var channel and > 0 ? $"channel {channel}: {words}" : words;
    }

    /// <summary>An interindustry class means the interindustry instruction, but where an application took it over.</summary>
    private static bool IsShared(CommandApdu command) =>
        command.Cla < 0x80 && ApduNames.Interindustry.ContainsKey(command.Ins);

    private static string Parameters(CommandApdu command)
    {
        var (p1, p2) = (command.P1, command.P2);
        var data = command.Data.Span;
        return command.Ins switch
        {
            Select when command.Cla != SimClass && p1 == 0x04 => $" by name {NameOf(data)}",
            Select when command.Cla != SimClass && p1 is 0x08 or 0x09 => $" by path {PathOf(data)}",
            Select when data.Length == 2 => $" {FileOf(data)}",
            0xB0 or 0xD6 when (p1 & 0x80) != 0 && command.Cla != SimClass =>
                $" of short file {p1 & 0x1F:X2} from {p2}{Length(command)}",
            0xB0 or 0xD6 => string.Create(CultureInfo.InvariantCulture, $" from {(p1 << 8) | p2}{Length(command)}"),
            0xB2 or 0xDC => string.Create(CultureInfo.InvariantCulture, $" {p1}{Place(p2)}"),
            0x20 or 0x24 or 0x2C or 0x26 or 0x28 => $" {p2:X2}",
            0x86 or 0x87 => $" algorithm {p1:X2} key {p2:X2}",
            0xCA or 0xDA => $" {p1:X2}{p2:X2}",
            0x70 => p1 == 0 ? " open" : $" close {p2}",
            0xC0 or 0x12 => Length(command),
            _ => "",
        };
    }

    private static string Length(CommandApdu command) => (command.Data.Length, command.Le) switch
    {
        ( > 0, _) => $", {Count(command.Data.Length)}",
        (0, { } le) => string.Create(CultureInfo.InvariantCulture, $", at most {le}"),
        _ => "",
    };

    private static string Place(byte p2) => (p2 & 0x07) switch
    {
        0x02 => " next",
        0x03 => " previous",
        _ when p2 >> 3 is var sfi and > 0 => $" of short file {sfi:X2}",
        _ => "",
    };

    private static string NameOf(ReadOnlySpan<byte> aid)
    {
        var hex = Convert.ToHexString(aid);
        return CardNames.ApplicationOf(hex) is { } known ? $"{known.Name} {hex}" : hex;
    }

    private static string PathOf(ReadOnlySpan<byte> path)
    {
        var names = new List<string>();
        for (; path.Length >= 2; path = path[2..]) names.Add(FileOf(path[..2]));
        return string.Join(" / ", names);
    }

    private static string FileOf(ReadOnlySpan<byte> id) => CardNames.FileOf((ushort)((id[0] << 8) | id[1]));

    private static string Count(int octets) => string.Create(CultureInfo.InvariantCulture, $"{octets} octets");

    private static bool IsSecured(byte cla) => cla switch
    {
        SimClass => false,
        < 0x40 => (cla & 0x0C) != 0,
        < 0x80 => (cla & 0x20) != 0,
        < 0xC0 => (cla & 0x0C) != 0,
        _ => (cla & 0x20) != 0,
    };

    /// <summary>The logical channel that a class names (ISO/IEC 7816-4 §5.4.1).</summary>
    internal static int ChannelOf(byte cla) =>
        cla == SimClass ? 0 : (cla & 0x40) == 0 ? cla & 0x03 : 4 + (cla & 0x0F);
}
