using Tessera.Wire;

namespace Tessera.Smpp;

/// <summary>Strings written with the limits the standard sets (SMPP 3.4 §3.1).</summary>
internal static class SmppWriter
{
    /// <summary>Octets of short_message (SMPP 3.4 §4.4.1).</summary>
    public const int MaxShortMessage = 254;

    /// <exception cref="ArgumentException">
    /// Text and NUL take more than <paramref name="max"/> octets, or it is no ASCII text.
    /// </exception>
    public static void WriteCString(this ByteWriter writer, string value, int max, string field)
    {
        if (value.Length >= max)
            throw new ArgumentException($"{field} is longer than {max - 1} characters.", nameof(value));
        if (value.AsSpan().ContainsAnyExceptInRange('\x01', '\x7F'))
            throw new ArgumentException($"{field} is not ASCII text.", nameof(value));

        writer.WriteCString(value);
    }

    /// <summary>sm_length and short_message.</summary>
    /// <exception cref="ArgumentException">The message belongs into a message_payload.</exception>
    public static void WriteShortMessage(this ByteWriter writer, Bytes message)
    {
        if (message.Length > MaxShortMessage)
            throw new ArgumentException($"short_message of {message.Length} octets, more than 254.", nameof(message));

        writer.WriteByte((byte)message.Length);
        writer.WriteBytes(message);
    }
}
