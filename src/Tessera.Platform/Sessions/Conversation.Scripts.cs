using Tessera.Cards;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Money;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Sessions;

internal sealed partial class Conversation
{
    private const int MaxAttempts = 3;
    private const ushort Blocked = 0x6983;
    private const ushort WrongForm = 0x6A80;
    private const ushort NotInForce = 0x6985;
    private const ushort WrongS2 = 0x6988;

    private static readonly Dictionary<FieldOrder, IssuedOrder> NoOrders = [];

    private int _attempts;

    /// <summary>Sends a script for the beginning of the dialogue and feeds it what came of it.</summary>
    private async Task<Node> RunScriptAsync(Node node, CancellationToken cancel)
    {
        await TellAsync(PageState.LookAtTerminal, Wording.LookAtTerminal, cancel);
        try
        {
            await _signing.PrepareAsync(node, cancel);
            var plan = Plan(node);
            var orders = await fields.IssueAsync(plan.Orders, cancel);
            if (orders is null && node.Head is SyncLeaf) return node.Feed(null);
            if (orders is null) (plan, orders) = (Plan(node, fields: false), []);
            if (plan.Piece.Verifies) await failures.BeginAsync(cancel);
            if (plan.Alternatives.Count == 0) return await RunAsync(node, plan, orders, null, cancel);
            await fields.IssueAsync(plan.Places, cancel);

            var authorised = await AuthoriseAsync(plan, orders, cancel);
            return authorised?.Refusal switch
            {
                null when authorised is null => node,
                null => await RunAsync(node, plan, orders, authorised.Intent, cancel),
                { Reason: RefusalReason.NotEnough } when node.Head is Choice => await RunAffordableAsync(node, cancel),
                var refusal => await RefusedAsync(refusal, node, cancel),
            };
        }
        catch (ConnectionLostException) when (returned is not null)
        {
            await ReturnAsync(cancel);
            return node;
        }
    }

    /// <summary>
    /// The end of a dialogue that has nothing left but what follows a payment or a signature; null where it wants more.
    /// </summary>
    private static Node? Unshown(Node node)
    {
        while (node.Head is ShowLeaf or ScreenLeaf or PrintLeaf or KeepLeaf { Order.Field.IsObject: false })
            node = node.Feed(null);
        return node.Head is null ? node : null;
    }

    /// <summary>Some of what may be paid cannot be: the script has what can.</summary>
    private async Task<Node> RunAffordableAsync(Node node, CancellationToken cancel)
    {
        var plan = Plan(node, (await ViewAsync(cancel)).Spendable, fields: false);
        if (plan.Alternatives.Count > 0) await fields.IssueAsync(plan.Places, cancel);
        var authorised = plan.Alternatives.Count > 0 ? await AuthoriseAsync(plan, NoOrders, cancel) : null;
        if (_tidings.Any) return node;
        return authorised is { Refusal: null }
            ? await RunAsync(node, plan, NoOrders, authorised.Intent, cancel)
            : await RunAsync(node, Plan(node, moves: false, fields: false), NoOrders, null, cancel);
    }

    private ScriptPlan Plan(Node node, long most = long.MaxValue, bool moves = true, bool fields = true) =>
        ScriptPlan.For(node, new LoweringOptions(
            Rich: page is not null, card.Seat.Link.Traits.MaxScript, card.SelectsPurse, facts.Merchant,
            moves && card.HasPurse, facts.IsCostly, most)
        {
            Fields = fields,
            Lists = card.Lists,
            Verifies = _check.Method,
            Paid = _receipt,
            Signing = _signing.Terms is { } terms ? terms with { Method = _check.Method ?? PaymentMethod.Pin } : null,
            IdentifiesByVerifier = _verifier.IsUsed,
            Entry = node.Head is IdentifyLeaf ? _verifier.Entry : null,
            GreatestWithoutPin = card.GreatestWithoutPin,
        });

