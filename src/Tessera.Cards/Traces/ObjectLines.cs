using System.Globalization;
using Tessera.Wire;

namespace Tessera.Cards.Traces;

/// <summary>BER-TLV data objects as lines of text (ISO/IEC 7816-4 §5.2.2); what is none gives no lines.</summary>
internal static class ObjectLines
{
    private const int MaxLines = 64;
    private const int MaxDepth = 6;
    private const int MaxOctets = 24;
    private const int MaxTagOctets = 3;

    /// <summary>Primitive by its tag, but PIV cards keep objects in it.</summary>
    private const uint PivContainer = 0x53;

    /// <summary>Lines of all objects, where the octets are nothing but objects of which the first is known.</summary>
    public static Sequence<string> Of(ReadOnlySpan<byte> octets)
    {
        var lines = new List<string>();
        return TryAdd(octets, parent: 0, depth: 0, lines) && lines.Count > 0 ? lines.ToSequence() : [];
    }

    private static bool TryAdd(ReadOnlySpan<byte> octets, uint parent, int depth, List<string> lines)
    {
        if (depth == MaxDepth) return false;
        while (!octets.IsEmpty)
        {
            if (lines.Count == MaxLines) return true;
            if (!TryTake(ref octets, out var tag, out var isConstructed, out var value)) return false;
            var name = ObjectNames.Of(parent, tag);
            if (depth == 0 && name is null) return false;

            var at = lines.Count;
            lines.Add("");
            var isOpened = (isConstructed || tag == PivContainer) && TryAdd(value, tag, depth + 1, lines);
            if (!isOpened) lines.RemoveRange(at + 1, lines.Count - at - 1);
            lines[at] = $"{new string(' ', 2 * depth)}{tag:X2}{Named(name)}{(isOpened ? "" : $": {Content(tag, value)}")}";
        }

        return true;
    }

    private static string Named(string? name) => name is null ? "" : $" {name}";

    private static string Content(uint tag, ReadOnlySpan<byte> value) => tag switch
    {
        _ when value.IsEmpty => "empty",
        0x5C when ObjectNames.OfPiv(Number(value)) is { } named => $"{Convert.ToHexString(value)} {named}",
        0x50 or 0x5F50 when !value.ContainsAnyExceptInRange((byte)' ', (byte)'~') => System.Text.Encoding.ASCII.GetString(value),
        0x4F or 0x84 when CardNames.ApplicationOf(Convert.ToHexString(value)) is { } known =>
            $"{Convert.ToHexString(value)} {known.Name}",
        _ when value.Length > MaxOctets => string.Create(
            CultureInfo.InvariantCulture, $"{Convert.ToHexString(value[..MaxOctets])}... {value.Length} octets"),
        _ => Convert.ToHexString(value),
    };

    private static uint Number(ReadOnlySpan<byte> tag)
    {
        uint number = 0;
        foreach (var octet in tag[..Math.Min(tag.Length, MaxTagOctets + 1)]) number = (number << 8) | octet;
        return number;
    }

    /// <summary>One object off the front; false where there is none, or only its beginning.</summary>
    private static bool TryTake(
        ref ReadOnlySpan<byte> octets, out uint tag, out bool isConstructed, out ReadOnlySpan<byte> value)
    {
        (tag, isConstructed) = (octets[0], (octets[0] & 0x20) != 0);
        value = default;
        if (tag is 0x00 or 0xFF) return false;
        var at = 1;
        if ((tag & 0x1F) == 0x1F)
        {
            do
            {
                if (at == octets.Length || at == MaxTagOctets) return false;
                tag = (tag << 8) | octets[at];
            }
            while ((octets[at++] & 0x80) != 0);
        }

        if (at == octets.Length) return false;
        int length = octets[at++];
        if (length >= 0x80)
        {
            var count = length & 0x7F;
            if (count is 0 or > 3 || octets.Length - at < count) return false;
            length = (int)Number(octets.Slice(at, count));
            at += count;
        }

        if (octets.Length - at < length) return false;
        value = octets.Slice(at, length);
        octets = octets[(at + length)..];
        return true;
    }
}
