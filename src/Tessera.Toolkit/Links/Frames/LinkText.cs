using System.Text;
using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>Text and octets in link frames: one octet of length, then the value.</summary>
internal static class LinkText
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Read(ref ByteReader reader, int max, string field, int min = 0)
    {
        var at = reader.Offset;
        var octets = ReadOctets(ref reader, max, field, min);
        try
        {
            return Utf8.GetString(octets);
        }
        catch (DecoderFallbackException)
        {
            throw new WireFormatException(field, at, "is not UTF-8");
        }
    }

    public static void Write(ByteWriter writer, string text, int max, string field, int min = 0) =>
        WriteOctets(writer, Utf8.GetBytes(text), max, field, min);

    public static ReadOnlySpan<byte> ReadOctets(ref ByteReader reader, int max, string field, int min = 0)
    {
        var at = reader.Offset;
        var length = reader.ReadByte(field);
        if (length < min || length > max)
            throw new WireFormatException(field, at, $"has {length} octets, not {min} to {max}");
        return reader.ReadOctets(length, field);
    }

    public static void WriteOctets(ByteWriter writer, ReadOnlySpan<byte> octets, int max, string field, int min = 0)
    {
        if (octets.Length < min || octets.Length > max)
            throw new ArgumentException($"It has {octets.Length} octets, not {min} to {max}.", field);
        writer.WriteByte((byte)octets.Length);
        writer.WriteOctets(octets);
    }

    public static void WriteExactly(ByteWriter writer, ReadOnlySpan<byte> octets, int length, string field)
    {
        if (octets.Length != length) throw new ArgumentException($"It has {octets.Length} octets, not {length}.", field);
        writer.WriteOctets(octets);
    }

    /// <summary>As much of the text as fits, cut between characters: for words that only explain.</summary>
    public static string Fit(string text, int max)
    {
        while (Utf8.GetByteCount(text) > max) text = text[..^(char.IsLowSurrogate(text[^1]) ? 2 : 1)];
        return text;
    }
}
