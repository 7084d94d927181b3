using System.Collections.Frozen;
using System.Globalization;
using System.IO.Compression;
using Tessera.Phone.Sound;

namespace Tessera.Phone.Speech;

/// <summary>
/// The words of a language as sound: one file with all of them, and an index of where each is and what it says.
/// </summary>
internal sealed class Vocabulary
{
    /// <summary>Of the index: name, first sample, samples, text.</summary>
    private const int Columns = 4;

    private readonly short[] _sound;
    private readonly FrozenDictionary<string, Range> _words;

    private readonly FrozenDictionary<string, string> _names;

    private Vocabulary(short[] sound, IReadOnlyList<string[]> words)
    {
        _sound = sound;
        _words = words.ToFrozenDictionary(word => word[0], word => RangeOf(word[1], word[2]), StringComparer.Ordinal);
        _names = words.DistinctBy(word => SpokenText.Plain(word[3]), StringComparer.Ordinal)
            .ToFrozenDictionary(word => SpokenText.Plain(word[3]), word => word[0], StringComparer.Ordinal);
    }

    public IEnumerable<string> Words => _words.Keys;

    /// <param name="language">Its code, e.g. <c>en</c>.</param>
    public static Vocabulary Load(string language)
    {
        using var compressed = new GZipStream(Open($"{language}.wav.gz"), CompressionMode.Decompress);
        using var file = new MemoryStream();
        compressed.CopyTo(file);
        using var index = new StreamReader(Open($"{language}.index"));
        var words = index.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', Columns));
        return new Vocabulary(Wav.Read(file.ToArray()).ToTelephone(), [.. words]);
    }

    /// <exception cref="ArgumentException">It has no such word.</exception>
    public ReadOnlyMemory<short> this[string word] => _words.TryGetValue(word, out var range)
        ? _sound.AsMemory()[range]
        : throw new ArgumentException($"No word '{word}' in the vocabulary.", nameof(word));

    /// <summary>The name of what says that text, as <see cref="SpokenText.Plain"/>; null where nothing does.</summary>
    public string? NameOf(string plain) => _names.GetValueOrDefault(plain);

    public bool Has(string word) => _words.ContainsKey(word);

    private static Range RangeOf(string start, string length)
    {
        var first = int.Parse(start, CultureInfo.InvariantCulture);
        return new Range(first, first + int.Parse(length, CultureInfo.InvariantCulture));
    }

    private static Stream Open(string name) => typeof(Vocabulary).Assembly.GetManifestResourceStream(name)
        ?? throw new InvalidOperationException($"{name} was not built into the library.");
}
