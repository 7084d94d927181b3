using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Purse;

/// <summary>Debits that bring goods: objects, removals of objects and plain fields, right ones and wrong ones.</summary>
public sealed partial class PurseModelRun
{
    private static readonly FieldDefinition Object = new(FieldType.Object, FieldReading.Anybody, IsMandatory: false);

    /// <summary>What the issuer believes of the goods, from S3 and S1 alone.</summary>
    private GoodsModel _delivered;

    /// <summary>One to three fields; each is wrong in some way now and then.</summary>
    private Bytes NextGoods() => Bytes.Of(output =>
    {
        var count = Chance(3) ? _random.Next(2, 4) : 1;
        for (var i = 0; i < count; i++) NextField((byte)(0xE1 + _random.Next(4))).Write(new ByteWriter(output));
    });

    private GoodsField NextField(byte id)
    {
        var there = _model.Goods[id];
        var isOther = Chance(12);
        var definition = isOther ? default : there?.Definition ?? (Chance(6) ? default : Object);
        var version = (ushort)Math.Max(1, (there?.Version ?? 0) + (Chance(8) ? _random.Next(-1, 2) : 1));
        return new GoodsField(id, version, definition, definition == Object ? NextObject(there?.Content) : Octets(5));
    }

    /// <summary>The removal of what is there, mostly; of what is not, sometimes; else an object.</summary>
    private Bytes NextObject(Bytes? there)
    {
        var number = there is { Length: > 13 } stored ? stored.Read<SignedObject>().Number : (uint?)null;
        return (Chance(6) ? number is null : number is not null)
            ? Bytes.Of(new RemovedObject(number ?? 1, Octets(RemovedObject.MarkLength)))
            : Bytes.Of(new SignedObject(
                (ObjectKind)_random.Next(1, 4), 0xB18B86CE, (uint)_random.Next(1, 4), DateTimeOffset.UnixEpoch,
                DateTimeOffset.UnixEpoch.AddDays(1), "", Octets(SignedObject.SignatureLength)));
    }

    /// <summary>One bit of P1, P2 or the data other, or some octets fewer.</summary>
    private CommandApdu Tampered(CommandApdu move)
    {
        var data = move.Data.ToArray();
        switch (_random.Next(8))
        {
            case 0: return move with { P1 = (byte)(move.P1 ^ (1 << _random.Next(8))) };
            case 1: return move with { P2 = (byte)(move.P2 ^ (1 << _random.Next(8))) };
            case 2: return move with { Data = new Bytes(data.AsMemory(0, _random.Next(data.Length))) };
            default:
                data[_random.Next(data.Length)] ^= (byte)(1 << _random.Next(8));
                return move with { Data = new Bytes(data) };
        }
    }

    private static Bytes GoodsOf(CommandApdu move)
    {
        var terms = (MoveTerms)move.P2;
        var at = PurseCommands.MoveLength - PurseMac.DigestLength + (terms.HasFlag(MoveTerms.Ceiling) ? sizeof(uint) : 0);
        return terms.HasFlag(MoveTerms.Goods)
            ? new Bytes(move.Data.Memory[at..^PurseMac.DigestLength])
            : Bytes.Empty;
    }

    private void Book(Movement movement, Bytes goods)
    {
        (_account, _open) = (_account + movement.Delta, null);
        if (goods.Length == 0) return;
        _counts.Sales++;
        _delivered = _delivered.With(goods);
    }

    private void AssertDelivered() => Assert.Equal(_delivered, _model.Goods);
}
