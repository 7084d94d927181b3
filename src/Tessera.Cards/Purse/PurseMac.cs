using System.Buffers;
using Tessera.Wire;

namespace Tessera.Cards.Purse;

/// <summary>The MACs of the purse, computed alike by card and server (docs/protocols/purse.md §4).</summary>
/// <remarks>
/// <code>
/// session key  SK = KDF(card key, 50, card 8 | number + 1, 4 | random 8 | nonce 8)
/// proof key    PK = KDF(card key, 51, card 8 | number 4 | nonce 8)
/// S1     CMAC8(SK, 01 | head of S1 | nonce 8 | card 8 | currency 2)
/// S2     CMAC8(SK, 02 | kind 1 | terms 1 | adjust 4 | amount or ceiling 4 | goods | card 8)
/// S3     CMAC8(SK, 03 | kind 1 | terms 1 | adjust 4 | amount 4 | S2 8 | digest 8 | balance 4 | number 4 | goods | card 8)
/// proof  CMAC8(PK, 04 | signed part of the proof | nonce 8 | card 8)
/// offline session key  OK = KDF(offline key of the card, 52, card 8 | number + 1, 4 | random 8 | nonce 8)
/// receipt key          RK = KDF(card key, 53, card 8 | number 4)
/// O1       CMAC8(OK, 05 | signed part of O1 | nonce 8 | card 8 | currency 2)
/// O2       CMAC8(OK, 06 | kind 1 | terms 1 | adjust 4 | amount 4 | digest 8 | card 8)
/// O3       CMAC8(OK, 07 | fields of S3)
/// receipt  CMAC8(RK, 08 | movement 17 | digest 8 | balance 4 | number 4 | card 8)
/// </code>
/// Each begins with its direction octet, so none can be taken for another. Goods are there where the terms say so.
/// </remarks>
public sealed class PurseMac : IDisposable
{
    public const int Length = 8;
    public const int NonceLength = 8;
    public const int DigestLength = 8;

    private const byte SessionConstant = 0x50;
    private const byte ProofConstant = 0x51;
    private const byte OfflineConstant = 0x52;
    private const byte ReceiptConstant = 0x53;

    private readonly SecretKey _key;
    private readonly CardId _card;
    private readonly Bytes _nonce;

    private PurseMac(SecretKey key, CardId card, Bytes nonce) => (_key, _card, _nonce) = (key, card, nonce);

    /// <summary>The MACs of the movement that follows number <paramref name="number"/>.</summary>
    public static PurseMac ForSession(SecretKey cardKey, CardId card, uint number, Bytes random, Bytes nonce) =>
        new(Derive(cardKey, SessionConstant, card, number + 1, random, nonce), card, nonce);

    public static PurseMac ForProof(SecretKey cardKey, CardId card, uint number, Bytes nonce) =>
        new(Derive(cardKey, ProofConstant, card, number, Bytes.Empty, nonce), card, nonce);

    /// <summary>The MACs between a card and an offline acceptor.</summary>
    public static PurseMac ForOffline(SecretKey offlineKey, CardId card, uint number, Bytes random, Bytes nonce) =>
        new(Derive(offlineKey, OfflineConstant, card, number + 1, random, nonce), card, nonce);

    /// <summary>What proves offline debit <paramref name="number"/> to the issuer.</summary>
    public static PurseMac ForReceipt(SecretKey cardKey, CardId card, uint number) =>
        new(Derive(cardKey, ReceiptConstant, card, number, Bytes.Empty, Bytes.Empty), card, Bytes.Empty);

    /// <param name="head">All of S1 but its MAC.</param>
    public Bytes S1(PurseHead head, ushort currency) => Mac(1, writer =>
    {
        head.WriteHead(writer);
        writer.WriteBytes(_nonce);
        _card.Write(writer);
        writer.WriteUInt16(currency);
    });

    /// <param name="goods">What a debit writes into the data store; none without.</param>
    public Bytes S2(MoveKind kind, MoveTerms terms, int adjust, uint amountOrCeiling, Bytes goods = default) => Mac(2, writer =>
    {
        writer.WriteByte((byte)kind);
        writer.WriteByte((byte)terms);
        writer.WriteInt32(adjust);
        writer.WriteUInt32(amountOrCeiling);
        writer.WriteBytes(goods);
        _card.Write(writer);
    });

    /// <param name="goods">What the debit wrote into the data store.</param>
    public Bytes S3(Movement movement, Bytes digest, uint balance, uint number, Bytes goods = default) =>
        Receipt(3, movement, digest, balance, number, goods);

    public Bytes O1(OfflineState state, ushort currency) => Mac(5, writer =>
    {
        state.WriteSigned(writer);
        writer.WriteBytes(_nonce);
        _card.Write(writer);
        writer.WriteUInt16(currency);
    });

    public Bytes O2(MoveTerms terms, uint amount, Bytes digest) => Mac(6, writer =>
    {
        writer.WriteByte((byte)MoveKind.OfflineDebit);
        writer.WriteByte((byte)terms);
        writer.WriteInt32(0);
        writer.WriteUInt32(amount);
        writer.WriteBytes(digest);
        _card.Write(writer);
    });

    public Bytes O3(Movement movement, Bytes digest, uint balance, uint number) =>
        Receipt(7, movement, digest, balance, number, Bytes.Empty);

    public Bytes Receipt(LoggedMovement movement) => Mac(8, writer =>
    {
        movement.Write(writer);
        _card.Write(writer);
    });

    private Bytes Receipt(byte direction, Movement movement, Bytes digest, uint balance, uint number, Bytes goods) =>
        Mac(direction, writer =>
    {
        writer.WriteByte((byte)movement.Kind);
        writer.WriteByte((byte)movement.Terms);
        writer.WriteInt32(movement.Adjust);
        writer.WriteUInt32(movement.Amount);
        writer.WriteBytes(movement.S2);
        writer.WriteBytes(digest);
        writer.WriteUInt32(balance);
        writer.WriteUInt32(number);
        writer.WriteBytes(goods);
        _card.Write(writer);
    });

    public Bytes Proof(PurseProof proof) => Mac(4, writer =>
    {
        proof.WriteSigned(writer);
        writer.WriteBytes(_nonce);
        _card.Write(writer);
    });

    public void Dispose() => _key.Dispose();

    private delegate void Fields(ByteWriter writer);

    private Bytes Mac(byte direction, Fields fields)
    {
        var message = new ArrayBufferWriter<byte>();
        var writer = new ByteWriter(message);
        writer.WriteByte(direction);
        fields(writer);
        var mac = new byte[Length];
        AesCmac.Compute(_key, message.WrittenSpan, mac);
        return new Bytes(mac);
    }

    private static SecretKey Derive(
        SecretKey cardKey, byte constant, CardId card, uint number, Bytes random, Bytes nonce)
    {
        var context = new ArrayBufferWriter<byte>();
        var writer = new ByteWriter(context);
        card.Write(writer);
        writer.WriteUInt32(number);
        writer.WriteBytes(random);
        writer.WriteBytes(nonce);
        return Kdf.DeriveKey(cardKey, constant, context.WrittenSpan);
    }
}
