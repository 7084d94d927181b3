using System.Runtime.InteropServices;
using Tessera.Cards.Purse;
using Tessera.Platform.Money;
using Tessera.Platform.Signing;
using Tessera.Platform.Views;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Dialogues;

/// <summary>What a terminal and its link allow a script to be.</summary>
/// <param name="Rich">The application's page shows and asks; scripts hold only what the card does.</param>
/// <param name="MaxScript">Octets of the longest script the link carries.</param>
/// <param name="SelectsPurse">The script selects the purse first; on a SIM it is selected from the start.</param>
/// <param name="Merchant">Who is paid where a payment does not say.</param>
/// <param name="Moves">Movements are allowed; without, the script ends before the first.</param>
/// <param name="Costly">A round trip costs so much that a script does what it can of each way and leaves the rest.</param>
/// <param name="Most">Most that a payment may take; those above wait for the next script, which says why not.</param>
internal sealed record LoweringOptions(
    bool Rich, int MaxScript, bool SelectsPurse, string Merchant, bool Moves = true, bool Costly = false,
    long Most = long.MaxValue)
{
    /// <summary>Fields may be written; without, the script ends before the first.</summary>
    public bool Fields { get; init; } = true;

    /// <summary>
    /// What the card keeps of lists. A script holds as much as if it told them all: so the same lists come again.
    /// </summary>
    public KeptLists Lists { get; init; } = KeptLists.None;

    /// <summary>
    /// By what the holder is verified: PIN or finger, the same in all of the script; null where they cannot be, so that it
    /// ends before the first step that needs it.
    /// </summary>
    public PaymentMethod? Verifies { get; init; } = PaymentMethod.Pin;

    /// <summary>The holder is identified by a verifier, not by the card.</summary>
    public bool IdentifiesByVerifier { get; init; }

    /// <summary>What the terminal asks of the holder for the verifier; null where the script has to end before that.</summary>
    public SealedStep? Entry { get; init; }

    /// <summary>What a signature is made for; null where the card signs nothing, so that the script ends before it.</summary>
    public SigningTerms? Signing { get; init; }

    /// <summary>The greatest payment that the card takes without PIN, minor units.</summary>
    public uint GreatestWithoutPin { get; init; } = uint.MaxValue;

    /// <summary>A key press confirms it: the application and the card want no PIN and no finger.</summary>
    public bool IsFree(Payment payment) => payment.WithoutPin && payment.Amount.MinorUnits <= GreatestWithoutPin;

    /// <summary>What is selected on the card where the script selects nothing.</summary>
    public Applet Selected { get; init; } = Applet.Purse;

    /// <summary>What an earlier script paid, for a print that finds no payment in its own; null where none did.</summary>
    public Receipt? Paid { get; init; }
}

