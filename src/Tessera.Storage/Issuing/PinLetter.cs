using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tessera.Storage.Keys;

namespace Tessera.Storage.Issuing;

/// <summary>
/// PIN and PUK of a card on their way to its holder: a file sealed under a passphrase, which only who hands them over opens.
/// </summary>
/// <remarks>
/// The file is JSON; in the seal are the digits of the PIN, a line feed, those of the PUK, and so on those of a SIM.
/// </remarks>
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
        string card, DateTimeOffset made, LetterDigits digits, ReadOnlySpan<char> passphrase,
        int iterations = PassphraseSeal.Iterations)
    {
        var octets = digits.ToOctets();
        try
        {
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
            return LetterDigits.Of(octets) is { } digits
                ? digits
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
/// <param name="sim">PIN, PUK, PIN2 and PUK2 of a SIM; empty for a card that is none. Owned from here on.</param>
public sealed class LetterDigits(char[] pin, char[] puk, IReadOnlyList<char[]> sim) : IDisposable
{
    private const byte LineFeed = (byte)'\n';
    private const int OfSim = 4;

    public ReadOnlySpan<char> Pin => pin;

    public ReadOnlySpan<char> Puk => puk;

    public bool IsSim => sim.Count == OfSim;

    /// <summary>PIN, PUK, PIN2 and PUK2 of the SIM, from 0.</summary>
    public ReadOnlySpan<char> Sim(int number) => sim[number];

    public void Dispose()
    {
        foreach (var digits in All) digits.AsSpan().Clear();
    }

    /// <summary>Lines; null where they are none of a letter.</summary>
    internal static LetterDigits? Of(ReadOnlySpan<byte> octets)
    {
        List<char[]> lines = [];
        foreach (var line in octets.Split(LineFeed)) lines.Add(CharsOf(octets[line]));
        return lines.Count is 2 or 2 + OfSim ? new LetterDigits(lines[0], lines[1], [.. lines.Skip(2)]) : null;
    }

    /// <summary>The caller zeroes them.</summary>
    internal byte[] ToOctets()
    {
        var octets = new byte[All.Sum(digits => digits.Length + 1) - 1];
        var at = 0;
        foreach (var digits in All)
        {
            if (at > 0) octets[at++] = LineFeed;
            at += Encoding.ASCII.GetBytes(digits, octets.AsSpan(at));
        }

        return octets;
    }

    private IEnumerable<char[]> All => [pin, puk, .. sim];

    private static char[] CharsOf(ReadOnlySpan<byte> octets)
    {
        var digits = new char[octets.Length];
        Encoding.ASCII.GetChars(octets, digits);
        return digits;
    }
}
