using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Gateway;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;

namespace Tessera.Storage.Issuing;

/// <summary>
/// Makes a card that was issued known: to the gateway where it is a SIM, to the register of cards, to the ledger where it
/// has a purse. Done again it goes on where it was cut.
/// </summary>
public sealed class CardRegister(IHolderStore holders, Treasury treasury, IGatewayStore gateway)
{
    /// <summary>What is registered stays as it is.</summary>
    /// <param name="msisdn">The number of a SIM, digits without +; null for a card that is none.</param>
    /// <returns>The card as it is registered.</returns>
    public async Task<CardRegistration> AddAsync(CardRegistration card, string? msisdn, CancellationToken cancel)
    {
        var known = await holders.FindCardAsync(card.Card, cancel);
        await ConnectAsync(known ?? card, msisdn, cancel);
        if (known is null) await holders.RegisterAsync(card, cancel);
        await OpenAsync(known ?? card, cancel);
        return known ?? card;
    }

    /// <summary>
    /// The same for the card that takes the place of a lost one: its purse begins when that is revoked, in one step.
    /// </summary>
    /// <returns>What stands in suspense for the lost card, and what the holder has at once.</returns>
    public async Task<Booked> ReplaceAsync(
        CardId lost, CardRegistration card, string? msisdn, CancellationToken cancel)
    {
        var known = await holders.FindCardAsync(card.Card, cancel);
        await ConnectAsync(known ?? card, msisdn, cancel);
        if (known is null) await holders.RegisterAsync(card, cancel);
        var hasPurse = card.Carries(PurseCommands.Aid);
        return await treasury.ReplaceAsync(lost, hasPurse ? card : null, cancel);
    }

    /// <summary>Opens the purse of a registered card where a crash came between; nothing happens where it is open.</summary>
    public Task OpenAsync(CardRegistration card, CancellationToken cancel) =>
        card.State == CardState.Active && card.Carries(PurseCommands.Aid)
            ? treasury.OpenAsync(card, cancel)
            : Task.CompletedTask;

    /// <summary>First, so that a card which is known can be reached.</summary>
    private Task ConnectAsync(CardRegistration card, string? msisdn, CancellationToken cancel) =>
        card.Kind == CardKind.Sim && msisdn is not null
            ? gateway.RegisterAsync(new Subscriber(card.Card, msisdn, card.KeyVersion), cancel)
            : Task.CompletedTask;
}
