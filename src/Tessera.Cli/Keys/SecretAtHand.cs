using System.CommandLine;
using System.Runtime.InteropServices;
using Tessera.Storage.Keys;

namespace Tessera.Cli.Keys;

/// <summary>
/// A secret text out of a file, an environment variable or standard input: arguments are seen by every user of the
/// machine, so they only say where it is.
/// </summary>
internal static class SecretAtHand
{
    private const string Variable = "env:";
    private const string Input = "-";
    private const int MaxText = 1024;
    private const char CtrlC = '\u0003';
    private const char CtrlD = '\u0004';

    public static Option<string?> Option(string name, string what) => new(name)
    {
        Description = $"{what}: a file, env:NAME, or - for standard input (asked for without echo).",
        HelpName = "source",
    };

    /// <summary>Its line, without the end.</summary>
    /// <param name="name">How errors name it: the secret is never repeated.</param>
    /// <exception cref="FormatException">There is none.</exception>
    public static async Task<string> ReadAsync(string name, string source, CancellationToken cancel) =>
        new(await ReadCharsAsync(name, source, cancel));

    /// <summary>The same as characters, which the caller zeroes.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public static async Task<char[]> ReadCharsAsync(string name, string source, CancellationToken cancel)
    {
        if (source is Input) return await AskAsync(name, cancel);
        if (!source.StartsWith(Variable, StringComparison.Ordinal)) CheckFile(name, source);
        return await SecretSource.ReadLineAsync(name, source, cancel);
    }

    private static void CheckFile(string name, string path)
    {
        // The path is not repeated: it may be the secret itself, typed where only its place belongs.
        if (!File.Exists(path)) throw new FormatException($"{name}: names no file; a file, env:NAME or - for standard input.");
        if (!OperatingSystem.IsWindows()
            && (File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != UnixFileMode.None)
            Verb.Warn($"{path} can be read by others: chmod 600 is for secrets.");
    }

    private static async Task<char[]> AskAsync(string name, CancellationToken cancel)
    {
        if (Console.IsInputRedirected)
            return (await Verb.ReadLineAsync(cancel) ?? throw new FormatException($"{name}: standard input is at its end."))
                .ToCharArray();

        var typed = new List<char>(MaxText);
        // Else Ctrl+C would be seen only after the next key, and the card stay the tool's until then.
        Console.TreatControlCAsInput = true;
        try
        {
            Console.Error.Write($"{name}: ");
            while (typed.Count < MaxText)
            {
                var key = await Task.Run(() => Console.ReadKey(intercept: true), cancel).WaitAsync(cancel);
                if (key.Key == ConsoleKey.Enter) break;
                if (key.KeyChar is CtrlC or CtrlD) throw new OperationCanceledException();
                if (!char.IsControl(key.KeyChar)) typed.Add(key.KeyChar);
                else if (key.Key == ConsoleKey.Backspace && typed.Count > 0) typed.RemoveAt(typed.Count - 1);
            }

            return [.. typed];
        }
        finally
        {
            Console.TreatControlCAsInput = false;
            Console.Error.WriteLine();
            CollectionsMarshal.AsSpan(typed).Clear();
        }
    }
}
