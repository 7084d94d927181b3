using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>
/// A code that joins a terminal to a browser, for the terminal to show (docs/protocols/link.md §3.8).
/// </summary>
/// <param name="Digits">Digits the holder types into the page; empty: there is nothing to show any more.</param>
/// <param name="Page">Address of that page; may be empty.</param>
/// <remarks>
/// <code>
/// digits   1+n   ASCII, at most 12
/// page     1+n   UTF-8, at most 200 octets
/// </code>
/// </remarks>
public sealed record PairingCode(string Digits, string Page) : IWireFormat<PairingCode>
{
    public const int MaxDigits = 12;
    public const int MaxPage = 200;

    public static readonly PairingCode None = new("", "");

    public static PairingCode Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        var code = LinkText.Read(ref reader, MaxDigits, "code");
        if (!code.All(char.IsAsciiDigit)) throw new WireFormatException("code", at, "is not digits");
        return new PairingCode(code, LinkText.Read(ref reader, MaxPage, "page"));
    }

    public void Write(ByteWriter writer)
    {
        if (!Digits.All(char.IsAsciiDigit)) throw new ArgumentException("A pairing code is digits.", nameof(writer));
        LinkText.Write(writer, Digits, MaxDigits, "code");
        LinkText.Write(writer, Page, MaxPage, "page");
    }
}
