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
        if (reason is < ByeReason.GoingAway or > ByeReason.Overrun)
            throw new WireFormatException("reason", at, $"{(byte)reason:X2} is not used");
        return new Bye(reason, LinkText.Read(ref reader, MaxText, "text"));
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteByte((byte)Reason);
        LinkText.Write(writer, Text, MaxText, "text");
    }
}

/// <summary>A server asks for a new session in place of one, for the same insertion (docs/protocols/link.md §3.7).</summary>
/// <remarks>
/// <code>
/// session   2   the one to be replaced; another one in force: nothing happens
/// </code>
/// </remarks>
public readonly record struct OpenRequest(ushort Session) : IWireFormat<OpenRequest>
{
    public static OpenRequest Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        var session = reader.ReadUInt16("session");
        if (session == 0) throw new WireFormatException("session", at, "is 0000");
        return new OpenRequest(session);
    }

    public void Write(ByteWriter writer) => writer.WriteUInt16(Session);
}

/// <summary>A code that joins a terminal to a browser, for the terminal to show (docs/protocols/link.md §3.8).</summary>
/// <param name="Code">Digits the holder types into the page; empty: there is nothing to show any more.</param>
/// <param name="Page">Address of that page; may be empty.</param>
/// <remarks>
/// <code>
/// code   1+n   ASCII digits, at most 12
/// page   1+n   UTF-8, at most 200 octets
/// </code>
/// </remarks>
public sealed record Pairing(string Code, string Page) : IWireFormat<Pairing>
{
    public const int MaxCode = 12;
    public const int MaxPage = 200;

    public static readonly Pairing None = new("", "");

    public static Pairing Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        var code = LinkText.Read(ref reader, MaxCode, "code");
        if (!code.All(char.IsAsciiDigit)) throw new WireFormatException("code", at, "is not digits");
        return new Pairing(code, LinkText.Read(ref reader, MaxPage, "page"));
    }

    public void Write(ByteWriter writer)
    {
        if (!Code.All(char.IsAsciiDigit)) throw new ArgumentException("A pairing code is digits.", nameof(writer));
        LinkText.Write(writer, Code, MaxCode, "code");
        LinkText.Write(writer, Page, MaxPage, "page");
    }
}
