using System.Buffers;
using Tessera.Wire;

namespace Tessera.Cards.Store;

/// <summary>
/// The keys and MACs of the data store, computed alike by card and server (docs/protocols/store.md §4).
/// </summary>
/// <remarks>
/// <code>
/// writing key  WK = KDF(card key, 52, card 8 | field 1)
/// reading key  RK = KDF(card key, 53, card 8 | field 1)
/// cipher key   EK = KDF(card key, 54, card 8 | field 1)
/// write   CMAC8(WK, 05 | field 1 | version 2 | length 1 | content | card 8)
/// read    CMAC8(RK, 06 | field 1 | version 2 | length 1 | content | nonce 8 | card 8)
/// define  CMAC8(WK, 07 | field 1 | version 2 | definition 2 | length 1 | content | card 8)
/// cipher  content in counter mode under EK, counter = MAC 8 | 00.. 8
/// </code>
/// Who holds a reading key can check that one field and write nothing. The MAC is over the content in clear, and is the
/// synthetic vector of its cipher (as in RFC 5297): another content, version, nonce or direction is another counter.
/// </remarks>
public static class StoreMac
{
    public const int Length = 8;
    public const int NonceLength = 8;

    private const byte WritingConstant = 0x52;
    private const byte ReadingConstant = 0x53;
    private const byte CipherConstant = 0x54;

    /// <summary>The key of every WRITE of <paramref name="field"/>; the caller disposes it.</summary>
    public static SecretKey WritingKey(SecretKey cardKey, CardId card, byte field) =>
        Derive(cardKey, WritingConstant, card, field);

    /// <summary>The key of every READ of <paramref name="field"/>; the caller disposes it.</summary>
    public static SecretKey ReadingKey(SecretKey cardKey, CardId card, byte field) =>
        Derive(cardKey, ReadingConstant, card, field);

    /// <summary>The key that ciphers the content of <paramref name="field"/>; the caller disposes it.</summary>
    public static SecretKey CipherKey(SecretKey cardKey, CardId card, byte field) =>
        Derive(cardKey, CipherConstant, card, field);

    public static Bytes Write(SecretKey writingKey, CardId card, byte field, ushort version, Bytes content) =>
        Mac(writingKey, 5, card, field, version, Bytes.Empty, content, Bytes.Empty);

    public static Bytes Read(
        SecretKey readingKey, CardId card, byte field, ushort version, Bytes content, Bytes nonce) =>
        Mac(readingKey, 6, card, field, version, Bytes.Empty, content, nonce);

    public static Bytes Define(
        SecretKey writingKey, CardId card, byte field, ushort version, FieldDefinition definition, Bytes content) =>
        Mac(writingKey, 7, card, field, version, Bytes.Of(definition), content, Bytes.Empty);

    /// <summary>Ciphers, or deciphers, a content of which <paramref name="mac"/> is the code.</summary>
    public static Bytes Cipher(SecretKey cipherKey, Bytes mac, Bytes content)
    {
        Span<byte> counter = stackalloc byte[AesCtr.Block];
        mac.Span.CopyTo(counter);
        var octets = content.ToArray();
        AesCtr.Apply(cipherKey, counter, octets);
        return new Bytes(octets);
    }

    private static Bytes Mac(
        SecretKey key, byte direction, CardId card, byte field, ushort version, Bytes definition, Bytes content,
        Bytes nonce)
    {
        var message = new ArrayBufferWriter<byte>();
        var writer = new ByteWriter(message);
        writer.WriteByte(direction);
        writer.WriteByte(field);
        writer.WriteUInt16(version);
        writer.WriteBytes(definition);
        writer.WriteByte(checked((byte)content.Length));
        writer.WriteBytes(content);
        writer.WriteBytes(nonce);
        card.Write(writer);
        var mac = new byte[Length];
        AesCmac.Compute(key, message.WrittenSpan, mac);
        return new Bytes(mac);
    }

    private static SecretKey Derive(SecretKey cardKey, byte constant, CardId card, byte field)
    {
        var context = new ArrayBufferWriter<byte>();
        var writer = new ByteWriter(context);
        card.Write(writer);
        writer.WriteByte(field);
        return Kdf.DeriveKey(cardKey, constant, context.WrittenSpan);
    }
}
