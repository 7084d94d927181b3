using Tessera.Cards.Purse;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Money;
using Tessera.Platform.Views;
using Tessera.Toolkit.Scripts;

namespace Tessera.Platform.Sessions;

internal sealed partial class Conversation
{
    private const int HistoryLines = 20;

    private IntentId? _awaited;

    /// <summary>Takes what the holder has not been told about an earlier movement.</summary>
    public void Settled(Settlement settlement)
    {
        if (settlement.Intent != _awaited) _tidings.Take(settlement);
    }

    /// <summary>
    /// Asks the treasury for what the plan wants to move, on an S1 that is in force; null where something has to be
    /// said before.
    /// </summary>
    private async Task<Authorisation?> AuthoriseAsync(
        ScriptPlan plan, IReadOnlyDictionary<FieldOrder, IssuedOrder> orders, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var contact = await card.ContactAsync(cancel);
            if (_tidings.Any) return null;
            var authorised = await journal.EffectAsync($"authorise {plan.Asked}", (_, token) => treasury.AuthoriseAsync(
                contact, plan.Alternatives, facts.Session,
                moves => plan.Encode(card.Seat.At.Number, card.Seat.NextNumber, moves, orders), token), cancel);
            if (authorised.Refusal is not
                {
                    Reason: RefusalReason.OpenIntent or RefusalReason.Stale or RefusalReason.CardStolen
                    or RefusalReason.CardDisabled
                }
                || attempt == MaxAttempts)
                return authorised;
            await card.InitializeAsync(cancel);
        }
    }

    private async Task<Node> RefusedAsync(Refusal refusal, Node node, CancellationToken cancel)
    {
        if (node.Head is DeliverLeaf) return Remarks.Saying(Wording.DeliveredLater, node.Feed(null));
        if (refusal.Reason == RefusalReason.NotEnough)
            return Remarks.Ending(Wording.NotEnough((await ViewAsync(cancel)).Spendable), DialogueEnd.NotEnough, node);

        var flags = (await card.ContactAsync(cancel)).S1.Flags;
        if (flags.HasFlag(PurseCondition.PukBlocked)) return Remarks.Ending(Wording.PukBlocked, DialogueEnd.PinBlocked, node);
        return flags.HasFlag(PurseCondition.PinBlocked)
            ? Remarks.PinBlocked(node)
            : Remarks.Ending(Wording.CardDidNot, DialogueEnd.CardRefused, node);
    }

    /// <summary>Books the card's receipt; null where it proves nothing.</summary>
    private async Task<Settlement?> SettleAsync(Pass pass, Planned leaf, byte ordinal, CancellationToken cancel)
    {
        var (intent, reading) = (pass.Intent!, pass.Reading!);
        var alternative = pass.Plan.IndexOf(leaf.Alternatives![0]);
        var receipt = reading.Answer(ordinal).Data.Read<PurseReceipt>();
        var amount = intent.AmountOf(intent.Moves[alternative], receipt);
        var settlement = await journal.EffectAsync("settle", (_, token) => treasury.SettleAsync(
            intent.Id, alternative, amount, reading.Digest(ordinal), receipt, token), cancel);
        pass.Settled = settlement.State == IntentState.Done;
        return pass.Settled ? settlement : null;
    }

    /// <summary>Goes on after a fresh S1 has said what became of the movement of a script.</summary>
    private async Task<Node> ConcludeAsync(Pass pass, CancellationToken cancel)
    {
        var intent = pass.Intent!.Id;
        var outcome = await journal.EffectAsync("outcome", (_, token) => treasury.OutcomeAsync(intent, token), cancel);
        switch (outcome)
        {
            case { State: IntentState.Done, Move: { } move } when pass.TryFeedUpTo(move.Alternative):
                if (outcome.Late) await FulfilAsync(intent, cancel);
                if (Verified(pass.Node.Head)) await failures.SucceedAsync(cancel);
                await SoldAsync(pass.Node.Head, cancel);
                pass.Feed(Result(pass, outcome));
                return await _tidings.InAsync(intent, () => pass.Node, cancel);

            // Nobody lost anything: it is asked again.
            case { State: IntentState.Done, Move.Kind: not MoveKind.Debit }:
                return pass.Node;
            case { State: IntentState.NotDone } when pass.Reading is { } reading:
                return await _tidings.InAsync(intent, () => Ended(pass, reading), cancel);
            case { State: IntentState.NotDone }:
                _tidings.Take(outcome);
                return pass.Node;
            default:
                var text = Wording.Of(outcome) ?? Wording.CardDidNot;
                return await _tidings.InAsync(
                    intent, () => Remarks.Ending(text, DialogueEnd.Unclear, pass.Node), cancel);
        }
    }

    /// <summary>What was paid last was not shown: the holder is told when the card is there again.</summary>
    private async Task MissAsync(Pass pass, CancellationToken cancel)
    {
        if (_paid.Count > 0 && pass is { IsThrough: false, Node.Head: ShowLeaf or ScreenLeaf or PrintLeaf } &&
            pass.Reading?.Stop is not (StopReason.EndedByHolder or StopReason.NoAnswerFromHolder))
            await _tidings.MissedAsync(_paid[^1], cancel);
    }

    /// <summary>The result of the movement that is the head, done.</summary>
    private Receipt? Result(Pass pass, Settlement settlement)
    {
        if (pass.Node.Head is not PayLeaf { Payment: var payment }) return null;
        _paid.Add(settlement.Intent);
        return _receipt = new Receipt(
            settlement.Card, pass.Intent!.Number, new Amount(settlement.Amount), payment.Item,
            payment.Merchant ?? facts.Merchant, pass.Plan.MethodOf(payment), settlement.Account, settlement.Time);
    }

    /// <summary>What was paid in a dialogue that has no result is owed.</summary>
    private async Task OweAsync(CancellationToken cancel)
    {
        foreach (var intent in _paid)
            await journal.EffectAsync("owe", (_, token) => treasury.OweAsync(intent, token), cancel);
    }

    /// <summary>What was paid and did not come to the card behind it is owed.</summary>
    private async Task OweUndeliveredAsync(CancellationToken cancel)
    {
        if (_undelivered is { } intent)
            await journal.EffectAsync("owe", (_, token) => treasury.OweAsync(intent, token), cancel);
        _undelivered = null;
    }

    /// <summary>Credits the account; writing it to the card follows.</summary>
    private async Task<Node> FundAsync(LoadLeaf load, Node node, CancellationToken cancel)
    {
        var booked = await journal.EffectAsync("fund", (key, token) => treasury.FundAsync(
            card.Registration.Holder, load.Amount.MinorUnits, facts.FundingSource, key, token), cancel);
        if (booked.Refusal is not null) return Remarks.Ending(Wording.LoadTooMuch, DialogueEnd.NotFunded, node);

        return Node.Before(new DeliverLeaf(), node.Feed(null));
    }

    private async Task<long> PendingAsync(CancellationToken cancel) => (await ViewAsync(cancel)).Copy?.Pending ?? 0;

    /// <summary>The money as it stands, on record; a card without a purse is told nothing of it.</summary>
    public Task<PurseView> ViewAsync(CancellationToken cancel) => journal.EffectAsync("purse", async (_, token) =>
        (card.HasPurse
            ? await treasury.ViewAsync(card.Registration.Holder, card.Card, long.MaxValue, HistoryLines, token)
            : null) ?? new PurseView(card.Registration.Holder, 0, 0, 0, 0, null, []), cancel);

    private Task<Refusal?> FulfilAsync(IntentId intent, CancellationToken cancel) =>
        journal.EffectAsync("fulfil", (_, token) => treasury.FulfilAsync(intent, token), cancel);

    private Task<bool> UnknownAsync(Intent intent, CancellationToken cancel) => journal.EffectAsync("unknown", async (_, token) =>
    {
        await treasury.UnknownAsync(intent.Id, token);
        return true;
    }, cancel);
}
