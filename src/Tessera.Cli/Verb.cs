using System.CommandLine;
using System.Text.Json;
using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.Cli;

/// <summary>How every verb of the tool runs: output on stdout and 0, or one line on stderr and 1.</summary>
internal static class Verb
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = false };

    public static Option<bool> JsonOption() => new("--json") { Description = "Print JSON for a machine to read." };

    /// <summary>Runs the tool on its arguments. Ctrl+C cancels; an expected failure is told in one line.</summary>
    public static async Task<int> RunAsync(RootCommand root, string[] arguments)
    {
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
        try
        {
            return await root.Parse(arguments).InvokeAsync(configuration) == 0 ? 0 : 1;
        }
        catch (OperationCanceledException)
        {
            return 1;
        }
        catch (Exception e) when (IsExpected(e))
        {
            await Console.Error.WriteLineAsync($"tessera: {e.Message}");
            return 1;
        }
    }

    /// <summary>Hexadecimal digits of an argument, white space allowed.</summary>
    /// <exception cref="FormatException">They are no octets; the message names the argument.</exception>
    public static Bytes Hex(string argument, string text)
    {
        try
        {
            return Bytes.FromHex(text);
        }
        catch (FormatException)
        {
            throw new FormatException($"{argument}: '{Shorten(text)}' is not hexadecimal.");
        }
    }

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "...";

    private static bool IsExpected(Exception e) => e is IOException or FormatException or ArgumentException or TimeoutException
        or CardStatusException or UnauthorizedAccessException or PlatformNotSupportedException or HttpRequestException;
}