    private async Task<Node> RunAsync(
        Node node, ScriptPlan plan, IReadOnlyDictionary<FieldOrder, IssuedOrder> orders, Intent? intent,
        CancellationToken cancel)
    {
        if (plan.IsEmpty) return Unkept(node) ?? Remarks.Ending(Wording.TerminalCannot, DialogueEnd.TerminalRefused, node);

        var pass = new Pass(plan, intent, orders);
        _awaited = intent?.Id;
        try
        {
            var prepares = intent is null && card.HasPurse && !plan.Piece.Complete && node.MayMove && plan.HasRoomToInitialize;
            pass.Reading = await card.SendAsync(plan, orders, intent, prepares, cancel);
            if (intent is null) await card.CheckAsync(cancel);
            pass.IsThrough = await FeedAsync(pass, plan.Piece.Leaves, cancel);
            if (pass.Inputs.Count > 0) _attempts = 0;
            await _tidings.PassedAsync(pass.Inputs.Count, cancel);
            await MissAsync(pass, cancel);
            if (intent is null || pass.Settled) return Ended(pass, pass.Reading);
            await card.InitializeAsync(cancel);
        }
        catch (ConnectionLostException)
        {
            if (!pass.Settled && intent is not null) await UnknownAsync(intent, cancel);
            if (returned is null)
            {
                await MissAsync(pass, cancel);
                if (IsDone && Unshown(pass.Node) is { } done) return done;
                throw;
            }

            pass.Reading = null;
            await ReturnAsync(cancel);
            if (intent is null || pass.Settled) return pass.Node;
        }

        return await ConcludeAsync(pass, cancel);
    }

    /// <summary>Feeds the results of the leaves in the order in which they were done.</summary>
    /// <returns>Whether all that were to be done are.</returns>
    private async Task<bool> FeedAsync(Pass pass, IReadOnlyList<Planned> leaves, CancellationToken cancel)
    {
        foreach (var leaf in leaves)
        {
            var ordinal = pass.OrdinalOf(leaf);
            if (pass.Node.Head is PrintLeaf && pass.Reading!.Tried(ordinal))
            {
                pass.Feed(pass.Reading.Did(ordinal));
                continue;
            }

            if (!pass.Reading!.Did(ordinal)) return false;
            switch (pass.Node.Head)
            {
                case Choice choice when pass.Reading.Chosen(ordinal) is { } place && place < choice.Options.Count:
                    _answers++;
                    pass.Feed(place);
                    if (leaf.Branches is { } ways && !await FeedAsync(pass, ways[place], cancel)) return false;
                    break;
                case Choice:
                    return false;
                case TextLeaf text:
                    _answers++;
                    pass.Feed(Typed(text, pass.Reading.Text(ordinal) ?? ""));
                    break;
                case AmountLeaf amount:
                    _answers++;
                    pass.Take(Remarks.Feed(amount, pass.Reading.Text(ordinal) ?? "", pass.Node));
                    break;
                case SecondCardLeaf second:
                    pass.Feed(pass.Reading.SecondCard(ordinal, second.Commands.Count));
                    break;
                case IdentifyLeaf when _verifier.IsUsed:
                    if (!await _verifier.JudgeAsync(pass.Reading.Entry(ordinal), cancel)) return false;
                    pass.Feed(null);
                    await failures.SucceedAsync(cancel);
                    break;
                case PayLeaf or DeliverLeaf or IdentifyLeaf:
                    if (await SettleAsync(pass, leaf, ordinal, cancel) is not { } settlement) return false;
                    if (Verified(pass.Node.Head)) await failures.SucceedAsync(cancel);
                    await SoldAsync(pass.Node.Head, cancel);
                    pass.Feed(Result(pass, settlement));
                    break;
                case SignLeaf sign:
                    if (await _signing.TakeAsync(sign, pass, ordinal, cancel) is not { } signed) return false;
                    _signed = true;
                    pass.Feed(signed);
                    await failures.SucceedAsync(cancel);
                    break;
                case SyncLeaf:
                    await ProveAsync(pass, leaf, ordinal, cancel);
                    pass.Feed(null);
                    break;
                case KeepLeaf:
                    if (!await ProveAsync(pass, leaf, ordinal, cancel)) return false;
                    pass.Feed(null);
                    break;
                default:
                    pass.Feed(null);
                    break;
            }
        }

        return true;
    }

    /// <summary>The terminal saw to the length; what else the script did was done with it.</summary>
    private static string Typed(TextLeaf asked, string text) => text.Length >= asked.Least && text.Length <= asked.Most
        ? text
        : throw new WireFormatException("text", 0, $"of {text.Length} characters where {asked.Least} to {asked.Most} belong");

    private Node Ended(Pass pass, ScriptReading reading) => pass.IsThrough
        ? pass.Node
        : (reading.Stop == StopReason.Interrupted ? null : Unkept(pass.Node)) ?? Stopped(pass.Node, reading);

