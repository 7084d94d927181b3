using Tessera.Wire;

namespace Tessera.Cards.Purse;

/// <summary>
/// The command APDUs of the purse applet (docs/protocols/purse.md §3), used over channels and in scripts alike.
/// </summary>
public static class PurseCommands
{
    public const int MoveLength = 24;
    public const int CeilingMoveLength = 28;

    /// <summary>Most octets of goods: a MOVE is one short command, with a ceiling or without.</summary>
    public const int MaxGoods = 255 - CeilingMoveLength;

    private const int AuthorisedLength = 16;

    /// <summary>Movements that a card keeps; ten on a card that was made when the log was shorter.</summary>
    public const int LogRecords = 20;

    /// <summary>
    /// F0 "TESSERA" 01: an unregistered application identifier (ISO/IEC 7816-4 §8.2.1.2, category F).
    /// </summary>
    public static readonly Bytes Aid = Bytes.FromHex("F05445535345524101");

    public static CommandApdu Select { get; } = new(0x00, 0xA4, 0x04, 0x00, Aid, Le: 256);

    public static CommandApdu Balance { get; } = new(0x80, 0x5C, 0x00, 0x00, Le: 256);

    /// <summary>Forgets INITIALIZE: every S2 issued before is dead.</summary>
    public static CommandApdu End { get; } = new(0x80, 0x5E, 0x00, 0x00);

    public static CommandApdu Initialize(Bytes nonce) => new(0x80, 0x50, 0x00, 0x00, nonce, Le: 256);

    /// <summary>INITIALIZE for an offline debit.</summary>
    public static CommandApdu InitializeOffline(Bytes nonce) => new(0x80, 0x50, 0x01, 0x00, nonce, Le: 256);

    /// <summary>The offline debit that an acceptor authorises; nobody else can make its O2.</summary>
    public static CommandApdu DebitOffline(MoveTerms terms, uint amount, Bytes o2, Bytes digest) =>
        Complete(Move(MoveKind.OfflineDebit, terms, 0, amount, o2), null, digest);

    /// <summary>RECEIPT: an offline debit as it is proven to the issuer.</summary>
    public static CommandApdu Receipt(uint number) => new(
        0x80, 0x58, 0x00, 0x00, Bytes.Of(output => new ByteWriter(output).WriteUInt32(number)), Le: 256);

    /// <summary>MOVE without its digest, which the interpreter adds as the last eight octets.</summary>
    /// <remarks>
    /// <code>
    /// adjust 4 | amount 4  | S2 8 [| goods] [| digest 8]
    /// adjust 4 | ceiling 4 | S2 8 [| amount 4] [| goods] [| digest 8]     with a ceiling
    /// </code>
    /// </remarks>
    /// <param name="goods">Fields to be written with it; empty where the terms name none.</param>
    public static CommandApdu Move(
        MoveKind kind, MoveTerms terms, int adjust, uint amountOrCeiling, Bytes s2, Bytes goods = default) =>
        new(0x80, 0x54, (byte)kind, (byte)terms, Bytes.Of(output =>
        {
            var writer = new ByteWriter(output);
            writer.WriteInt32(adjust);
            writer.WriteUInt32(amountOrCeiling);
            writer.WriteBytes(s2);
            writer.WriteBytes(goods);
        }), Le: 256);

    /// <summary>
    /// MOVE as the card takes it: the amount where there is a ceiling, at its end the digest of what was shown.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// An amount without a ceiling or the reverse, or a digest that has not 8 octets.
    /// </exception>
    public static CommandApdu Complete(CommandApdu move, uint? amount, Bytes digest)
    {
        if (((MoveTerms)move.P2).HasFlag(MoveTerms.Ceiling) != amount.HasValue)
            throw new ArgumentException("An amount goes with a ceiling, and only with one.", nameof(amount));
        if (digest.Length != PurseMac.DigestLength)
            throw new ArgumentException($"A digest has {PurseMac.DigestLength} octets here.", nameof(digest));
        return move with
        {
            Data = Bytes.Of(output =>
            {
                var writer = new ByteWriter(output);
                var (authorised, goods) = (move.Data.Memory[..AuthorisedLength], move.Data.Memory[AuthorisedLength..]);
                writer.WriteOctets(authorised.Span);
                if (amount is { } octets) writer.WriteUInt32(octets);
                writer.WriteOctets(goods.Span);
                writer.WriteBytes(digest);
            }),
        };
    }

    public static CommandApdu Prove(Bytes nonce, uint number) => new(0x80, 0x5A, 0x00, 0x00, Bytes.Of(output =>
    {
        var writer = new ByteWriter(output);
        writer.WriteBytes(nonce);
        writer.WriteUInt32(number);
    }), Le: 256);

    /// <summary>READ RECORD: movement <paramref name="index"/> back, 1 the newest.</summary>
    public static CommandApdu ReadLog(int index)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(index, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, LogRecords);
        return new CommandApdu(0x00, 0xB2, (byte)index, 0x04, Le: 256);
    }
}