/// <summary>
/// Turns the beginning of a dialogue into the steps of one script, as much of it as the script may hold.
/// </summary>
/// <remarks>
/// One path holds at most one movement, because an S2 dies with the next. A choice whose branches do not all fit ends
/// the script after it, but where round trips are costly each branch goes as far as there is room, the first one first.
/// Where every branch begins with a payment, PIN and MOVE stand once after the list, and the choice picks amount and S2;
/// where only the first ones do, a costly script stops by itself for the others, which find no operand.
/// </remarks>
/// <param name="authorise">The move that stands for an alternative.</param>
/// <param name="issue">What carries out an order.</param>
internal sealed class Lowering(
    LoweringOptions options, Func<Alternative, AuthorisedMove> authorise, Func<FieldOrder, IssuedOrder> issue)
{
    /// <summary>C0, and the length of the longest script in one octet behind 81.</summary>
    private const int Head = 6;

    private const int MaxShort = 258;

    /// <summary>E2 00.</summary>
    private const int EmptyWay = 2;

    /// <summary>Tag and length of AA, E1 or E2, at most.</summary>
    private int Wrapper => options.MaxScript <= MaxShort ? 3 : 4;

    public Piece Lower(Node node)
    {
        var start = new Place(options.MaxScript - Wrapper - Head, CommandScript.MaxSteps, Depth: 0, Moved: false, Chosen: null,
            Paid: false, options.Selected, Written: "");
        var piece = Lower(node, start);
        if (!options.SelectsPurse || !piece.UsesCard) return piece;

        var select = Piece.Of(CardSteps.SelectPurse);
        return select.With(Lower(node, start.After(select)));
    }

    private Piece Lower(Node node, Place at) => node switch
    {
        Finished => Piece.Nothing,
        Map map => Lower(map.Inner, at),
        Both both => Lower(both, at),
        ChangePinLeaf => Purse(at, Piece.OfLeaf([.. CardSteps.ChangePin()])),
        PrintLeaf print => Print(print, at),
        SecondCardLeaf second => Telling(at, [.. CardSteps.SecondCard(second.Commands)]),
        KeepLeaf keep => Store(keep.Order, strict: true, at),
        SyncLeaf sync => Store(sync.Order, strict: false, at),

        // Only a fresh S1 says that the PIN is no longer blocked.
        UnblockPinLeaf => Purse(at, Piece.OfLeaf([.. CardSteps.UnblockPin()])) with { Complete = false },
        PayLeaf pay => Pay(pay, at),
        DeliverLeaf => Deliver(at),
        SignLeaf sign => Sign(sign.Document, at),

        // What follows is for the holder only, so it waits until the receipt is booked.
        IdentifyLeaf identify => Identify(identify.Why, at) with { Complete = false },
        Choice choice when !options.Rich => Choose(choice, at),
        ScreenLeaf screen when !options.Rich => Fitting(at, Piece.OfLeaf(CardSteps.Show(screen.Text))),
        TextLeaf text when !options.Rich => Telling(at, CardSteps.Ask(text.View.Title, text.Least, text.Most)),

        // The server looks at a typed amount before anything follows.
        AmountLeaf amount when !options.Rich =>
            Telling(at, CardSteps.Ask(amount.View.Title, 1, Amount.MaxText)) with { Complete = false },
        _ => Piece.Stop,
    };

    private Piece Lower(Both both, Place at)
    {
        var first = Lower(both.First, at);
        return first.Complete ? first.With(Lower(both.Second, at.After(first))) : first;
    }

    private Piece Pay(PayLeaf pay, Place at)
    {
        var payment = pay.Payment;
        if (at.Moved || !MayPay(payment)) return Piece.Stop;
        var alternative = CardSteps.Alternative(pay, options.Merchant, options.IsFree(payment));
        return Move(
            at, [alternative],
            [.. Shown(payment.Item, at), .. Confirmed(payment), .. CardSteps.Move(authorise(alternative))]);
    }

    private Piece Identify(string why, Place at)
    {
        if (options.IdentifiesByVerifier)
            return options.Entry is { } entry ? Fitting(at, Piece.OfLeaf([.. Shown(why, at), entry])) : Piece.Stop;
        if (at.Moved || !options.Moves || options.Verifies is not { } method) return Piece.Stop;
        var alternative = CardSteps.Identification;
        return Move(
            at, [alternative],
            [.. Shown(why, at), .. CardSteps.Verify(method), .. CardSteps.Move(authorise(alternative))]);
    }

    /// <summary>What the terminal shows with the PIN has to be on its display before, if only as an item taken.</summary>
    private static ScriptStep[] Shown(string item, Place at) =>
        string.Equals(at.Chosen, item, StringComparison.Ordinal) ? [] : [CardSteps.Announce(item)];

    private bool MayPay(Payment payment) => options.Moves && payment.Amount.MinorUnits <= options.Most &&
        (options.IsFree(payment) || options.Verifies is not null);

    private Piece Deliver(Place at)
    {
        if (at.Moved || !options.Moves) return Piece.Stop;
        var alternative = CardSteps.Delivery;
        return Move(at, [alternative], [.. CardSteps.Move(authorise(alternative))]);
    }

    /// <summary>What is shown is shown by the terminal itself, beside a page too: that is what the card signs.</summary>
    private Piece Sign(View document, Place at) => options.Signing is { } terms
        ? Fitting(at, Piece.OfLeaf([.. SignatureSteps.Of(terms, document)]) with { Selected = Applet.Piv })
        : Piece.Stop;

    /// <summary>The terminal itself prints what it paid, where it does so in this script.</summary>
    private Piece Print(PrintLeaf print, Place at)
    {
        var text = print.WithPayment && !at.Paid && options.Paid is { } receipt
            ? Paper.Text(receipt, print.Text)
            : print.Text;
        var withPayment = print.WithPayment && at.Paid;
        return text.Length == 0 && !withPayment
            ? Piece.Stop
            : Fitting(at, Piece.OfLeaf(PrintStep.Of(text, withPayment)));
    }

    private IEnumerable<ScriptStep> Confirmed(Payment payment) =>
        options.IsFree(payment) ? [] : CardSteps.Verify(options.Verifies!.Value);

    /// <summary>Each field once: what its second WRITE stands on is known when the first is proven.</summary>
    private Piece Store(FieldOrder order, bool strict, Place at)
    {
        if (!options.Fields || at.Written.Contains((char)order.Field.Id, StringComparison.Ordinal)) return Piece.Stop;
        ScriptStep[] select = at.Selected == Applet.Store ? [] : [CardSteps.SelectStore];
        ScriptStep[] steps = [.. select, .. CardSteps.Carry(order, issue(order), strict)];
        return Fitting(at, Piece.Of(steps) with
        {
            Leaves = [new Planned(steps[^1], Order: order)],
            Selected = Applet.Store,
        });
    }

    /// <summary>Steps for the purse, which is selected again where something else was.</summary>
    private static Piece Purse(Place at, Piece piece) => Fitting(
        at,
        at.Selected == Applet.Purse
            ? piece
            : Piece.Of(CardSteps.SelectPurse).With(piece) with { Selected = Applet.Purse });

    private static Piece Telling(Place at, params ScriptStep[] steps) =>
        Fitting(at, Piece.Of(steps) with { Leaves = [new Planned(steps[^1], IsTelling: true)] });

    private static Piece Move(Place at, Alternative[] alternatives, ScriptStep[] steps) =>
        Purse(at, Piece.Of(steps) with
        {
            Leaves = [new Planned(steps[^1], Alternatives: alternatives)],
            Moved = true,
            Paid = alternatives[0].Kind == MoveKind.Debit,
        });

    private static Piece Fitting(Place at, Piece piece) => at.Holds(piece) ? piece : Piece.Stop;

    private Piece Choose(Choice choice, Place at)
    {
        var list = Telling(at, CardSteps.Choose(choice.View.Title, [.. choice.Options.Select(option => option.Label)]));
        if (!list.Complete) return list;

        var after = at.After(list);
        var ways = Hoisted(choice, after, cut: false) ?? Branched(choice, after, cut: false);
        if (options.Costly) ways ??= Hoisted(choice, after, cut: true) ?? Branched(choice, after, cut: true);
        return ways is null
            ? list with { Complete = false }
            : list.With(ways) with { Leaves = [list.Leaves[0] with { Branches = ways.Branches }] };
    }

    private Ways? Branched(Choice choice, Place at, bool cut) =>
        Branched([.. choice.Options.Select(option => option.Then)], choice.Options, at, cut);

    /// <summary>All ways in the branches of an E1; null where one of them does not fit and none may be cut.</summary>
    private Ways? Branched(IReadOnlyList<Node> ways, IReadOnlyList<Option>? options, Place at, bool cut)
    {
        if (at.Depth == CommandScript.MaxDepth) return null;
        var pieces = new List<Piece>();
        var inner = at with { Depth = at.Depth + 1, Steps = at.Steps - 1, Octets = at.Octets - Wrapper };
        for (var i = 0; i < ways.Count; i++)
        {
            var room = inner with { Chosen = options?[i].Label ?? at.Chosen, Octets = inner.Octets - Wrapper };
            var piece = Lower(ways[i], room);
            if (!piece.Complete && !cut) return null;
            pieces.Add(piece);
            var octets = piece.Steps.Count == 0 ? EmptyWay : piece.Octets + Wrapper;
            inner = inner.After(piece) with
            {
                Moved = at.Moved,
                Paid = at.Paid,
                Octets = inner.Octets - octets,
                Selected = at.Selected,
                Written = at.Written,
            };
        }

        var filled = pieces.FindLastIndex(piece => piece.Steps.Count > 0) + 1;
        var branches = new BranchStep(pieces.Take(filled).Select(piece => piece.Steps).ToSequence());
        var whole = filled == 0 ? Piece.Nothing : Piece.Of(branches);
        return at.Holds(whole)
            ? new Ways(
                whole with
                {
                    Moved = pieces.Exists(one => one.Moved),
                    Paid = pieces.Exists(one => one.Paid),
                    Complete = pieces.TrueForAll(one => one.Complete),
                    Selected = pieces.TrueForAll(one => one.Selected is null) ? null : Applet.Either,
                },
                [.. pieces.Select(piece => piece.Leaves)])
            : null;
    }

    /// <summary>
    /// VERIFY and MOVE once for all ways, where each begins with a payment under equal terms; null where not.
    /// </summary>
    /// <param name="cut">Some of the ways may do otherwise: the script ends for them after the list.</param>
    private Ways? Hoisted(Choice choice, Place at, bool cut)
    {
        if (at.Moved || choice.Options.Count < 2) return null;
        var payments = choice.Options.Select(option => option.Then.Head as PayLeaf).ToArray();
        var paid = payments.TakeWhile(one => one is { Payment: { Typed: false } payment } && MayPay(payment)
            && options.IsFree(payment) == options.IsFree(payments[0]!.Payment)).OfType<PayLeaf>().ToArray();
        if (paid.Length == 0 || (paid.Length < payments.Length && !cut)) return null;
        if (paid.DistinctBy(one => Article.Octets(one.Articles).Length).Skip(1).Any()) return null;

        Alternative[] alternatives =
            [.. paid.Select(pay => CardSteps.Alternative(pay, options.Merchant, options.IsFree(pay.Payment)))];
        var pay = Move(at, alternatives,
            [.. Confirmed(paid[0].Payment), .. CardSteps.MoveChosen([.. alternatives.Select(authorise)])]);
        if (!pay.Complete) return null;

        var tails = Tails([.. choice.Options.Take(paid.Length).Select(option => option.Then.Rest)], at.After(pay));
        var whole = pay.With(tails.Piece);
        return new Ways(whole with { Complete = whole.Complete && paid.Length == payments.Length },
        [
            .. alternatives.Select((alternative, i) => (IReadOnlyList<Planned>)
                [new Planned(pay.Leaves[0].Decisive, Alternatives: [alternative]), .. tails.Branches[i]]),
            .. payments.Skip(paid.Length).Select(_ => Piece.Stop.Leaves),
        ]);
    }

    /// <summary>
    /// What follows payments: once where it is the same on all ways, else in branches, else left to the next script.
    /// </summary>
    private Ways Tails(IReadOnlyList<Node> tails, Place at)
    {
        var pieces = tails.Select(tail => Lower(tail, at)).ToArray();
        if (pieces.All(piece => piece.Complete && piece.Steps == pieces[0].Steps))
            return new Ways(pieces[0], [.. pieces.Select(_ => pieces[0].Leaves)]);
        return Branched(tails, null, at, options.Costly) ?? new Ways(Piece.Stop, [.. tails.Select(_ => Piece.Stop.Leaves)]);
    }

    /// <summary>What follows a list, and for each of its items the leaves that it leads to.</summary>
    private sealed record Ways(Piece Piece, IReadOnlyList<IReadOnlyList<Planned>> Branches)
    {
        public static implicit operator Piece(Ways ways) => ways.Piece;
    }

    /// <summary>What room there is, and what has happened on the way here.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Place(
        int Octets, int Steps, int Depth, bool Moved, string? Chosen, bool Paid, Applet Selected, string Written)
    {
        public bool Holds(Piece piece) => piece.Octets <= Octets && piece.Count <= Steps;

        public Place After(Piece piece) => this with
        {
            Octets = Octets - piece.Octets,
            Steps = Steps - piece.Count,
            Moved = Moved || piece.Moved,
            Paid = Paid || piece.Paid,
            Selected = piece.Selected ?? Selected,
            Written = Written + string.Concat(Planned.All(piece.Leaves).Select(leaf => leaf.Order).OfType<FieldOrder>()
                .Select(order => (char)order.Field.Id)),
        };
    }
}
