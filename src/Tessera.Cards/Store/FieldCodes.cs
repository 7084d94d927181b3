using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Cards.Store;

/// <summary>
/// Commands and answers of one field of one card, coded and ciphered by who has the key of the card: the issuer, and
/// the card itself (docs/protocols/store.md §4).
/// </summary>
/// <param name="cardKey">Of the store of that card; stays the caller's.</param>
public readonly struct FieldCodes(SecretKey cardKey, CardId card, byte field)
{
    /// <summary>A WRITE of the issuer.</summary>
    /// <param name="isSecured">The content travels ciphered.</param>
    public FieldWrite Write(ushort version, Bytes content, bool isSecured = false)
    {
        var mac = WriteMac(version, null, content);
        return new FieldWrite(version, mac, Cipher(mac, content, isSecured));
    }

    /// <summary>A DEFINE of the issuer.</summary>
    /// <param name="isSecured">The content travels ciphered.</param>
    public FieldDefine Define(ushort version, FieldDefinition definition, Bytes content, bool isSecured = false)
    {
        var mac = WriteMac(version, definition, content);
        return new FieldDefine(version, mac, definition, Cipher(mac, content, isSecured));
    }

    /// <summary>The answer of a card to READ.</summary>
    /// <param name="isSecured">The content travels ciphered.</param>
    public StoredField Answer(ushort version, Bytes content, Bytes nonce, bool isSecured)
    {
        var mac = ReadMac(version, content, nonce);
        return new StoredField(version, Cipher(mac, content, isSecured), mac);
    }

    /// <summary>The content that a WRITE brings; null where it is not the issuer's.</summary>
    public Bytes? Open(FieldWrite write, bool isSecured)
    {
        var content = Cipher(write.Mac, write.Content, isSecured);
        return IsRight(WriteMac(write.Version, null, content), write.Mac) ? content : null;
    }

    /// <summary>The content that a DEFINE brings; null where it is not the issuer's.</summary>
    public Bytes? Open(FieldDefine define, bool isSecured)
    {
        var content = Cipher(define.Mac, define.Content, isSecured);
        return IsRight(WriteMac(define.Version, define.Definition, content), define.Mac) ? content : null;
    }

    /// <summary>The field in clear; null where the card itself does not say so over that nonce.</summary>
    public StoredField? Open(StoredField answer, Bytes nonce, bool isSecured)
    {
        var content = Cipher(answer.Mac, answer.Content, isSecured);
        return IsRight(ReadMac(answer.Version, content, nonce), answer.Mac) ? answer with { Content = content } : null;
    }

    private static bool IsRight(Bytes expected, Bytes mac) =>
        CryptographicOperations.FixedTimeEquals(expected.Span, mac.Span);

    private Bytes WriteMac(ushort version, FieldDefinition? definition, Bytes content)
    {
        using var key = StoreMac.WritingKey(cardKey, card, field);
        return definition is { } defined
            ? StoreMac.Define(key, card, field, version, defined, content)
            : StoreMac.Write(key, card, field, version, content);
    }

    private Bytes ReadMac(ushort version, Bytes content, Bytes nonce)
    {
        using var key = StoreMac.ReadingKey(cardKey, card, field);
        return StoreMac.Read(key, card, field, version, content, nonce);
    }

    private Bytes Cipher(Bytes mac, Bytes content, bool isSecured)
    {
        if (!isSecured || content.Length == 0) return content;
        using var key = StoreMac.CipherKey(cardKey, card, field);
        return StoreMac.Cipher(key, mac, content);
    }
}
