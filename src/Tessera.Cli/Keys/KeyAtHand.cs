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
    public static Option<string?> Option(string name, string what) => new(name)
    {
        Description = $"{what}: a file of hexadecimal digits, env:NAME, or - for standard input (asked for without echo).",
        HelpName = "source",
    };

    /// <param name="name">How errors name it: the key is never repeated.</param>
    /// <exception cref="FormatException">There is no key of 16, 24 or 32 octets there.</exception>
    public static async Task<SecretKey> ReadAsync(string name, string source, CancellationToken cancel)
    {
        var octets = Verb.Hex(name, await SecretAtHand.ReadAsync(name, source, cancel)).ToArray();
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
}
