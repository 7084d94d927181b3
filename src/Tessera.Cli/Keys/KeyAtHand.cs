using System.CommandLine;
using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Cli.Keys;

/// <summary>
/// A key as hexadecimal digits out of a file, an environment variable or standard input: arguments are seen by every
/// user of the machine, so they only say where it is.
/// </summary>
internal static class KeyAtHand
{
    private const string Variable = "env:";
    private const string Input = "-";
    private const int MaxText = 1024;

    public static Option<string?> Option(string name, string what) => new(name)
    {
        Description = $"{what}: a file of hexadecimal digits, env:NAME, or - for standard input (asked for without echo).",
        HelpName = "source",
    };

    /// <param name="name">How errors name it: the key is never repeated.</param>
    /// <exception cref="FormatException">There is no key of 16, 24 or 32 octets there.</exception>
    public static async Task<SecretKey> ReadAsync(string name, string source, CancellationToken cancel)
    {
        var text = source switch
        {
            Input => await AskAsync(name, cancel),
            _ when source.StartsWith(Variable, StringComparison.Ordinal) =>
                Environment.GetEnvironmentVariable(source[Variable.Length..])
                ?? throw new FormatException($"{name}: there is no environment variable {source[Variable.Length..]}."),
            _ => await ReadFileAsync(name, source, cancel),
        };
        var octets = Verb.Hex(name, text).ToArray();
        try
        {
            return octets.Length is 16 or 24 or 32
                ? new SecretKey(octets)
                : throw new FormatException($"{name}: a key has 16, 24 or 32 octets, not {octets.Length}.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
        }
    }

    /// <summary>A new file that only its owner may read.</summary>
    /// <exception cref="IOException">There is a file of that name.</exception>
    public static void WriteNew(string path, SecretKey key)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        using var writer = new StreamWriter(file);
        writer.WriteLine(Convert.ToHexString(key.Reveal()));
    }

    private static async Task<string> ReadFileAsync(string name, string path, CancellationToken cancel)
    {
        if (new FileInfo(path).Length > MaxText) throw new FormatException($"{name}: {path} is too long for a key.");
        if (!OperatingSystem.IsWindows()
            && (File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != UnixFileMode.None)
        {
            Verb.Warn($"{path} can be read by others: chmod 600 is for keys.");
        }

        return await File.ReadAllTextAsync(path, cancel);
    }

    private static async Task<string> AskAsync(string name, CancellationToken cancel)
    {
        if (Console.IsInputRedirected)
            return await Verb.ReadLineAsync(cancel) ?? throw new FormatException($"{name}: standard input is at its end.");

        Console.Error.Write($"{name}: ");
        var digits = new List<char>();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } pressed && digits.Count < MaxText)
        {
            cancel.ThrowIfCancellationRequested();
            if (pressed.Key != ConsoleKey.Backspace) digits.Add(pressed.KeyChar);
            else if (digits.Count > 0) digits.RemoveAt(digits.Count - 1);
        }

        Console.Error.WriteLine();
        return new string([.. digits]);
    }
}
