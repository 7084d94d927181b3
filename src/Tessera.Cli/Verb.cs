using System.CommandLine;
using System.CommandLine.Invocation;
using System.Data.Common;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tessera.Cards;
using Tessera.Cards.Issuing;
using Tessera.Wire;

namespace Tessera.Cli;

/// <summary>How every verb of the tool runs: output on stdout and 0, or one line on stderr and 1.</summary>
internal static class Verb
{
    /// <summary>For a server to tell its peers that it ends.</summary>
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(10);

    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>An option of every verb that prints more than octets.</summary>
    public static Option<bool> Json { get; } = new("--json") { Description = "Print JSON for a machine to read." };

    /// <summary>Runs the tool on its arguments. Ctrl+C cancels; an expected failure is told in one line.</summary>
    public static async Task<int> RunAsync(RootCommand root, string[] arguments)
    {
        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction) return Fail($"{Misread(parsed)} See --help.");

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = EndTime,
            });
        }
        catch (OperationCanceledException e)
        {
            // HttpClient tells its own time-out like this; all else is Ctrl+C.
            return e.InnerException is TimeoutException ? Fail(e.Message) : 1;
        }
        catch (Exception e) when (IsExpected(e))
        {
            return Fail(e.Message);
        }
    }

    /// <summary>One line on stderr, and the verb ends.</summary>
    /// <returns>The exit code.</returns>
    public static int Fail(string reason)
    {
        Warn(reason);
        return 1;
    }

    /// <summary>One line on stderr, and the verb goes on.</summary>
    public static void Warn(string reason) => Console.Error.WriteLine($"tessera: {reason.ReplaceLineEndings(" ")}");

    /// <summary>A verb that serves until Ctrl+C or SIGTERM, which is its good end.</summary>
    public static void Serves(this Command command, Func<ParseResult, CancellationToken, Task> serve) =>
        command.SetAction(async (parsed, cancel) =>
        {
            try
            {
                await serve(parsed, cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                // Somebody ended it.
            }
        });

    /// <summary>A line of standard input, null at its end. A read that is cancelled takes its line with it.</summary>
    public static Task<string?> ReadLineAsync(CancellationToken cancel) =>
        Task.Run(Console.In.ReadLine, cancel).WaitAsync(cancel);

    /// <summary>One line of JSON.</summary>
    public static void PrintJson<T>(T value) => Console.WriteLine(ToJson(value));

    public static string ToJson<T>(T value) => JsonSerializer.Serialize(value, JsonOptions);

    /// <summary>Octets from hexadecimal digits; white space between them is allowed.</summary>
    /// <param name="what">How the error names them: the text itself is not repeated, it may hold a PIN.</param>
    /// <exception cref="FormatException">They are no octets.</exception>
    public static Bytes Hex(string what, string text)
    {
        var bad = text.AsSpan().IndexOfAnyExcept(Digits);
        if (bad >= 0) throw new FormatException($"{what}: character {bad + 1} is no hexadecimal digit.");
        return text.Count(char.IsAsciiHexDigit) % 2 == 0
            ? Bytes.FromHex(text)
            : throw new FormatException($"{what}: half an octet is left over.");
    }

    /// <summary>What is wrong with the arguments; what follows an unknown one is not repeated.</summary>
    private static string Misread(ParseResult parsed) => parsed.UnmatchedTokens is [var unknown, ..]
        ? $"'{unknown}' is not known here."
        : string.Join(' ', parsed.Errors.Select(error => error.Message));

    private static ReadOnlySpan<char> Digits => "0123456789ABCDEFabcdef \t\r\n";

    private static bool IsExpected(Exception e) => e is FormatException or ArgumentException or CardStatusException
        or IOException or InvalidDataException or UnauthorizedAccessException or DbException or CryptographicException
        or TimeoutException or SocketException or HttpRequestException or JsonException or AuthenticationException
        or PlatformNotSupportedException or IssuingException;
}
