using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Platform.Money;
using Tessera.Wire;
using Xunit;

namespace Tessera.Storage.Tests.Purses;

/// <summary>What comes to cards with their debits: a card has in its fields what its movements brought, to the last.</summary>
internal sealed partial class PurseLife
{
    private readonly Dictionary<Bytes, Bytes> _goods = [];
    private readonly Dictionary<(RealCard Card, byte Field), ushort> _versions = [];

    /// <summary>Some debits bring a field or two, of versions above all that were ever given.</summary>
    private Alternative Selling(RealCard card, Alternative offer)
    {
        if (offer.Kind != MoveKind.Debit || _random.Next(2) == 0) return offer;
        return offer with
        {
            Terms = offer.Terms | MoveTerms.Goods,
            Goods = Bytes.Of(output =>
            {
                foreach (var field in _random.Next(3) == 0 ? (byte[])[0x21, 0x22] : [0x21])
                {
                    var version = (ushort)(_versions.GetValueOrDefault((card, field)) + 1);
                    _versions[(card, field)] = version;
                    new GoodsField(field, version, default, Octets(5)).Write(new ByteWriter(output));
                }
            }),
        };
    }

    private async Task GoodsAreThereAsync(RealCard card)
    {
        Dictionary<byte, GoodsField> bought = [];
        foreach (var goods in card.History.Select(one => _goods.GetValueOrDefault(one.Movement.S2)).Where(one => one.Length > 0))
        {
            foreach (var one in GoodsField.ReadList(goods)) bought[one.Field] = one;
        }

        await card.TryAsync(StoreCommands.Select, Cancel);
        var there = await card.TryAsync(StoreCommands.List, Cancel);
        Assert.Equal(
            bought.Values.OrderBy(one => one.Field).Select(one => new FieldVersion(one.Field, one.Version, 5)),
            FieldVersion.ReadList(there!.Data));
        foreach (var one in bought.Values)
        {
            var read = await card.TryAsync(StoreCommands.Read(one.Field, Zero), Cancel);
            Assert.Equal(one.Content, read!.Data.Read<StoredField>().Content);
        }

        await card.TryAsync(PurseCommands.Select, Cancel);
    }
}
