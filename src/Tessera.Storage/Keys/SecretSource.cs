using System.Security.Cryptography;
using System.Text;

namespace Tessera.Storage.Keys;

/// <summary>Where a secret is: a file, or an environment variable as <c>env:NAME</c>. Arguments only say that.</summary>
public static class SecretSource
{
    private const string Variable = "env:";
    private const int MaxText = 1024;

    /// <summary>The line without its end; the caller zeroes it.</summary>
    /// <param name="name">How errors name it: the secret is never repeated.</param>
    /// <exception cref="FormatException">There is none, or more than a secret.</exception>
    public static async Task<char[]> ReadLineAsync(string name, string source, CancellationToken cancel)
    {
        if (source.StartsWith(Variable, StringComparison.Ordinal))
            return (Environment.GetEnvironmentVariable(source[Variable.Length..])
                ?? throw new FormatException($"{name}: there is no environment variable {source[Variable.Length..]}."))
                .ToCharArray();
        // The path is not repeated: it may be the secret itself, typed where only its place belongs.
        if (!File.Exists(source)) throw new FormatException($"{name}: names no file; a file or env:NAME says where it is.");
        if (new FileInfo(source).Length > MaxText) throw new FormatException($"{name}: {source} is too long for a secret.");
        var octets = await File.ReadAllBytesAsync(source, cancel);
        var text = Encoding.UTF8.GetChars(octets);
        CryptographicOperations.ZeroMemory(octets);
        var line = text.AsSpan().TrimEnd("\r\n").ToArray();
        text.AsSpan().Clear();
        return line;
    }
}
