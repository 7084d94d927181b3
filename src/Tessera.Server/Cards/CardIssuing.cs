using Tessera.Cards;
using Tessera.Cards.Pins;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Gateway;
using Tessera.Lab;
using Tessera.Lab.Shelf;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Server.Hosting;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Biometrics;
using Tessera.VirtualCard.Sim;
using Tessera.Wire;
using CardState = Tessera.Platform.Holders.CardState;

namespace Tessera.Server.Cards;

/// <summary>Issues the lab's cards under this server's keys and opens their purses.</summary>
public sealed class CardIssuing(
    DataFolder folder, IHolderStore holders, Treasury treasury, IGatewayStore gateway, TimeProvider time)
{
    private const byte LanguageField = 1;

    private static readonly PurseTraits Euro = Personalisation.Euro;

    /// <summary>What a card of the lab is made with; the caller disposes it.</summary>
    public Personalisation Personalise(CardOrder order) => new()
    {
        Card = order.Card,
        Keys = CardKeys.Of(folder.Issuer, order.Card),
        KeyVersion = folder.Issuer.Version,
        Pin = PinBlock.OfPin(DemonstrationKeys.Pin),
        Puk = PinBlock.OfPuk(DemonstrationKeys.Puk),
        Finger = order.Make == CardMake.Iso ? new SyntheticFinger(LabFinger.Of(order.First)).Enrol() : null,
        Purse = order.Make == CardMake.StoreOnly ? null : Euro,
        Fields = [new InitialField(LanguageField, 1, Bytes.CopyOf("en"u8))],
        Sim = order.Make == CardMake.Sim
            ? new SimPersonalisation
            {
                Subscription = SimSubscription.Demonstration,
                Keys = OtaKeys.Of(folder.Issuer, order.Card),
            }
            : null,
    };

    /// <summary>
    /// Registers a card of the lab: the first of a holder with a new holder, any other with the holder of the first;
    /// a SIM at the gateway too. What is registered stays as it is.
    /// </summary>
    /// <exception cref="InvalidOperationException">The first card of the holder is not registered.</exception>
    public async Task RegisterAsync(CardOrder order, string holder, CancellationToken cancel)
    {
        if (order.Make == CardMake.Sim) await gateway.RegisterAsync(SubscriberOf(order.Card), cancel);
        if (await holders.FindCardAsync(order.Card, cancel) is { } known)
        {
            await OpenAsync(known, cancel);
            return;
        }

        var owner = order.First == order.Card
            ? await WelcomeAsync(holder, cancel)
            : (await holders.FindCardAsync(order.First, cancel))?.Holder
                ?? throw new InvalidOperationException($"Card {order.First} of the same holder is not registered.");
        await RegisterAsync(order.Card, owner, order.Make, folder.Issuer.Version, cancel);
    }

    /// <summary>Registers a card of a new holder that exists under a key version.</summary>
    public async Task<CardRegistration> RegisterAsync(
        CardId card, string holder, byte keyVersion, CancellationToken cancel) =>
        await RegisterAsync(card, await WelcomeAsync(holder, cancel), CardMake.Iso, keyVersion, cancel);

    /// <summary>
    /// Opens the purse of a registered card where a crash came between; nothing happens where it is open.
    /// </summary>
    public Task OpenAsync(CardRegistration card, CancellationToken cancel) =>
        card.State == CardState.Active && card.Carries(PurseCommands.Aid)
            ? treasury.OpenAsync(card, cancel)
            : Task.CompletedTask;

    private async Task<CardRegistration> RegisterAsync(
        CardId card, HolderId holder, CardMake make, byte keyVersion, CancellationToken cancel)
    {
        var registration = new CardRegistration(
            card, holder, make == CardMake.Sim ? CardKind.Sim : CardKind.Iso, ApplicationsOf(make), keyVersion,
            Euro.Currency, Euro.GreatestBalance, CardState.Active, time.GetUtcNow());
        await holders.RegisterAsync(registration, cancel);
        await OpenAsync(registration, cancel);
        return registration;
    }

    private Subscriber SubscriberOf(CardId card) => new(
        card, SimSubscription.Demonstration.Msisdn.TrimStart('+'), folder.Issuer.Version);

    private async Task<HolderId> WelcomeAsync(string name, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var holder = new Holder(HolderId.New(now), name, now);
        await holders.AddAsync(holder, cancel);
        return holder.Id;
    }

    private static IReadOnlyList<Bytes> ApplicationsOf(CardMake make) =>
        make == CardMake.StoreOnly ? [StoreCommands.Aid] : [PurseCommands.Aid, StoreCommands.Aid];
}
