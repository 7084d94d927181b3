using Tessera.Cards;

namespace Tessera.Platform.Holders;

/// <summary>The durable register of holders and their cards; each method is one database transaction.</summary>
public interface IHolderStore
{
    Task AddAsync(Holder holder, CancellationToken cancel);

    Task<Holder?> FindAsync(HolderId holder, CancellationToken cancel);

    /// <summary>Adds a card. A purse on it begins with <see cref="Money.Treasury.OpenAsync"/>.</summary>
    Task RegisterAsync(CardRegistration card, CancellationToken cancel);

    Task<CardRegistration?> FindCardAsync(CardId card, CancellationToken cancel);

    /// <summary>All cards of the holder, the oldest first, revoked ones included.</summary>
    Task<IReadOnlyList<CardRegistration>> CardsAsync(HolderId holder, CancellationToken cancel);

    /// <summary>
    /// A card without a purse stands so from here on, where it stood in one of those states; with the new state what failed
    /// at it before is forgotten. That of a card with a purse is booked with its money.
    /// </summary>
    /// <returns>How it stood before; null where nobody registered it.</returns>
    Task<CardState?> StandAsync(
        CardId card, CardState state, IReadOnlyList<CardState> from, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Counts a verification at a registered card, before it is known what comes of it.</summary>
    /// <param name="key">Names it: the same one is not counted twice running.</param>
    /// <returns>How many there are in a row of which none is known to have succeeded, with this one; at most 65535.</returns>
    Task<int> CountTryAsync(CardId card, string key, CancellationToken cancel);

    /// <summary>
    /// It succeeded, and what was counted is forgotten; or it came to no verification, and it is not counted. Nothing
    /// happens where another one was counted since.
    /// </summary>
    Task EndTryAsync(CardId card, string key, bool succeeded, CancellationToken cancel);
}
