using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>Why a peer closes a connection (docs/protocols/link.md §3.6).</summary>
public enum ByeReason : byte
{
    /// <summary>It shuts down or restarts; come back.</summary>
    GoingAway = 0x01,

    /// <summary>The other side broke the protocol.</summary>
    Protocol = 0x02,

    /// <summary>The other side speaks another version.</summary>
    Version = 0x03,

    /// <summary>The same terminal opened a newer connection.</summary>
    Replaced = 0x04,

    /// <summary>No room for another terminal.</summary>
    NoRoom = 0x05,

    /// <summary>Nothing came in the time allowed for it.</summary>
    Silent = 0x06,

    /// <summary>The other side takes its frames too slowly, or sends faster than it may.</summary>
    Overrun = 0x07,

    /// <summary>The line returns to voice; the session goes on.</summary>
    Voice = 0x08,

    /// <summary>The server does not know the terminal, or no longer.</summary>
    Unknown = 0x09,

    /// <summary>The code of an enrolment is not good.</summary>
    Refused = 0x0A,
}

/// <summary>The last frame of a connection (docs/protocols/link.md §3.6).</summary>
/// <remarks>
/// <code>
/// reason   1
/// text     1+n   UTF-8, at most 200 octets, for people
/// </code>
/// </remarks>
public sealed record Bye(ByeReason Reason, string Text) : IWireFormat<Bye>
{
    public const int MaxText = 200;

    public static Bye Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        var reason = (ByeReason)reader.ReadByte("reason");
        if (reason is < ByeReason.GoingAway or > ByeReason.Refused)
            throw new WireFormatException("reason", at, $"{(byte)reason:X2} is not used");
        return new Bye(reason, LinkText.Read(ref reader, MaxText, "text"));
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteByte((byte)Reason);
        LinkText.Write(writer, Text, MaxText, "text");
    }
}
