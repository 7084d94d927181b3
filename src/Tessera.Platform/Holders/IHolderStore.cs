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
}
