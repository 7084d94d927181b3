using System.Security.Cryptography;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.VirtualCard.Os;

namespace Tessera.VirtualCard.Sim.Toolkit;

/// <summary>
/// What the holder typed hidden, taken out of a response without ever making a text of it; the response forgets it.
/// </summary>
internal static class HiddenEntry
{
    private const byte Packed = 0x00;
    private const byte Octets = 0x04;
    private const byte Ucs2 = 0x08;
    private const int SeptetBits = 7;

    public static HolderEntered Of(TerminalResponse response) => new(Take(response));

    /// <summary>One octet a character; the caller erases them.</summary>
    public static byte[] Take(TerminalResponse response)
    {
        if (response.Find(ObjectTag.TextString) is not { Length: > 0 } value) return [];
        var entered = Characters(value.Span[0], value.Span[1..]);
        foreach (var found in response.Objects) found.Value.Erase();
        return entered;
    }

    /// <summary>One octet a character; a character that is no digit comes out as none.</summary>
    private static byte[] Characters(byte coding, ReadOnlySpan<byte> text)
    {
        var characters = coding switch
        {
            Octets => text.ToArray(),
            Ucs2 => new byte[(text.Length + 1) / 2],
            Packed => new byte[text.Length * 8 / SeptetBits],
            _ => [],
        };
        for (var i = 0; i < characters.Length && coding != Octets; i++)
            characters[i] = coding == Ucs2 ? OfUcs2(text, 2 * i) : Septet(text, i);
        return coding == Packed && text.Length % SeptetBits == 0 && characters is [.., 0]
            ? WithoutLast(characters)
            : characters;
    }

    /// <summary>Eight septets fill seven octets: where there are seven, the last is nothing but filling.</summary>
    private static byte[] WithoutLast(byte[] characters)
    {
        var before = characters[..^1];
        CryptographicOperations.ZeroMemory(characters);
        return before;
    }

    private static byte OfUcs2(ReadOnlySpan<byte> text, int at) =>
        at + 1 < text.Length && text[at] == 0 ? text[at + 1] : (byte)0;

    /// <summary>3GPP TS 23.038 §6.1.2.1.</summary>
    private static byte Septet(ReadOnlySpan<byte> packed, int index)
    {
        var (octet, shift) = (index * SeptetBits / 8, index * SeptetBits % 8);
        var pair = packed[octet] | (octet + 1 < packed.Length ? packed[octet + 1] << 8 : 0);
        return (byte)((pair >> shift) & 0x7F);
    }
}
