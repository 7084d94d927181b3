using Tessera.Cards.Purse;
using Tessera.Platform.Holders;
using Tessera.Wire;

namespace Tessera.Platform.Money;

public sealed partial class Treasury
{
    /// <summary>Most alternatives of one intent: the items of one SELECT ITEM.</summary>
    public const int MaxAlternatives = 32;

    /// <summary>Longest script, octets (docs/protocols/script.md §1).</summary>
    public const int MaxScript = 8192;

    /// <summary>
    /// Issues an S2 for each alternative. On return the intent, its hold, the adds it carries and the exact octets to
    /// send are durable; nothing may be sent before. Asked for the same again, because a crash took the answer, it
    /// gives the same intent.
    /// </summary>
    /// <param name="contact">The S1 every S2 is bound to.</param>
    /// <param name="buildScript">
    /// Makes the script from the moves, in the order of the alternatives. Called again if the purse moved on meanwhile.
    /// </param>
    /// <exception cref="ArgumentException">An alternative or a script of a form that cannot be.</exception>
    public Task<Authorisation> AuthoriseAsync(
        Contact contact,
        IReadOnlyList<Alternative> alternatives,
        SessionReference session,
        Func<IReadOnlyList<AuthorisedMove>, Bytes> buildScript,
        CancellationToken cancel)
    {
        Check(alternatives);
        return contact.Refusal is { } refused
            ? Task.FromResult(new Authorisation(null, refused))
            : IssueAsync(contact, alternatives, session, buildScript, cancel);
    }

    private Task<Authorisation> IssueAsync(
        Contact contact,
        IReadOnlyList<Alternative> alternatives,
        SessionReference session,
        Func<IReadOnlyList<AuthorisedMove>, Bytes> buildScript,
        CancellationToken cancel) =>
        BookAsync(contact.Card, purse =>
        {
            var copy = purse?.CopyOf(contact.Card);
            if (purse?.OpenOf(contact.Card) is { } open && IsSame(open, contact, alternatives, session, buildScript))
                return Decision.Of(new Authorisation(open, null));
            if (Refuse(purse, copy, contact, alternatives) is { } refusal)
                return Decision.Of(new Authorisation(null, refusal));
            var moves = keys.Authorise(
                contact.Card, contact.S1, contact.Nonce,
                alternatives.Select(one => (one, (int)Adjust(copy!, one))));
            if (moves is null)
                return Decision.Of(Refused(RefusalReason.AuthenticationFailed, "No key of that version."));

            var script = buildScript(moves);
            if (script.Length is 0 or > MaxScript)
                throw new ArgumentException($"A script has 1 to {MaxScript} octets.", nameof(buildScript));
            var now = Now();
            var intent = new Intent(
                IntentId.New(now), purse!.Holder, contact.Card, copy!.Number + 1, contact.Nonce, contact.S1, moves,
                moves.Max(move => move.Hold), script, session, IntentState.Authorised, Suspended: false, now, null);
            return Decision.Of(new Authorisation(intent, null), new Booking(purse, now) { Opened = intent });
        }, cancel);

    /// <summary>
    /// A script was sent and no authenticated answer came: the outcome is open until the card proves it.
    /// </summary>
    public Task UnknownAsync(IntentId intent, CancellationToken cancel) => BookAsync(
        intent,
        (purse, known) => Decision.Of(
            true,
            known.State != IntentState.Authorised
                ? null
                : new Booking(purse, Now())
                {
                    Step = new IntentStep(known.Id, IntentState.Unknown, known.Suspended),
                }),
        cancel);

    /// <summary>
    /// The octets name session and number, so a script that was sent is never the same as one to be sent.
    /// </summary>
    private static bool IsSame(
        Intent open, Contact contact, IReadOnlyList<Alternative> alternatives, SessionReference session,
        Func<IReadOnlyList<AuthorisedMove>, Bytes> buildScript) =>
        open.State == IntentState.Authorised && open.Session == session &&
        open.S1 == contact.S1 && open.Nonce == contact.Nonce &&
        open.Moves.Select(move => move.Alternative).SequenceEqual(alternatives) && buildScript(open.Moves) == open.Script;

    private Refusal? Refuse(
        HolderPurse? purse, CardCopy? copy, Contact contact, IReadOnlyList<Alternative> alternatives)
    {
        if (purse is null || copy is null) return new Refusal(RefusalReason.UnknownCard, "The card has no purse here.");
        if (copy.Registration.State == CardState.Suspect)
            return new Refusal(RefusalReason.CardSuspect, "The card is suspect.");
        if (copy.Registration.State == CardState.Revoked)
            return new Refusal(RefusalReason.CardRevoked, "The card was revoked.");
        if (Refuse(purse, copy, contact, alternatives[0]) is { } standing) return standing;
        if (purse.OpenOf(copy.Card) is { } open)
            return new Refusal(RefusalReason.OpenIntent, $"The outcome of number {open.Number} is open.");
        if (contact.S1.Number != copy.Number || copy.Ahead.Count > 0)
            return new Refusal(RefusalReason.Stale, $"The book is at number {copy.Number}.");

        var unfit = PurseCondition.NumberExhausted;
        if (alternatives[0].Kind != MoveKind.Reactivate) unfit |= PurseCondition.Deactivated;
        if (alternatives.Any(one => !one.Terms.HasFlag(MoveTerms.WithoutPin)) &&
            !contact.S1.Flags.HasFlag(PurseCondition.FingerKnown))
            unfit |= PurseCondition.PinBlocked;
        if (alternatives.Any(one => one.Goods.Length > 0) && !contact.S1.Flags.HasFlag(PurseCondition.Goods))
            return new Refusal(RefusalReason.CardNotFit, "The card brings no goods with a debit.");
        if ((contact.S1.Flags & unfit) is not PurseCondition.None and var why)
            return new Refusal(RefusalReason.CardNotFit, why.ToString());

        return alternatives.Select(one => Refuse(purse, copy, one)).FirstOrDefault(refusal => refusal is not null);
    }

