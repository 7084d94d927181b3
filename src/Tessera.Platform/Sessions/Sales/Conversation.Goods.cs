using Tessera.Cards.Store;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Fields;
using Tessera.Platform.Money;
using Tessera.Platform.Objects;
using Tessera.Platform.Views;
using Tessera.Wire;

namespace Tessera.Platform.Sessions;

internal sealed partial class Conversation
{
    /// <summary>Where the value of coupons comes from.</summary>
    private const string Coupons = "coupons";

    /// <summary>A payment whose goods did not come to the card behind it.</summary>
    private IntentId? _undelivered;

    /// <summary>
    /// A dialogue whose goods are signed and have their places. What lies in these places is read before, where it is not
    /// known, and what is over makes room.
    /// </summary>
    private async Task<Node> StockAsync(Node dialogue, CancellationToken cancel)
    {
        if (!GoodsPlacing.Leaves(dialogue).Any(leaf => leaf is GiveLeaf or RedeemLeaf or PayLeaf { Payment.Goods.Count: > 0 }))
            return dialogue;

        var answers = _answers;
        await LeadIfAnyAsync([.. goods.Unknown(dialogue).Select(place => new FieldOrder(place, null, null))], cancel);
        await LeadIfAnyAsync(await goods.OverdueAsync(dialogue, cancel), cancel);
        _answers = answers;
        return await goods.SignAsync(dialogue, Remarks, cancel);
    }

    private async Task LeadIfAnyAsync(IReadOnlyList<FieldOrder> orders, CancellationToken cancel)
    {
        if (orders.Count == 0) return;
        await LeadAsync(Chain(orders, new Finished(null)), cancel);
        await fields.RefreshAsync(cancel);
    }

    /// <summary>The receipt of a payment says that its goods are there: nothing else has to.</summary>
    private async Task SoldAsync(Node? head, CancellationToken cancel)
    {
        if (head is not PayLeaf { Articles: { Count: > 0 } articles }) return;
        foreach (var one in articles) await fields.SoldAsync(one, cancel);
        await fields.RefreshAsync(cancel);
    }

    /// <summary>Has the card give up a coupon under our mark; one that it gave up before is credited at once.</summary>
    private async Task<Node> RedeemAsync(RedeemLeaf leaf, Node node, CancellationToken cancel)
    {
        if (!card.HasPurse) return Remarks.Ending(Wording.NoPurse, DialogueEnd.CardRefused, node);
        if (await CreditAsync(leaf.Places, cancel) is { } late) return Credited(node, late);
        if (await goods.RedeemAsync(leaf.Places, cancel) is not var (place, redemption)) return node.Feed(null);
        var view = await ViewAsync(cancel);
        if (view.Account + ValueOf(redemption).MinorUnits > view.Copy?.Registration.GreatestBalance)
            return Remarks.Ending(Wording.LoadTooMuch, DialogueEnd.NotFunded, node);

        var removed = new RemovedObject(redemption.Number, redemption.Mark);
        return Node.Before(
            new KeepLeaf(new FieldOrder(place, Bytes.Of(removed), Delivery: null)),
            new Instead(new CreditLeaf(leaf.Places), node));
    }

    private async Task<Node> CreditAsync(CreditLeaf leaf, Node node, CancellationToken cancel)
    {
        await fields.RefreshAsync(cancel);
        return await CreditAsync(leaf.Places, cancel) is { } value ? Credited(node, value) : node.Feed(null);
    }

    private static Node Credited(Node node, Amount value) => Node.Before(new DeliverLeaf(), node.Feed(value));

    /// <summary>
    /// The value of each coupon that the card proves to have given up to us goes to the account, under its number; null where
    /// all did before.
    /// </summary>
    private async Task<Amount?> CreditAsync(Sequence<CardField> places, CancellationToken cancel)
    {
        Amount? credited = null;
        foreach (var redemption in await goods.RedeemedAsync(places, cancel))
        {
            var value = ValueOf(redemption);
            var booked = await journal.EffectAsync("credit", (_, token) => treasury.FundAsync(
                card.Registration.Holder, value.MinorUnits, Coupons, $"{redemption.Number}", token), cancel);
            if (booked.IsNew) credited = new Amount((credited?.MinorUnits ?? 0) + value.MinorUnits);
        }

        return credited;
    }

    private static Amount ValueOf(Redemption redemption) => Goods.ValueOf(redemption.Object.Read<SignedObject>())!.Value;
}
