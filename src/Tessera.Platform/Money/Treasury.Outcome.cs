namespace Tessera.Platform.Money;

public sealed partial class Treasury
{
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
            await store.FindMovementAsync(known.Id, cancel) is { Late: LateState.None, Movement.Kind: Cards.Purse.MoveKind.Debit }
                ? Decision.Of<Refusal?>(null, new Booking(purse, time.GetUtcNow())
                {
                    Resolution = new LateResolution(known.Id, LateState.Owed),
                })
                : Decision.Of<Refusal?>(new Refusal(RefusalReason.NothingToDo, "Nothing is owed for it.")), cancel);
}
