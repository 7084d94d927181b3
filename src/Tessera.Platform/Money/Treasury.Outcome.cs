using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Wire;

namespace Tessera.Platform.Money;

public sealed partial class Treasury
{
    /// <summary>The intent of exactly that script; null where it moves nothing.</summary>
    public Task<Intent?> FindAsync(CardId card, Bytes script, CancellationToken cancel) =>
        store.FindIntentAsync(card, script, cancel);

    /// <summary>What has become of an intent so far; its state says whether more can come.</summary>
    /// <exception cref="ArgumentException">No such intent.</exception>
    public Task<Settlement> OutcomeAsync(IntentId intent, CancellationToken cancel) =>
        BookAsync(intent, async (purse, known) => Decision.Of(
            await store.FindMovementAsync(known.Id, cancel) is { } movement
                ? Settled(known, movement)
                : Unsettled(known, purse)), cancel);

    /// <summary>
    /// A session ended before its application learned what was paid: it is owed like a late settlement.
    /// </summary>
    /// <returns>A refusal where nothing was paid, or it is owed or resolved already.</returns>
    /// <exception cref="ArgumentException">No such intent.</exception>
    public Task<Refusal?> OweAsync(IntentId intent, CancellationToken cancel) =>
        BookAsync(intent, async (purse, known) =>
            await store.FindMovementAsync(known.Id, cancel) is { Late: LateState.None, Movement.Kind: MoveKind.Debit } paid
                ? Decision.Of<Refusal?>(null, new Booking(purse, time.GetUtcNow())
                {
                    Resolution = new LateResolution(known.Id, known.Moves[paid.Alternative].Owes),
                    Telling = new Telling(known.Id, Told: false),
                })
                : Decision.Of<Refusal?>(new Refusal(RefusalReason.NothingToDo, "Nothing is owed for it.")), cancel);

    /// <summary>The holder was told what became of a closed intent; or was not, after all.</summary>
    /// <returns>False where it is still open.</returns>
    /// <exception cref="ArgumentException">No such intent.</exception>
    public Task<bool> ToldAsync(IntentId intent, bool told, CancellationToken cancel) =>
        BookAsync(intent, (purse, known) => known.IsOpen
            ? Decision.Of(false)
            : Decision.Of(true, new Booking(purse, Now()) { Telling = new Telling(known.Id, told) }), cancel);

    /// <summary>Outcomes of payments that the holder of a card knows nothing of, the oldest first.</summary>
    private async Task<IReadOnlyList<Settlement>> UntoldAsync(CardId card, CancellationToken cancel)
    {
        List<Settlement> untold = [];
        foreach (var intent in await store.UntoldAsync(card, MaxPage, cancel))
        {
            untold.Add(await store.FindMovementAsync(intent.Id, cancel) is { } movement
                ? Settled(intent, movement)
                : NotPaid(intent, (await store.FindAsync(card, cancel))!.Account, intent.Closed!.Value));
        }

        return untold;
    }
}
