using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>A terminal that the server does not know asks to be taken in (docs/protocols/link.md §7.2).</summary>
/// <param name="Selector">Says by which code, and nothing of the code.</param>
/// <param name="Nonce">Drawn for this attempt.</param>
/// <param name="Name">For people: 1 to 64 octets of UTF-8, one line.</param>
/// <remarks>
/// <code>
/// version    1      01
/// selector   8
/// nonce      16
/// name       1+n    UTF-8, 1 to 64 octets, no control characters, not blank
/// </code>
/// </remarks>
public sealed record EnrolRequest(Bytes Selector, Bytes Nonce, string Name) : IWireFormat<EnrolRequest>
{
    public const int NonceLength = 16;

    public static EnrolRequest Read(ref ByteReader reader)
    {
        LinkVersion.ReadCurrent(ref reader);
        var selector = reader.ReadBytes(EnrolmentKey.SelectorLength, "selector");
        var nonce = reader.ReadBytes(NonceLength, "nonce");
        var at = reader.Offset;
        var name = LinkText.Read(ref reader, TerminalHello.MaxName, "name", min: 1);
        if (string.IsNullOrWhiteSpace(name) || name.Any(char.IsControl))
            throw new WireFormatException("name", at, "is not a line of text");
        return new EnrolRequest(selector, nonce, name);
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteByte(LinkVersion.Current);
        LinkText.WriteExactly(writer, Selector.Span, EnrolmentKey.SelectorLength, "selector");
        LinkText.WriteExactly(writer, Nonce.Span, NonceLength, "nonce");
        LinkText.Write(writer, Name, TerminalHello.MaxName, "name", min: 1);
    }
}

/// <summary>The server's part of what both prove (docs/protocols/link.md §7.2).</summary>
/// <remarks>
/// <code>
/// nonce   16
/// </code>
/// </remarks>
public sealed record EnrolChallenge(Bytes Nonce) : IWireFormat<EnrolChallenge>
{
    public static EnrolChallenge Read(ref ByteReader reader) => new(reader.ReadBytes(EnrolRequest.NonceLength, "nonce"));

    public void Write(ByteWriter writer) =>
        LinkText.WriteExactly(writer, Nonce.Span, EnrolRequest.NonceLength, "nonce");
}

/// <summary>That a side knows the code, and sees the keys that the other side sees (docs/protocols/link.md §7.2).</summary>
/// <remarks>
/// <code>
/// mac   32   HMAC-SHA-256
/// </code>
/// </remarks>
public sealed record EnrolProof(Bytes Mac) : IWireFormat<EnrolProof>
{
    public const int Length = 32;

    public static EnrolProof Read(ref ByteReader reader) => new(reader.ReadBytes(Length, "proof"));

    public void Write(ByteWriter writer) => LinkText.WriteExactly(writer, Mac.Span, Length, "proof");

    /// <summary>Not the proof itself: it is nobody's to copy.</summary>
    public override string ToString() => nameof(EnrolProof);
}
