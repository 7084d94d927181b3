using Tessera.Cards.Store;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Fields;
using Tessera.Platform.Objects;
using Tessera.Wire;

namespace Tessera.Platform.Sessions;

/// <summary>Signed objects of a session: where there is room for them on the card, and what they are once signed.</summary>
/// <param name="issuer">Null on a server that signs none.</param>
internal sealed class GoodsSide(Journal journal, FieldSide fields, CardSide card, ObjectIssuer? issuer)
{
    private static readonly Bytes NoMark = new(new byte[RemovedObject.MarkLength]);

    /// <summary>Places that a dialogue may need and of which it is not known for certain what lies there.</summary>
    public IEnumerable<CardField> Unknown(Node dialogue) => Places(dialogue).Distinct()
        .Where(place => fields.Carries(place) && fields.Certain(place) is null);

    /// <summary>
    /// What takes objects away whose time is over, where all places are full that a dialogue needs one of.
    /// </summary>
    public async Task<IReadOnlyList<FieldOrder>> OverdueAsync(Node dialogue, CancellationToken cancel)
    {
        List<CardField> full = [.. Wanted(dialogue).Select(goods => goods.Places).Distinct()
            .Where(places => places.All(place => fields.Carries(place) && !IsFree(place))).SelectMany(places => places)];
        if (issuer is null || full.Count == 0) return [];
        var over = await journal.EffectAsync("overdue", (_, _) => Task.FromResult<byte[]>(
        [
            .. full.Where(place => ObjectIn(place) is { } one && issuer.IsOver(one)).Select(place => place.Id),
        ]), cancel);
        return [.. full.Where(place => over.Contains(place.Id)).Select(place =>
            new FieldOrder(place, Bytes.Of(new RemovedObject(ObjectIn(place)!.Number, NoMark)), Delivery: null))];
    }

    /// <summary>
    /// The dialogue with its goods signed, each with the place it goes to; what finds no place ends it before it is paid.
    /// </summary>
    public async Task<Node> SignAsync(Node dialogue, Remarks remarks, CancellationToken cancel)
    {
        var placing = new GoodsPlacing(fields.Carries, IsFree, fields.Certain);
        placing.Place(dialogue);
        var placed = placing.Placed.OfType<PlacedGoods>().ToList();
        if (placed.Count == 0 || issuer is null) return placing.With(dialogue, [], card.BringsGoods, remarks);

        var signed = await journal.EffectAsync("goods", (_, token) =>
            issuer.IssueAsync(card.Card, [.. placed.Select(one => one.Goods)], token), cancel);
        return placing.With(dialogue, signed, card.BringsGoods, remarks);
    }

    /// <summary>The first coupon that is good, on record with the mark its removal leaves; null where there is none.</summary>
    public async Task<(CardField Place, Redemption Redemption)?> RedeemAsync(
        Sequence<CardField> places, CancellationToken cancel)
    {
        foreach (var place in places)
        {
            if (issuer is null || ObjectIn(place) is not { } coupon || Goods.ValueOf(coupon) is null) continue;
            var redemption = await journal.EffectAsync(
                "redeem", (_, token) => issuer.RedeemAsync(card.Card, coupon, token), cancel);
            if (redemption is not null) return (place, redemption);
        }

        return null;
    }

    /// <summary>Coupons that the card gave up to us, each proven by its mark.</summary>
    public async Task<IReadOnlyList<Redemption>> RedeemedAsync(Sequence<CardField> places, CancellationToken cancel)
    {
        List<Redemption> redeemed = [];
        foreach (var place in places)
        {
            if (issuer is null || fields.Certain(place) is not { } copy) continue;
            if (StoredObject.Removed(copy.Content) is not { } removed) continue;
            var found = await journal.EffectAsync(
                "redeemed", (_, token) => issuer.FindAsync(card.Card, removed, token), cancel);
            if (found is not null) redeemed.Add(found);
        }

        return redeemed;
    }

    private SignedObject? ObjectIn(CardField place) =>
        fields.Certain(place) is { } copy ? StoredObject.Of(copy.Content) : null;

    private bool IsFree(CardField place) =>
        fields.Certain(place) is { IsWornOut: false } copy && StoredObject.Of(copy.Content) is null;

    private static IEnumerable<CardField> Places(Node node) =>
        Wanted(node).SelectMany(goods => goods.Places).Concat(GoodsPlacing.Leaves(node).OfType<RedeemLeaf>()
            .SelectMany(redeem => redeem.Places));

    private static IEnumerable<Goods> Wanted(Node node) => GoodsPlacing.Leaves(node).SelectMany(leaf => leaf switch
    {
        PayLeaf pay when pay.Articles.Count == 0 => pay.Payment.Goods,
        GiveLeaf give => [give.Goods],
        _ => [],
    });
}
