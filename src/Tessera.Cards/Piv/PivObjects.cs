using System.Globalization;
using System.IO.Compression;
using System.Text;
using Tessera.Wire;

namespace Tessera.Cards.Piv;

/// <summary>The certificate objects of PIV cards (SP 800-73-5 part 1, appendix A).</summary>
/// <remarks><code>70 certificate, 71 01 how: 00 as it is, 01 (80 in old cards) compressed, FE 00</code></remarks>
public static class PivCertificate
{
    /// <summary>Octets of the longest certificate that is taken, compressed or not.</summary>
    public const int MaxLength = 32 * 1024;

    private const byte Compressed = 0x81;

    /// <summary>The certificate, DER, of an object without its tag 53; null where it holds none.</summary>
    /// <exception cref="WireFormatException">The object is malformed, or what it holds too long.</exception>
    public static Bytes? Read(Bytes content)
    {
        if (PivData.Find(content, 0x70) is not { Length: > 0 } held) return null;
        if (held.Length > MaxLength) throw new WireFormatException("certificate", 0, $"has {held.Length} octets");
        return PivData.Find(content, 0x71) is { Length: > 0 } how && (how.Span[0] & Compressed) != 0 ? Inflate(held) : held;
    }

    /// <summary>The certificate, DER, in an answer to GET DATA; null where it holds none.</summary>
    /// <exception cref="WireFormatException">It is no such object.</exception>
    public static Bytes? OfAnswer(Bytes answer) => Read(PivData.Unwrap(answer, 0x53, "content"));

    /// <summary>The object, without its tag 53, with a certificate as it is.</summary>
    public static Bytes Write(ReadOnlyMemory<byte> der) => Bytes.Of(output =>
    {
        var writer = new ByteWriter(output);
        Tlv.Write(writer, 0x70, der.Span);
        Tlv.Write(writer, 0x71, [0x00]);
        Tlv.Write(writer, 0xFE, []);
    });

    /// <summary>RFC 1952, or RFC 1950 as some makers do.</summary>
    private static Bytes Inflate(Bytes held)
    {
        using var source = new MemoryStream(held.ToArray());
        using Stream stream = held.Span is [0x1F, 0x8B, ..]
            ? new GZipStream(source, CompressionMode.Decompress)
            : new ZLibStream(source, CompressionMode.Decompress);
        var octets = new byte[MaxLength + 1];
        try
        {
            var length = stream.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false);
            return length <= MaxLength
                ? Bytes.CopyOf(octets.AsSpan(0, length))
                : throw new WireFormatException("certificate", 0, $"has more than {MaxLength} octets");
        }
        catch (InvalidDataException e)
        {
            throw new WireFormatException("certificate", 0, $"is not compressed as it says: {e.Message}");
        }
    }
}

/// <summary>The object that names a PIV card (SP 800-73-5 part 1, appendix A).</summary>
/// <remarks><code>30 FASC-N, 34 GUID, 35 last day, 3E signature of the issuer, which is empty, FE 00</code></remarks>
public static class PivChuid
{
    /// <summary>Agency, system and credential all nines: an issuer that is not federal.</summary>
    private static readonly Bytes FascN = Bytes.FromHex("D4E739DA739CED39CE739D836858210842108421384210C3F5");

    /// <summary>The name; null where the object has none.</summary>
    /// <param name="content">Without its tag 53.</param>
    public static Guid? Read(Bytes content) =>
        PivData.Find(content, 0x34) is { Length: 16 } guid ? new Guid(guid.Span, bigEndian: true) : null;

    /// <summary>The object, without its tag 53.</summary>
    public static Bytes Write(Guid guid, DateOnly lastDay) => Bytes.Of(output =>
    {
        var writer = new ByteWriter(output);
        Tlv.Write(writer, 0x30, FascN.Span);
        Tlv.Write(writer, 0x34, guid.ToByteArray(bigEndian: true));
        Tlv.Write(writer, 0x35, Encoding.ASCII.GetBytes(lastDay.ToString("yyyyMMdd", CultureInfo.InvariantCulture)));
        Tlv.Write(writer, 0x3E, []);
        Tlv.Write(writer, 0xFE, []);
    });
}

/// <summary>How the PIN of a card is to be used (SP 800-73-5 part 1, discovery object).</summary>
/// <remarks><code>7E { 4F AID, 5F2F 02 which PINs do, which one the issuer prefers }</code></remarks>
/// <param name="GlobalPin">The PIN of the whole card does, too.</param>
/// <param name="PrefersGlobalPin">The issuer would rather have that one asked for.</param>
public sealed record PivDiscovery(bool GlobalPin, bool PrefersGlobalPin)
{
    private const byte GlobalDoes = 0x20;
    private const byte GlobalFirst = 0x20;

    /// <exception cref="WireFormatException">It is no discovery object.</exception>
    public static PivDiscovery Read(Bytes data)
    {
        var policy = PivData.Find(PivData.Unwrap(data, 0x7E, "discovery object"), 0x5F2F);
        return policy is { Length: 2 } two
            ? new PivDiscovery((two.Span[0] & GlobalDoes) != 0, two.Span[1] == GlobalFirst)
            : throw new WireFormatException("discovery object", 0, "says nothing of PINs");
    }
}

/// <summary>How many retired keys a card has (SP 800-73-5 part 1, key history).</summary>
/// <remarks><code>C1 01 with certificates on the card, C2 01 with certificates elsewhere, F3 where?, FE 00</code></remarks>
public sealed record PivKeyHistory(int OnCard, int OffCard)
{
    /// <param name="content">Without its tag 53.</param>
    /// <exception cref="WireFormatException">It is no key history.</exception>
    public static PivKeyHistory Read(Bytes content) => new(Number(content, 0xC1), Number(content, 0xC2));

    private static int Number(Bytes content, uint tag) =>
        PivData.Find(content, tag) is { Length: 1 } number && number.Span[0] <= PivKeyReference.MaxRetired
            ? number.Span[0]
            : throw new WireFormatException("key history", 0, "does not say how many keys it has");
}
