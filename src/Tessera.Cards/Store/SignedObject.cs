using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Tessera.Wire;

namespace Tessera.Cards.Store;

/// <summary>What a <see cref="SignedObject"/> is good for (docs/protocols/store.md §6).</summary>
public enum ObjectKind : byte
{
    Ticket = 1,
    Coupon = 2,
    Receipt = 3,
}

/// <summary>
/// A ticket, coupon or receipt on one card, signed by its issuer: whoever has the public key checks it, without the
/// server and without keys of the card (docs/protocols/store.md §6).
/// </summary>
/// <remarks>
/// <code>
/// kind 1 | key 4 | number 4 | from 4 | until 4 | text 0..47, UTF-8 | signature 64
/// signature  ECDSA P-256 with SHA-256, r 32 | s 32, over "Tessera object" | card id 8 | kind .. text
/// </code>
/// Times are seconds since 1970-01-01 UTC, until 2106.
/// </remarks>
/// <param name="Key">Names the issuer's key: see <see cref="KeyName"/>.</param>
/// <param name="Number">Given by the issuer, another for each object.</param>
/// <param name="From">Whole seconds, as all times here.</param>
/// <param name="Until">The last second of its validity.</param>
public sealed record SignedObject(
    ObjectKind Kind, uint Key, uint Number, DateTimeOffset From, DateTimeOffset Until, string Text, Bytes Signature)
    : IWireFormat<SignedObject>
{
    public const int SignatureLength = 64;
    public const int MaxText = StoreCommands.MaxContent - HeadLength - SignatureLength;

    private const int HeadLength = 17;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static SignedObject Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        var kind = (ObjectKind)reader.ReadByte("kind");
        if (kind is < ObjectKind.Ticket or > ObjectKind.Receipt)
            throw new WireFormatException("kind", at, $"{(byte)kind:X2} is no signed object");
        var (key, number) = (reader.ReadUInt32("key"), reader.ReadUInt32("number"));
        var (from, until) = (Time(reader.ReadUInt32("from")), Time(reader.ReadUInt32("until")));
        at = reader.Offset;
        var length = reader.Remaining - SignatureLength;
        if (length > MaxText) throw new WireFormatException("text", at, $"longer than {MaxText} octets");
        var text = Decode(reader.ReadOctets(length, "text"), at);
        return new SignedObject(kind, key, number, from, until, text, reader.ReadBytes(SignatureLength, "signature"));
    }

    /// <summary>Makes an object for one card.</summary>
    /// <param name="key">The issuer's, on P-256; stays the caller's.</param>
    /// <exception cref="ArgumentException">The key is on another curve, the text too long or the times no times.</exception>
    public static SignedObject Sign(
        ECDsa key, CardId card, ObjectKind kind, uint number, DateTimeOffset from, DateTimeOffset until, string text)
    {
        if (until < from) throw new ArgumentException("It ends before it begins.", nameof(until));
        if (Utf8.GetByteCount(text) > MaxText)
            throw new ArgumentException($"The text of an object has at most {MaxText} octets.", nameof(text));
        var unsigned = new SignedObject(
            kind, KeyName(key), number, Time(Seconds(from)), Time(Seconds(until)), text, Bytes.Empty);
        var signature = key.SignData(
            unsigned.Signed(card), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return unsigned with { Signature = new Bytes(signature) };
    }

    /// <summary>The first four octets of the SHA-256 of the public point, uncompressed.</summary>
    /// <exception cref="ArgumentException">The key is not on P-256.</exception>
    public static uint KeyName(ECDsa key)
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        if (!string.Equals(parameters.Curve.Oid.Value, ECCurve.NamedCurves.nistP256.Oid.Value, StringComparison.Ordinal))
            throw new ArgumentException("A key for signed objects is on P-256.", nameof(key));
        var digest = SHA256.HashData([0x04, .. parameters.Q.X!, .. parameters.Q.Y!]);
        return new ByteReader(digest).ReadUInt32("key");
    }

    /// <summary>Whether the owner of that key signed it for that card; says nothing of its times.</summary>
    public bool IsSignedBy(ECDsa key, CardId card) =>
        Key == KeyName(key) && key.VerifyData(
            Signed(card), Signature.Span, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    public bool IsValidAt(DateTimeOffset time) => From <= time && time < Until.AddSeconds(1);

    public void Write(ByteWriter writer)
    {
        WriteHead(writer);
        writer.WriteBytes(Signature);
    }

    private byte[] Signed(CardId card)
    {
        var message = new ArrayBufferWriter<byte>();
        var writer = new ByteWriter(message);
        writer.WriteOctets("Tessera object"u8);
        card.Write(writer);
        WriteHead(writer);
        return message.WrittenSpan.ToArray();
    }

    private void WriteHead(ByteWriter writer)
    {
        writer.WriteByte((byte)Kind);
        writer.WriteUInt32(Key);
        writer.WriteUInt32(Number);
        writer.WriteUInt32(Seconds(From));
        writer.WriteUInt32(Seconds(Until));
        writer.WriteOctets(Utf8.GetBytes(Text));
    }

    private static DateTimeOffset Time(uint seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds);

    private static uint Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds() is >= 0 and <= uint.MaxValue and var all
        ? (uint)all
        : throw new ArgumentException($"{time:u} cannot be told in 32 bits.", nameof(time));

    private static string Decode(ReadOnlySpan<byte> octets, int at)
    {
        try
        {
            return Utf8.GetString(octets);
        }
        catch (DecoderFallbackException)
        {
            throw new WireFormatException("text", at, "is not UTF-8");
        }
    }
}

/// <summary>What stands in the place of an object that was used up or taken back.</summary>
/// <remarks><code>00 | number 4, of the object | mark 8</code></remarks>
/// <param name="Mark">Chosen by who removed it, so that only one of several who tried can say that it was them.</param>
public sealed record RemovedObject(uint Number, Bytes Mark) : IWireFormat<RemovedObject>
{
    public const int MarkLength = 8;

    private const byte Kind = 0x00;

    public static RemovedObject Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        if (reader.ReadByte("kind") is not Kind) throw new WireFormatException("kind", at, "is not 00");
        var number = reader.ReadUInt32("number");
        return new RemovedObject(number, reader.ReadBytes(MarkLength, "mark"));
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteByte(Kind);
        writer.WriteUInt32(Number);
        writer.WriteBytes(Mark);
    }
}
