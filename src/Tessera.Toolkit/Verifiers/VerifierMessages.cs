using System.Buffers;
using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.Toolkit.Verifiers;

/// <summary>What a server asks a verifier (docs/protocols/verifier.md §3).</summary>
/// <remarks>
/// <code>
/// A1 08 card                                a nonce for an entry, and what there is to compare
/// A2 L { 81 L statement | 82 L entry }      whether the entry is the holder's
/// </code>
/// </remarks>
public abstract record VerifierRequest : IWireFormat<VerifierRequest>
{
    private const ushort ChallengeTag = 0xA1;
    private const ushort VerificationTag = 0xA2;
    private const ushort StatementTag = 0x81;
    private const ushort EntryTag = 0x82;

    private protected VerifierRequest() { }

    public static VerifierRequest Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        var value = Tlv.ReadValue(ref reader, out var tag);
        var inner = new ByteReader(value);
        VerifierRequest request = tag switch
        {
            ChallengeTag => new ChallengeRequest(CardId.Read(ref inner)),
            VerificationTag => new VerificationRequest(
                Bytes.CopyOf(Tlv.ReadExpected(ref inner, StatementTag, "statement")).Read<VerificationStatement>(),
                Bytes.CopyOf(Tlv.ReadExpected(ref inner, EntryTag, "entry"))),
            _ => throw new WireFormatException("request", at, $"tag {tag:X2} is not used here"),
        };
        inner.ReadEnd("request");
        return request;
    }

    public void Write(ByteWriter writer)
    {
        switch (this)
        {
            case ChallengeRequest challenge:
                Tlv.Write(writer, ChallengeTag, Bytes.Of(challenge.Card).Span);
                break;
            case VerificationRequest verification:
                Tlv.Write(writer, VerificationTag, Bytes.Of(output =>
                {
                    var inner = new ByteWriter(output);
                    Tlv.Write(inner, StatementTag, Bytes.Of(verification.Statement).Span);
                    Tlv.Write(inner, EntryTag, verification.Entry.Span);
                }).Span);
                break;
        }
    }
}

/// <summary>A nonce is wanted for an entry at that card.</summary>
public sealed record ChallengeRequest(CardId Card) : VerifierRequest;

/// <summary>An entry is to be compared.</summary>
/// <param name="Entry">As <see cref="SealedEntry"/> made it.</param>
public sealed record VerificationRequest(VerificationStatement Statement, Bytes Entry) : VerifierRequest;

/// <summary>A nonce of a verifier, and what it can compare of the holder of a card (docs/protocols/verifier.md §3).</summary>
/// <remarks><code>nonce 16 | flags 1: 01 PIN, 02 finger, 04 something is blocked</code></remarks>
public sealed record VerifierChallenge(Bytes Nonce, ComparableEntries Comparable) : IWireFormat<VerifierChallenge>
{
    public static VerifierChallenge Read(ref ByteReader reader)
    {
        var nonce = reader.ReadBytes(VerificationStatement.NonceLength, "nonce");
        var comparable = (ComparableEntries)reader.ReadByte("flags");
        return (comparable & ~ComparableEntries.All) == ComparableEntries.None
            ? new VerifierChallenge(nonce, comparable)
            : throw new WireFormatException("flags", VerificationStatement.NonceLength, "has bits that are not used here");
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteBytes(Nonce);
        writer.WriteByte((byte)Comparable);
    }
}

/// <summary>What a verifier has of a holder.</summary>
[Flags]
public enum ComparableEntries : byte
{
    /// <summary>It does not know the card.</summary>
    None = 0,

    /// <summary>A PIN that has tries left.</summary>
    Pin = 0x01,

    /// <summary>A finger that has tries left.</summary>
    Finger = 0x02,

    /// <summary>A PIN or a finger that has none left.</summary>
    Blocked = 0x04,

    All = Pin | Finger | Blocked,
}

/// <summary>What a verifier says of an entry, signed over what the entry is bound to (docs/protocols/verifier.md §4).</summary>
/// <remarks>
/// <code>
/// result 1 | tries left 1 | time 8, milliseconds since 1970 | signature, ECDSA P-256 with SHA-256 in DER, of
///     "Tessera verdict" 00 | SHA-256 of the statement 32 | SHA-256 of the entry 32 | result 1 | tries left 1 | time 8
/// </code>
/// </remarks>
public sealed record VerifierVerdict(VerifierResult Result, byte TriesLeft, DateTimeOffset Time, Bytes Signature)
    : IWireFormat<VerifierVerdict>
{
    private const int HeadLength = 1 + 1 + sizeof(ulong);
    private const int MaxSignature = 72;

    public static VerifierVerdict Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        var (result, tries) = ((VerifierResult)reader.ReadByte("result"), reader.ReadByte("tries left"));
        if (!Enum.IsDefined(result)) throw new WireFormatException("result", at, $"{(byte)result:X2} is not used here");
        var time = reader.ReadUInt64("time");
        if (time > (ulong)DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
            throw new WireFormatException("time", at + 2, "is later than any");
        if (reader.Remaining > MaxSignature)
            throw new WireFormatException("signature", at + HeadLength, "is longer than one of P-256");
        return new VerifierVerdict(
            result, tries, DateTimeOffset.FromUnixTimeMilliseconds((long)time), Bytes.CopyOf(reader.ReadRest()));
    }

    public void Write(ByteWriter writer)
    {
        WriteHead(writer, Result, TriesLeft, Time);
        writer.WriteBytes(Signature);
    }

    /// <summary>Says it, with the key of the verifier.</summary>
    public static VerifierVerdict Sign(
        ECDsa key, VerificationRequest of, VerifierResult result, byte triesLeft, DateTimeOffset time) => new(
            result, triesLeft, time, new Bytes(key.SignData(
                Signed(of, result, triesLeft, time).Span, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)));

    /// <summary>True where that verifier said it of that entry.</summary>
    public bool IsOf(VerifierKey verifier, VerificationRequest request)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(verifier.Signing.Span, out _);
        return key.VerifyData(
            Signed(request, Result, TriesLeft, Time).Span, Signature.Span, HashAlgorithmName.SHA256,
            DSASignatureFormat.Rfc3279DerSequence);
    }

    private static Bytes Signed(VerificationRequest of, VerifierResult result, byte triesLeft, DateTimeOffset time) =>
        Bytes.Of(output =>
        {
            output.Write("Tessera verdict\0"u8);
            output.Write(SHA256.HashData(Bytes.Of(of.Statement).Span));
            output.Write(SHA256.HashData(of.Entry.Span));
            WriteHead(new ByteWriter(output), result, triesLeft, time);
        });

    private static void WriteHead(ByteWriter writer, VerifierResult result, byte triesLeft, DateTimeOffset time)
    {
        writer.WriteByte((byte)result);
        writer.WriteByte(triesLeft);
        writer.WriteUInt64((ulong)time.ToUnixTimeMilliseconds());
    }
}

/// <summary>What became of an entry at a verifier.</summary>
public enum VerifierResult : byte
{
    /// <summary>It is the holder's.</summary>
    Verified = 0x00,

    /// <summary>It is not; a try is gone.</summary>
    Wrong = 0x01,

    /// <summary>Nothing was compared: no tries are left.</summary>
    Blocked = 0x02,

    /// <summary>Nothing was compared: there is no such reference of that card.</summary>
    Unknown = 0x03,

    /// <summary>Nothing was compared: the nonce is not one of the verifier that waits for that card.</summary>
    Stale = 0x04,

    /// <summary>Nothing was compared: the entry is not of that statement, or for another verifier.</summary>
    Unreadable = 0x05,
}
