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

    public static Option<string?> Option(string name, string what) => new(name)
    {
        Description = $"{what}: a file, env:NAME, or - for standard input (asked for without echo).",
        HelpName = "source",
    };

    /// <param name="name">How errors name it: the secret is never repeated.</param>
    /// <exception cref="FormatException">There is none.</exception>
    public static async Task<string> ReadAsync(string name, string source, CancellationToken cancel) => source switch
    {
        Input => new string(await AskAsync(name, cancel)),
        _ when source.StartsWith(Variable, StringComparison.Ordinal) =>
            Environment.GetEnvironmentVariable(source[Variable.Length..])
            ?? throw new FormatException($"{name}: there is no environment variable {source[Variable.Length..]}."),
        _ => await ReadFileAsync(name, source, cancel),
    };

    /// <summary>A passphrase or a PIN: the line itself, without its end.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public static async Task<string> ReadLineAsync(string name, string source, CancellationToken cancel) =>
        (await ReadAsync(name, source, cancel)).TrimEnd('\r', '\n');

    /// <summary>The same as characters, which the caller zeroes.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public static async Task<char[]> ReadCharsAsync(string name, string source, CancellationToken cancel)
    {
        if (source is Input) return await AskAsync(name, cancel);
        if (!source.StartsWith(Variable, StringComparison.Ordinal)) WarnOfOthers(source);
        return await SecretSource.ReadLineAsync(name, source, cancel);
    }

    private static async Task<string> ReadFileAsync(string name, string path, CancellationToken cancel)
    {
        if (new FileInfo(path).Length > MaxText) throw new FormatException($"{name}: {path} is too long for a secret.");
        WarnOfOthers(path);
        return await File.ReadAllTextAsync(path, cancel);
    }

    private static void WarnOfOthers(string path)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(path)
            && (File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != UnixFileMode.None)
            Verb.Warn($"{path} can be read by others: chmod 600 is for secrets.");
    }

    private static async Task<char[]> AskAsync(string name, CancellationToken cancel)
    {
        if (Console.IsInputRedirected)
            return (await Verb.ReadLineAsync(cancel) ?? throw new FormatException($"{name}: standard input is at its end."))
                .ToCharArray();

        Console.Error.Write($"{name}: ");
        var digits = new List<char>(MaxText);
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } pressed && digits.Count < MaxText)
        {
            cancel.ThrowIfCancellationRequested();
            if (pressed.Key != ConsoleKey.Backspace) digits.Add(pressed.KeyChar);
            else if (digits.Count > 0) digits.RemoveAt(digits.Count - 1);
        }

        Console.Error.WriteLine();
        var line = digits.ToArray();
        CollectionsMarshal.AsSpan(digits).Clear();
        return line;
    }
}