    /// <summary>What to do about a script that stopped before its end; the leaf it stopped in is the head.</summary>
    private Node Stopped(Node node, ScriptReading reading)
    {
        _failed |= node.Head is SignLeaf or PayLeaf or IdentifyLeaf;
        return Next(node, reading);
    }

    private Node Next(Node node, ScriptReading reading) => (node.Head, reading.Stop) switch
    {
        (PrintLeaf, _) => node.Feed(false),
        (SecondCardLeaf, StopReason.NotCapable) => node.Feed(null),
        (ShowLeaf or ScreenLeaf, _) when IsDone => node.Feed(null),
        (PayLeaf or IdentifyLeaf or SignLeaf, { } why) when reading.StoppedAtFinger &&
            _check.Unrecognised(Remarks, node, why, reading.LastStatus) is { } next => next,
        (_, StopReason.EndedByHolder) => throw new DialogueEndedException(DialogueEnd.Cancelled),
        (_, StopReason.NoAnswerFromHolder) => throw new DialogueEndedException(DialogueEnd.TimedOut),
        _ when reading.IsOver => throw new ConnectionLostException("The insertion of the card is over."),
        (_, StopReason.NoSuchList) => node,
        (SyncLeaf, _) => node.Feed(null),
        (IdentifyLeaf, null) when _verifier.IsUsed => _verifier.Refused(Remarks, node),
        (IdentifyLeaf, StopReason.NotCapable or StopReason.NotAllowed) when _verifier.IsUsed =>
            _verifier.Impossible(Remarks, node),
        (SignLeaf, { } why) when _signing.Failed(Remarks, node, why, reading.LastStatus) is { } next => next,
        (SignLeaf, null) => _signing.Refused(Remarks, node),
        (PayLeaf or IdentifyLeaf or KeepLeaf, null) =>
            Remarks.Ending(Wording.CardDidNot, DialogueEnd.CardRefused, node),
        (DeliverLeaf, _) => Remarks.Saying(Wording.DeliveredLater, node.Feed(null)),
        (_, StopReason.UnexpectedStatus) => Refused(node, reading.LastStatus),
        (_, StopReason.Interrupted) when ++_attempts < MaxAttempts => node,
        _ => Unkept(node) ?? Remarks.Ending(Wording.TerminalCannot, DialogueEnd.TerminalRefused, node),
    };

    /// <summary>What to do about a status the card stopped the script with.</summary>
    private Node Refused(Node node, StatusWord status) => (node.Head, status) switch
    {
        (UnblockPinLeaf, { TriesLeft: > 0 and var tries }) => Remarks.Saying(Wording.WrongPuk(tries), node),
        (UnblockPinLeaf, { TriesLeft: 0 } or { Value: Blocked }) =>
            Remarks.Ending(Wording.PukBlocked, DialogueEnd.PinBlocked, node),
        (PayLeaf or IdentifyLeaf or ChangePinLeaf, { TriesLeft: > 0 and var tries }) =>
            Remarks.Saying(Wording.WrongPin(tries), node),
        (PayLeaf or IdentifyLeaf or ChangePinLeaf, { TriesLeft: 0 } or { Value: Blocked }) =>
            Remarks.PinBlocked(node),
        (SignLeaf, { TriesLeft: 0 } or { Value: Blocked }) => card.HasPurse
            ? Remarks.PinBlocked(node)
            : Remarks.Ending(Wording.PinBlocked, DialogueEnd.PinBlocked, node),
        (ChangePinLeaf or UnblockPinLeaf, { Value: WrongForm }) => Remarks.Saying(Wording.PinForm, node),
        (PayLeaf or IdentifyLeaf, { Value: NotInForce or WrongS2 }) when ++_attempts < MaxAttempts => node,
        _ => Remarks.Ending(Wording.CardDidNot, DialogueEnd.CardRefused, node),
    };

    /// <summary>Waits for the card and finds out where it stands, as often as it takes.</summary>
    private async Task ReturnAsync(CancellationToken cancel)
    {
        var text = Wording.InsertCard;
        while (true)
        {
            await TellAsync(PageState.InsertCard, text, cancel);
            var seat = await returned!(cancel);
            try
            {
                await card.ReturnAsync(seat, cancel);
                return;
            }
            catch (ConnectionLostException)
            {
                text = Wording.InsertCard;
            }
            catch (OtherCardException)
            {
                text = Wording.OtherCard;
            }
        }
    }
}
