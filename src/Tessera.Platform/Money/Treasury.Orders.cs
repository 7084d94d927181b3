using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Platform.Holders;
using Tessera.Wire;

namespace Tessera.Platform.Money;

public sealed partial class Treasury
{
    /// <summary>
    /// The card was stolen or is missing: nothing is authorised for it any more, and at its next contact, on any road, its
    /// purse is deactivated. What is open is settled as ever, its hold stays; the holder's other cards go on.
    /// </summary>
    /// <returns>A refusal where the card has no purse, is suspect or was revoked.</returns>
    public Task<Refusal?> ReportStolenAsync(CardId card, CancellationToken cancel) =>
        StandAsync(card, CardState.Stolen, CardStandings.ToStolen, cancel);

    /// <summary>
    /// The issuer takes a card out of use that is in its holder's hands, as where verifications failed: what follows is as for
    /// a card that was reported stolen.
    /// </summary>
    /// <returns>A refusal where the card has no purse, was reported stolen, is suspect or was revoked.</returns>
    public Task<Refusal?> DisableAsync(CardId card, CancellationToken cancel) =>
        StandAsync(card, CardState.Disabled, CardStandings.ToDisabled, cancel);

    /// <summary>
    /// A card that was reported stolen or disabled is to be used again: at its next contact its purse is reactivated, if it was
    /// deactivated, and it can be used as before.
    /// </summary>
    /// <returns>A refusal where the card was neither.</returns>
    public Task<Refusal?> ReactivateAsync(CardId card, CancellationToken cancel) =>
        StandAsync(card, CardState.Found, CardStandings.ToFound, cancel);

    /// <summary>
    /// Issues the S2 of what the issuer wants of the card before anything else: on return it is durable, as with
    /// <see cref="AuthoriseAsync"/>.
    /// </summary>
    /// <param name="contact">Says what is wanted.</param>
    /// <exception cref="ArgumentException">Nothing is wanted of that card.</exception>
    public Task<Authorisation> OrderAsync(
        Contact contact, SessionReference session, Func<IReadOnlyList<AuthorisedMove>, Bytes> buildScript,
        CancellationToken cancel) =>
        contact.Order is { } order
            ? IssueAsync(contact, [Alternative.Order(order, contact.OrderAmount)], session, buildScript, cancel)
            : throw new ArgumentException("Nothing is wanted of the card.", nameof(contact));

    /// <summary>Why a card that is out of use may do nothing; null for any other.</summary>
    private static Refusal? Out(CardRegistration card) => card.State switch
    {
        CardState.Stolen => new Refusal(RefusalReason.CardStolen, "The card was reported stolen."),
        CardState.Disabled => new Refusal(RefusalReason.CardDisabled, "The card was disabled by its issuer."),
        _ => null,
    };

    private Task<Refusal?> StandAsync(
        CardId card, CardState wanted, IReadOnlyList<CardState> from, CancellationToken cancel) =>
        BookAsync(card, purse => purse?.CopyOf(card)?.Registration.State switch
        {
            null => Decision.Of<Refusal?>(new Refusal(RefusalReason.UnknownCard, "The card has no purse here.")),
            { } state when state == wanted => Decision.Of<Refusal?>(null),
            { } state when from.Contains(state) => Decision.Of<Refusal?>(null, new Booking(purse, Now())
            {
                Standing = new CardStanding(card, wanted),
            }),
            var state => Decision.Of<Refusal?>(new Refusal(RefusalReason.NothingToDo, $"The card is {state}.")),
        }, cancel);

    /// <summary>
    /// What the issuer wants of a card that says this of itself; null for nothing. A stolen card gives up its allowance
    /// before it is deactivated, for then it takes no such order any more: nothing stays held for it.
    /// </summary>
    private static MoveKind? Wanted(CardCopy copy, PurseState s1) =>
        (copy.Registration.State, s1.Flags.HasFlag(PurseCondition.Deactivated)) switch
        {
            (CardState.Stolen or CardState.Disabled, false)
                when copy.Allowance > 0 && s1.Flags.HasFlag(PurseCondition.Offline) => MoveKind.Allow,
            (CardState.Stolen or CardState.Disabled, false) => MoveKind.Deactivate,
            (CardState.Found, true) => MoveKind.Reactivate,
            _ => null,
        };
}
