using Tessera.Platform.Changes;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Fields;
using Tessera.Platform.Views;

namespace Tessera.Platform.Sessions;

internal sealed partial class Conversation
{
    /// <summary>What is brought to the card with the first script, because each costs.</summary>
    private IReadOnlyList<FieldOrder> _withFirst = [];

    /// <summary>
    /// Brings the card into line before the application begins: what must be, at once or with the first script; what
    /// may be is offered where asking costs nothing, and else brought where its holder has chosen it before.
    /// </summary>
    private async Task BringAsync(CancellationToken cancel)
    {
        await fields.RefreshAsync(cancel);
        List<FieldOrder> reads = [.. fields.Reads(facts.IsCostly)];
        if (facts.IsCostly && !reads.Exists(order => fields.Awaits(order.Field)))
        {
            _withFirst = [.. reads, .. Brought()];
            return;
        }

        if (reads.Count > 0)
        {
            await LeadAsync(Chain(reads, new Finished(null)), cancel);
            await fields.RefreshAsync(cancel);
        }

        await fields.AgreeAsync(cancel);
        _withFirst = [.. Brought()];
        if (facts.IsCostly) return;

        var isBehind = card.HasPurse && (_withFirst.Count == 0 || await PendingAsync(cancel) != 0);
        await LeadAsync(isBehind ? new DeliverLeaf() : new Finished(null), cancel);
        await OfferAsync(cancel);
    }

    private IEnumerable<FieldOrder> Brought() =>
        fields.Brought(facts.IsCostly).Select(one => fields.Delivery(one.State, one.Origin));

    /// <summary>A dialogue behind what belongs before it.</summary>
    private Node Begin(Node dialogue)
    {
        var reads = fields.ReadsBefore(dialogue).Where(read => _withFirst.All(one => one.Field != read.Field));
        FieldOrder[] before = [.. _withFirst, .. reads];
        _withFirst = [];
        return Chain(before, dialogue);
    }

    private static Node Chain(IReadOnlyList<FieldOrder> orders, Node dialogue) =>
        orders.Reverse().Aggregate(dialogue, (rest, order) => Node.Before(new SyncLeaf(order), rest));

    /// <summary>The holder chooses between what two cards changed, and takes or declines what is new.</summary>
    private async Task OfferAsync(CancellationToken cancel)
    {
        try
        {
            foreach (var state in fields.States.Where(state => state.Choices.Count > 0).ToList())
                await ChooseAsync(state, cancel);
            foreach (var (state, origin) in fields.Waiting(DeliveryPolicy.Optional).ToList())
                await OfferAsync(state, origin, cancel);
        }
        catch (DialogueEndedException)
        {
            // Another time.
        }
    }

    private async Task OfferAsync(FieldState state, Origin origin, CancellationToken cancel)
    {
        var field = fields.Of(state);
        var view = View.Titled(Wording.Updated).Text(Wording.Offer(field, state.Copy?.Content, origin));
        Option[] options =
        [
            new(Wording.Take, new SyncLeaf(fields.Delivery(state, origin))), new(Wording.Decline, new Finished(null)),
            new(Wording.Later, new Finished(null)),
        ];
        if (await PlaceAsync(view, options, cancel) == 1) await fields.DeclineAsync(origin.Change, cancel);
    }

    private async Task ChooseAsync(FieldState state, CancellationToken cancel)
    {
        var field = fields.Of(state);
        Option[] options =
        [
            .. state.Choices.Select(one => new Option(Wording.Choice(field, one), new Finished(null))),
            new Option(Wording.Later, new Finished(null)),
        ];
        var view = View.Titled(Wording.Conflict(field)).Text(Wording.BothChanged(field));
        var place = await PlaceAsync(view, options, cancel);
        if (place == state.Choices.Count || !await fields.ChooseAsync(state.Choices[place].Change, cancel)) return;

        await fields.RefreshAsync(cancel);
        await fields.AgreeAsync(cancel);
        var chosen = fields.Waiting(field.Policy).Where(one => one.State.Field == state.Field)
            .Select(one => fields.Delivery(one.State, one.Origin)).ToList();
        await LeadAsync(Chain(chosen, new Finished(null)), cancel);
        await fields.RefreshAsync(cancel);
    }

    private async Task<int> PlaceAsync(View view, Option[] options, CancellationToken cancel) =>
        (((int Place, object?))(await LeadAsync(new Choice(view, options), cancel))!).Place;

    /// <summary>
    /// What was to be kept behind a payment or a signature and is not: that stands, and the dialogue goes on. Null where
    /// nothing was paid or signed.
    /// </summary>
    private Node? Unkept(Node node)
    {
        if (!IsDone || node.Head is not KeepLeaf { Order.Field: var field }) return null;
        if (field.IsObject && _paid.Count > 0) _undelivered = _paid[^1];
        return Remarks.Saying(_paid.Count > 0 ? Wording.NotKept : Wording.NotNoted, node.Feed(null));
    }

    /// <summary>Takes the proof of a field; false where it is not as it was to be.</summary>
    private async Task<bool> ProveAsync(Pass pass, Planned leaf, byte ordinal, CancellationToken cancel) =>
        await fields.TakeAsync(leaf.Order!, pass.Orders[leaf.Order!].Nonce, pass.Reading!.Answer(ordinal), cancel);
}
