using System.Globalization;
using System.Text;
using Tessera.Lab.Phones.Log;

namespace Tessera.Lab.Phones.Page;

/// <summary>The log as a text file, one entry after the other.</summary>
internal static class LogText
{
    public static string Of(IEnumerable<LogEntry> entries)
    {
        var text = new StringBuilder();
        foreach (var (number, time, hop, direction, octets, meaning) in entries)
        {
            text.Append(
                CultureInfo.InvariantCulture, $"{number,6} {time:HH:mm:ss.fff} {hop,-8}{Arrow(direction)} {meaning}\n");
            if (octets.Length > 0) text.Append(CultureInfo.InvariantCulture, $"{"",34}{octets}\n");
        }

        return text.ToString();
    }

    private static string Arrow(LogDirection direction) => direction switch
    {
        LogDirection.ToSim => "-> SIM",
        LogDirection.FromSim => "<- SIM",
        LogDirection.ToNetwork => "-> net",
        LogDirection.FromNetwork => "<- net",
        _ => "      ",
    };
}
