using Tessera.Platform.Changes;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Fields;
using Tessera.Platform.Objects;
using Tessera.Wire;

namespace Tessera.Platform.Sessions;

/// <summary>Goods of a dialogue and the place they go to.</summary>
internal sealed record PlacedGoods(Goods Goods, CardField Place, ushort Version);

/// <summary>
/// Gives all goods of a dialogue places on a card: ways of a choice share them, what comes one after the other does not.
/// </summary>
internal sealed class GoodsPlacing(
    Func<CardField, bool> carries, Func<CardField, bool> isFree, Func<CardField, FieldCopy?> find)
{
    private readonly List<PlacedGoods?> _placed = [];

    /// <summary>In the order of the dialogue; null where there is no place.</summary>
    public IReadOnlyList<PlacedGoods?> Placed => _placed;

    /// <summary>Every step of a dialogue, in order.</summary>
    public static IEnumerable<Node> Leaves(Node node) => node switch
    {
        Map map => Leaves(map.Inner),
        Both both => Leaves(both.First).Concat(Leaves(both.Second)),
        Choice choice => choice.Options.SelectMany(option => Leaves(option.Then)),
        Leaf => [node],
        _ => [],
    };

    public void Place(Node dialogue) => Place(dialogue, []);

    /// <summary>
    /// The dialogue with what was placed, signed; on a card that cannot otherwise it is brought behind the payment.
    /// </summary>
    /// <param name="signed">Of those that have a place, in their order.</param>
    public Node With(Node dialogue, IReadOnlyList<Bytes> signed, bool inOneStep, Remarks remarks)
    {
        var contents = new Queue<Bytes>(signed);
        var articles = new Queue<Article?>(_placed.Select(one => one is null || contents.Count == 0
            ? null
            : new Article(one.Place, one.Version, contents.Dequeue())));
        return With(dialogue, articles, inOneStep, remarks);
    }

    /// <returns>The places that are taken behind it.</returns>
    private HashSet<byte> Place(Node node, HashSet<byte> taken)
    {
        switch (node)
        {
            case Map map: return Place(map.Inner, taken);
            case Both both: return Place(both.Second, Place(both.First, taken));
            case Choice choice: return [.. choice.Options.SelectMany(option => Place(option.Then, [.. taken]))];
            case PayLeaf { Articles.Count: 0, Payment.Goods: var goods }:
                return goods.Aggregate(taken, (all, one) => Place(one, all));
            case GiveLeaf give: return Place(give.Goods, taken);
            default: return taken;
        }
    }

    private HashSet<byte> Place(Goods goods, HashSet<byte> taken)
    {
        var place = goods.Places.FirstOrDefault(place => carries(place) && !taken.Contains(place.Id) && isFree(place));
        _placed.Add(place is not null && find(place) is { } copy
            ? new PlacedGoods(goods, place, copy.Next)
            : null);
        return place is null ? taken : [.. taken, place.Id];
    }

    private static Node With(Node node, Queue<Article?> articles, bool inOneStep, Remarks remarks)
    {
        switch (node)
        {
            case Map map: return Node.MapTo(With(map.Inner, articles, inOneStep, remarks), map.Apply);
            case Both both:
                var first = With(both.First, articles, inOneStep, remarks);
                return Node.Then(first, With(both.Second, articles, inOneStep, remarks));
            case Choice choice:
                return choice with
                {
                    Options =
                    [
                        .. choice.Options.Select(option =>
                            option with { Then = With(option.Then, articles, inOneStep, remarks) }),
                    ],
                };
            case PayLeaf { Articles.Count: 0, Payment.Goods.Count: > 0 and var count } pay:
                var bought = Enumerable.Range(0, count).Select(_ => articles.Dequeue()).ToList();
                return bought.Contains(null) ? remarks.Ending(Wording.NoPlace, DialogueEnd.CardRefused, pay)
                    : inOneStep && Article.Octets(bought!).Length <= Cards.Purse.PurseCommands.MaxGoods
                        ? pay with { Articles = bought.ToSequence()! }
                        : Behind(pay with { Payment = pay.Payment with { Goods = [] } }, bought!);
            case GiveLeaf give:
                return articles.Dequeue() is { } gift
                    ? new KeepLeaf(Order(gift))
                    : remarks.Ending(Wording.NoPlace, DialogueEnd.CardRefused, give);
            default: return node;
        }
    }

    /// <summary>The goods after the payment; its result is that of all.</summary>
    private static Node Behind(Node pay, IEnumerable<Article> goods) => goods.Aggregate(pay, (all, one) => Node.MapTo(
        Node.Then(all, new KeepLeaf(Order(one))), results => (((object?, object?))results!).Item1));

    private static FieldOrder Order(Article one) => new(one.Place, one.Content, Delivery: null);
}
