using Tessera.Platform.Money;

namespace Tessera.Platform.Holders;

/// <summary>
/// Takes cards out of use and back: one with a purse by the treasury, whose orders its purse obeys; any other in the
/// register alone, where its next session finds it.
/// </summary>
public sealed class CardStandings(Treasury treasury, IHolderStore holders, TimeProvider time)
{
    /// <summary>From how a card stands it can be reported stolen; a second report changes nothing.</summary>
    internal static IReadOnlyList<CardState> ToStolen { get; } =
        [CardState.Active, CardState.Found, CardState.Disabled, CardState.Stolen];

    internal static IReadOnlyList<CardState> ToDisabled { get; } = [CardState.Active, CardState.Found, CardState.Disabled];

    internal static IReadOnlyList<CardState> ToFound { get; } = [CardState.Stolen, CardState.Disabled, CardState.Found];

    /// <inheritdoc cref="Treasury.ReportStolenAsync"/>
    public Task<Refusal?> ReportStolenAsync(CardRegistration card, CancellationToken cancel) => card.HasPurse
        ? treasury.ReportStolenAsync(card.Card, cancel)
        : StandAsync(card, CardState.Stolen, ToStolen, cancel);

    /// <inheritdoc cref="Treasury.DisableAsync"/>
    public Task<Refusal?> DisableAsync(CardRegistration card, CancellationToken cancel) => card.HasPurse
        ? treasury.DisableAsync(card.Card, cancel)
        : StandAsync(card, CardState.Disabled, ToDisabled, cancel);

    /// <summary>
    /// A card that was reported stolen or disabled is to be used again: without a purse at once, else when that was
    /// reactivated.
    /// </summary>
    /// <returns>A refusal where the card was neither.</returns>
    public Task<Refusal?> ReactivateAsync(CardRegistration card, CancellationToken cancel) => card.HasPurse
        ? treasury.ReactivateAsync(card.Card, cancel)
        : StandAsync(card, CardState.Active, ToFound, cancel);

    private async Task<Refusal?> StandAsync(
        CardRegistration card, CardState state, IReadOnlyList<CardState> from, CancellationToken cancel) =>
        await holders.StandAsync(card.Card, state, from, time.GetUtcNow(), cancel) switch
        {
            null => new Refusal(RefusalReason.UnknownCard, "The card is not registered."),
            { } before when from.Contains(before) => null,
            var before => new Refusal(RefusalReason.NothingToDo, $"The card is {before}."),
        };
}
