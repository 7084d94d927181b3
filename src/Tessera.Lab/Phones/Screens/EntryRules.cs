using Tessera.Wire;

namespace Tessera.Lab.Phones.Screens;

/// <summary>Which characters an entry takes.</summary>
internal enum EntryAlphabet
{
    /// <summary>0-9, *, #, +.</summary>
    Digits,

    /// <summary>The GSM default alphabet with its extension.</summary>
    Gsm,

    /// <summary>Any character of 16 bits.</summary>
    Ucs2,
}

/// <summary>What an entry takes.</summary>
/// <param name="Most">Characters; those of the extension count twice in the GSM alphabet.</param>
internal sealed record EntryRules(EntryAlphabet Alphabet, int Least, int Most, bool Hidden = false)
{
    private const string DigitCharacters = "0123456789*#+";

    public bool Takes(char character) => Alphabet switch
    {
        EntryAlphabet.Digits => DigitCharacters.Contains(character, StringComparison.Ordinal),
        EntryAlphabet.Gsm => GsmAlphabet.Covers([character]),
        _ => !char.IsSurrogate(character),
    };

    /// <summary>Characters a text counts for.</summary>
    public int Length(string text) => Alphabet == EntryAlphabet.Gsm
        ? Bytes.Of(output => GsmAlphabet.Write(text, output)).Length
        : text.Length;

    public bool IsComplete(string text) => Length(text) >= Least;
}
