using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tessera.Storage.Keys;

namespace Tessera.Storage.Issuing;

/// <summary>
/// PIN and PUK of a card on their way to its holder: a file sealed under a passphrase, which only who hands them over opens.
/// </summary>
/// <remarks>The file is JSON; in the seal are the digits of the PIN, a line feed, and those of the PUK.</remarks>
/// <param name="Card">Whose they are.</param>
/// <param name="Sealed">See <see cref="PassphraseSeal"/>.</param>
public sealed record PinLetter(string Card, DateTimeOffset Made, byte[] Sealed)
{
    private const int MaxFile = 4096;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private string Name => NameOf(Card);

    public static PinLetter Seal(
        string card, DateTimeOffset made, ReadOnlySpan<char> pin, ReadOnlySpan<char> puk, ReadOnlySpan<char> passphrase,
        int iterations = PassphraseSeal.Iterations)
    {
        var octets = new byte[pin.Length + 1 + puk.Length];
        try
        {
            Encoding.ASCII.GetBytes(pin, octets);
            octets[pin.Length] = (byte)'\n';
            Encoding.ASCII.GetBytes(puk, octets.AsSpan(pin.Length + 1));
            return new PinLetter(card, made, PassphraseSeal.Seal(octets, passphrase, NameOf(card), iterations));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
        }
    }

    /// <summary>The caller disposes it.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or the passphrase is another one.</exception>
    public LetterDigits Open(ReadOnlySpan<char> passphrase)
    {
        var octets = PassphraseSeal.Open(Sealed, passphrase, Name);
        try
        {
            var end = octets.AsSpan().IndexOf((byte)'\n');
            return end >= 0
                ? new LetterDigits(
                    Encoding.ASCII.GetChars(octets, 0, end),
                    Encoding.ASCII.GetChars(octets, end + 1, octets.Length - end - 1))
                : throw new InvalidDataException($"The {Name} holds no PIN and PUK.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
        }
    }

    /// <summary>
    /// Writes the file, which only its owner may read, in one step; it takes the place of a letter for the same card, and of
    /// nothing else.
    /// </summary>
    /// <exception cref="IOException">There is another file of that name.</exception>
    public async Task WriteAsync(string path, CancellationToken cancel)
    {
        await CheckPlaceAsync(path, Card, cancel);
        var fresh = $"{path}.new";
        File.Delete(fresh);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var file = new FileStream(fresh, options))
        {
            await JsonSerializer.SerializeAsync(file, this, Json, cancel);
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
    }

    /// <exception cref="InvalidDataException">There is no such letter in the file.</exception>
    public static async Task<PinLetter> ReadAsync(string path, CancellationToken cancel)
    {
        await using var file = File.OpenRead(path);
        if (file.Length > MaxFile) throw new InvalidDataException($"{path} is too long for a letter.");
        try
        {
            return await JsonSerializer.DeserializeAsync<PinLetter>(file, Json, cancel)
                ?? throw new InvalidDataException($"{path} holds no letter.");
        }
        catch (JsonException bad)
        {
            throw new InvalidDataException($"{path} holds no letter: {bad.Message}", bad);
        }
    }

    private static async Task CheckPlaceAsync(string path, string card, CancellationToken cancel)
    {
        if (!File.Exists(path)) return;
        PinLetter there;
        try
        {
            there = await ReadAsync(path, cancel);
        }
        catch (InvalidDataException other)
        {
            throw new IOException($"{path} is there, and is no letter.", other);
        }

        if (!string.Equals(there.Card, card, StringComparison.Ordinal))
            throw new IOException($"{path} is the letter of card {there.Card}.");
    }

    private static string NameOf(string card) => $"letter of card {card}";
}

/// <summary>What a letter tells its reader; zeroed when disposed, never printed by itself.</summary>
/// <param name="pin">Owned from here on, as the next.</param>
public sealed class LetterDigits(char[] pin, char[] puk) : IDisposable
{
    public ReadOnlySpan<char> Pin => pin;

    public ReadOnlySpan<char> Puk => puk;

    public void Dispose()
    {
        pin.AsSpan().Clear();
        puk.AsSpan().Clear();
    }
}
