using Tessera.Cards.Purse;
using Tessera.Wire;

namespace Tessera.VirtualCard.Applets;

/// <summary>A MOVE as it arrives (docs/protocols/purse.md §3).</summary>
/// <remarks>
/// <code>
/// adjust 4 | amount 4  | S2 8 | digest 8
/// adjust 4 | ceiling 4 | S2 8 | amount 4 | digest 8      terms with ceiling
/// </code>
/// Before the digest stand the goods, where the terms name them.
/// </remarks>
/// <param name="Movement">With the amount that is to be moved.</param>
/// <param name="Authorised">Amount or ceiling, as S2 covers it.</param>
/// <param name="Goods">As S2 covers them; empty where there are none.</param>
internal sealed record MoveOrder(Movement Movement, uint Authorised, Bytes Digest, Bytes Goods)
{
    /// <summary>
    /// A debit stays at or below its ceiling, an adjust moves no amount, an order to the purse moves nothing at all, and
    /// an offline debit moves something and adjusts nothing.
    /// </summary>
    public bool IsWithinAuthority => Movement.Amount <= Authorised && Movement.Kind switch
    {
        MoveKind.Adjust => Movement.Amount == 0,
        MoveKind.Deactivate or MoveKind.Reactivate => Movement is { Amount: 0, Adjust: 0 },
        MoveKind.Allow or MoveKind.Limit => Movement.Adjust == 0,
        MoveKind.OfflineDebit => Movement is { Amount: > 0, Adjust: 0 },
        _ => true,
    };

    public static bool HasLength(MoveTerms terms, int length)
    {
        length -= terms.HasFlag(MoveTerms.Ceiling) ? PurseCommands.CeilingMoveLength : PurseCommands.MoveLength;
        return terms.HasFlag(MoveTerms.Goods) ? length is > 0 and <= PurseCommands.MaxGoods : length == 0;
    }

    public static bool IsDefined(MoveKind kind, MoveTerms terms) => kind switch
    {
        MoveKind.Debit =>
            (terms & ~(MoveTerms.WithoutPin | MoveTerms.Ceiling | MoveTerms.Goods)) == MoveTerms.PinRequired,
        MoveKind.Load or MoveKind.Adjust or MoveKind.OfflineDebit => terms is MoveTerms.PinRequired or MoveTerms.WithoutPin,
        _ => kind.IsOrder() && terms == MoveTerms.WithoutPin,
    };

    public static MoveOrder Read(MoveKind kind, MoveTerms terms, ReadOnlySpan<byte> data)
    {
        var reader = new ByteReader(data);
        var adjust = reader.ReadInt32("adjust");
        var authorised = reader.ReadUInt32("amount or ceiling");
        var s2 = reader.ReadBytes(PurseMac.Length, "S2");
        var amount = terms.HasFlag(MoveTerms.Ceiling) ? reader.ReadUInt32("amount") : authorised;
        var goods = reader.ReadBytes(reader.Remaining - PurseMac.DigestLength, "goods");
        var digest = reader.ReadBytes(PurseMac.DigestLength, "digest");
        return new MoveOrder(new Movement(kind, terms, adjust, amount, s2), authorised, digest, goods);
    }
}