    /// <summary>A card that is out of use is told to deactivate its purse, and nothing else.</summary>
    private Refusal? Refuse(HolderPurse purse, CardCopy copy, Contact contact, Alternative first) =>
        first.IsOrder
            ? (Wanted(copy, contact.S1) is { } order ? (order, 0u) : LimitWanted(purse, copy, contact.S1)) ==
                (first.Kind, first.Amount)
                ? null
                : new Refusal(RefusalReason.NothingToDo, "This is not wanted of the card any more.")
            : Out(copy.Registration);

    private static Refusal? Refuse(HolderPurse purse, CardCopy copy, Alternative one)
    {
        var debit = one.Kind == MoveKind.Debit ? one.Amount : 0;
        if (one.Kind == MoveKind.Allow ? one.Amount > purse.Spendable : debit > purse.Spendable)
            return new Refusal(RefusalReason.NotEnough, $"{one.Amount} of {purse.Spendable} spendable.");
        if (one.IsOrder) return null;
        if (one.Terms.HasFlag(MoveTerms.WithoutPin) && debit > (copy.Limits?.GreatestWithoutPin ?? uint.MaxValue))
            return new Refusal(RefusalReason.PinNeeded, $"{debit} is above {copy.Limits!.GreatestWithoutPin}.");

        // A typed amount may be anything up to its ceiling, so all of it must fit.
        var most = copy.Balance + copy.Pending - (one.Terms.HasFlag(MoveTerms.Ceiling) ? 0 : debit);
        if (most > copy.Registration.GreatestBalance)
            return new Refusal(
                RefusalReason.TooMuchForCard, $"{most} on a card that may hold {copy.Registration.GreatestBalance}.");
        return Adjust(copy, one) is < int.MinValue or > int.MaxValue
            ? new Refusal(RefusalReason.TooMuchForCard, "More than one movement can adjust.")
            : null;
    }

    /// <summary>All that is pending for the card, less what the movement itself shows as a load.</summary>
    private static long Adjust(CardCopy copy, Alternative one) => one.IsOrder
        ? 0
        : copy.Pending - (one.Kind == MoveKind.Load ? one.Amount : 0);

    private static Authorisation Refused(RefusalReason reason, string detail) => new(null, new Refusal(reason, detail));

    private static void Check(IReadOnlyList<Alternative> alternatives)
    {
        if (alternatives.Count is 0 or > MaxAlternatives)
            throw new ArgumentException($"1 to {MaxAlternatives} alternatives.", nameof(alternatives));
        foreach (var one in alternatives)
        {
            var terms = one.Kind == MoveKind.Debit ? MoveTerms.WithoutPin | MoveTerms.Ceiling : MoveTerms.WithoutPin;
            if (one.Kind == MoveKind.Debit && one.Goods.Length > 0) terms |= MoveTerms.Goods;
            if (one.Kind is not (MoveKind.Debit or MoveKind.Load or MoveKind.Adjust) ||
                (one.Terms & ~terms) != MoveTerms.PinRequired)
                throw new ArgumentException($"No {one.Kind} with terms {one.Terms}.", nameof(alternatives));
            if (one.Amount == 0 != (one.Kind == MoveKind.Adjust))
                throw new ArgumentException("An adjustment has no amount, all else has one.", nameof(alternatives));
            CheckGoods(one);
            if (one.Kind == MoveKind.Debit) _ = AccountId.Merchant(one.Merchant, 0);
            if (one.What.Length > Alternative.MaxWhat)
                throw new ArgumentException($"More than {Alternative.MaxWhat} characters.", nameof(alternatives));
        }

        // S2 does not name the merchant, and a card may prove no more than the S2.
        if (alternatives.GroupBy(one => (one.Kind, one.Terms, one.Amount))
            .Any(same => same.DistinctBy(one => one.Merchant, StringComparer.Ordinal).Skip(1).Any()))
            throw new ArgumentException("Equal amounts for different merchants.", nameof(alternatives));
    }

    private static void CheckGoods(Alternative one)
    {
        if (one.Terms.HasFlag(MoveTerms.Goods) != one.Goods.Length > 0)
            throw new ArgumentException("Goods go with the terms that name them, and only with those.", nameof(one));
        if (one.Goods.Length > PurseCommands.MaxGoods)
            throw new ArgumentException($"The goods of a debit have at most {PurseCommands.MaxGoods} octets.", nameof(one));
        if (one.Goods.Length > 0) GoodsField.ReadList(one.Goods);
    }
}
