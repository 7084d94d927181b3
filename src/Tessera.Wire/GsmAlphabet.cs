using System.Buffers;
using System.Text;

namespace Tessera.Wire;

/// <summary>
/// The GSM 7-bit default alphabet and its extension, one septet an octet, unpacked (3GPP TS 23.038 §6.2.1).
/// </summary>
public static class GsmAlphabet
{
    private const byte Escape = 0x1B;

    // ESC stands at 1B; the text below holds a NUL in its place.
    private const string Basic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\0ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
        "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private static readonly Dictionary<byte, char> Extension = new()
    {
        [0x0A] = '\f', [0x14] = '^', [0x28] = '{', [0x29] = '}', [0x2F] = '\\',
        [0x3C] = '[', [0x3D] = '~', [0x3E] = ']', [0x40] = '|', [0x65] = '€',
    };

    private static readonly Dictionary<char, byte> ToBasic =
        Basic.Select((c, i) => (c, i)).Where(p => p.i != Escape).ToDictionary(p => p.c, p => (byte)p.i);

    private static readonly Dictionary<char, byte> ToExtension = Extension.ToDictionary(p => p.Value, p => p.Key);

    /// <summary>True when every character of <paramref name="text"/> has a code.</summary>
    public static bool Covers(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!ToBasic.ContainsKey(c) && !ToExtension.ContainsKey(c)) return false;
        }

        return true;
    }

    /// <summary>Appends the codes, one an octet; an extended character takes two.</summary>
    /// <exception cref="ArgumentException">A character has no code.</exception>
    public static void Write(ReadOnlySpan<char> text, IBufferWriter<byte> output)
    {
        var writer = new ByteWriter(output);
        foreach (var c in text)
        {
            if (ToBasic.TryGetValue(c, out var code))
            {
                writer.WriteByte(code);
                continue;
            }

            if (!ToExtension.TryGetValue(c, out code))
                throw new ArgumentException($"U+{(int)c:X4} is not in the GSM default alphabet.", nameof(text));
            writer.WriteByte(Escape);
            writer.WriteByte(code);
        }
    }

    /// <summary>
    /// Text of unpacked septets: b8 is ignored, an unknown extension shows the basic character, ESC ESC a space.
    /// </summary>
    public static string Read(ReadOnlySpan<byte> septets)
    {
        var text = new StringBuilder(septets.Length);
        for (var i = 0; i < septets.Length; i++)
        {
            var code = (byte)(septets[i] & 0x7F);
            if (code != Escape)
            {
                text.Append(Basic[code]);
                continue;
            }

            if (++i == septets.Length) break;
            code = (byte)(septets[i] & 0x7F);
            text.Append(code == Escape ? ' ' : Extension.TryGetValue(code, out var extended) ? extended : Basic[code]);
        }

        return text.ToString();
    }
}
