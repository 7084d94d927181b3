using Tessera.Cards;
using Tessera.Platform.Holders;
using Tessera.Wire;

namespace Tessera.Platform.Money;

/// <summary>The durable book of money. Each method is one database transaction.</summary>
public interface IMoneyStore
{
    /// <summary>Begins the purse of a holder in one currency; changes nothing where there is one.</summary>
    Task OpenAsync(HolderId holder, ushort currency, CancellationToken cancel);

    Task<HolderPurse?> FindAsync(HolderId holder, CancellationToken cancel);

    /// <summary>The purse of the holder who has a copy on <paramref name="card"/>.</summary>
    Task<HolderPurse?> FindAsync(CardId card, CancellationToken cancel);

    /// <summary>Writes a booking, whole and durable on return.</summary>
    /// <returns>False, with nothing written, if the purse has moved on from the basis of the booking.</returns>
    Task<bool> CommitAsync(Booking booking, CancellationToken cancel);

    Task<Intent?> FindIntentAsync(IntentId intent, CancellationToken cancel);

    /// <summary>The intent of a card with exactly that script.</summary>
    Task<Intent?> FindIntentAsync(CardId card, Bytes script, CancellationToken cancel);

    /// <summary>The open intents of a session, the oldest first.</summary>
    Task<IReadOnlyList<Intent>> OpenIntentsAsync(SessionReference session, CancellationToken cancel);

    /// <summary>Closed intents of the card's holder that the holder knows nothing of, the oldest first.</summary>
    Task<IReadOnlyList<Intent>> UntoldAsync(CardId card, int count, CancellationToken cancel);

    /// <summary>The movement an intent became.</summary>
    Task<BookedMovement?> FindMovementAsync(IntentId intent, CancellationToken cancel);

    /// <summary>The movement of a card with that number.</summary>
    Task<BookedMovement?> FindMovementAsync(CardId card, uint number, CancellationToken cancel);

    /// <summary>
    /// Movements of the holder that are paid and owed, the oldest first, at most <paramref name="count"/>.
    /// </summary>
    Task<IReadOnlyList<BookedMovement>> OwedAsync(HolderId holder, int count, CancellationToken cancel);

    Task<LedgerEntry?> FindEntryAsync(string key, CancellationToken cancel);

    /// <summary>When something was moved into an account of suspense for the first time; null for never.</summary>
    Task<DateTimeOffset?> SuspendedAsync(AccountId account, CancellationToken cancel);

    /// <summary>Records a nonce with the card's open intent at that moment; the oldest of many is forgotten.</summary>
    Task IssueNonceAsync(CardId card, Bytes nonce, DateTimeOffset now, CancellationToken cancel);

    Task<IssuedNonce?> FindNonceAsync(CardId card, Bytes nonce, CancellationToken cancel);

    /// <summary>Postings to an account before a position, the newest first.</summary>
    Task<IReadOnlyList<HistoryLine>> HistoryAsync(
        AccountId account, long before, int count, CancellationToken cancel);

    /// <summary>Everything as of one moment, for <see cref="LedgerCheck"/>.</summary>
    Task<ILedgerView> ViewAsync(CancellationToken cancel);
}

/// <summary>A nonce the server issued to a card.</summary>
/// <param name="After">The intent that was open for the card: an S1 over this nonce is younger than its S2.</param>
/// <param name="Number">
/// The greatest number of the card that was proven then: an S1 over this nonce has no lower one.
/// </param>
public sealed record IssuedNonce(Bytes Nonce, IntentId? After, uint Number);

/// <summary>A movement with all that was recorded about it.</summary>
/// <param name="Paid">What its entry put into accounts that are no purse.</param>
public sealed record ProvenMovement(BookedMovement Movement, CardRegistration Card, Intent? Intent, long Paid);

/// <summary>The whole book as of one moment, read from end to end.</summary>
public interface ILedgerView : IAsyncDisposable
{
    /// <summary>Every posting as written, entry by entry.</summary>
    IAsyncEnumerable<(EntryId Entry, Posting Posting)> PostingsAsync(CancellationToken cancel);

    IAsyncEnumerable<(AccountId Account, long Balance)> AccountsAsync(CancellationToken cancel);

    IAsyncEnumerable<HolderPurse> PursesAsync(CancellationToken cancel);

    IAsyncEnumerable<Intent> IntentsAsync(CancellationToken cancel);

    /// <summary>Every movement, by card and number.</summary>
    IAsyncEnumerable<ProvenMovement> MovementsAsync(CancellationToken cancel);

    /// <summary>What made cards suspect, the oldest first.</summary>
    IAsyncEnumerable<RaisedAlarm> AlarmsAsync(CancellationToken cancel);
}
