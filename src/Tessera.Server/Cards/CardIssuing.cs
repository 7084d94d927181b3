using Tessera.Cards;
using Tessera.Cards.Issuing;
using Tessera.Cards.Pins;
using Tessera.Cards.Piv;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Gateway;
using Tessera.Lab;
using Tessera.Lab.Shelf;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Server.Hosting;
using Tessera.Storage.Issuing;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Biometrics;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Sim;
using Tessera.Wire;
using CardState = Tessera.Platform.Holders.CardState;

namespace Tessera.Server.Cards;

/// <summary>
/// Issues the lab's cards under this server's keys, as the tool issues any: blank ones are personalised through their
/// domain, then registered.
/// </summary>
public sealed class CardIssuing(
    DataFolder folder, IHolderStore holders, Treasury treasury, IGatewayStore gateway, TimeProvider time)
{
    private const byte LanguageField = 1;

    private static readonly PurseTraits Euro = Personalisation.Euro;

    private readonly CardRegister _register = new(holders, treasury, gateway);

    /// <summary>Makes a card of the lab on an empty medium, which stays the caller's.</summary>
    public async Task MakeAsync(CardOrder order, IImageMedium medium, CancellationToken cancel)
    {
        using var batch = DemonstrationKeys.CreateDomain();
        using var image = new MemoryMedium();
        var blank = new BlankCard
        {
            Chip = order.Card,
            HasPurse = order.Make != CardMake.StoreOnly,
            HasFinger = order.Make == CardMake.Iso,
            HasPiv = HasPiv(order),
            Subscription = order.Make == CardMake.Sim ? SimSubscription.Demonstration : null,
        };
        blank.Create(image, batch, DemonstrationKeys.DomainVersion, time.GetUtcNow());
        await using (var slot = ImageSlot.Open(order.Card.ToString(), image))
        {
            await using var card = await slot.InsertedAsync(cancel);
            var keys = folder.Vault.Current;
            using var masters = new ChannelMasters(
                new SecretKey(batch.Reveal()), new SecretKey(keys.Channel.Reveal()), keys.Version);
            using var wanted = Wanted(order);
            var personaliser = await Personaliser.OpenAsync(new CardChannel(card), masters, cancel);
            await personaliser.RunAsync(wanted, cancel);
        }

        if (blank.HasPiv) await EnrolAsync(order.Card, image, cancel);

        image.CopyTo(medium);
    }

    /// <summary>
    /// Registers a card of the lab: the first of a holder with a new holder, any other with the holder of the first;
    /// a SIM at the gateway too. What is registered stays as it is.
    /// </summary>
    /// <exception cref="InvalidOperationException">The first card of the holder is not registered.</exception>
    public async Task RegisterAsync(CardOrder order, string holder, CancellationToken cancel)
    {
        var first = await holders.FindCardAsync(order.First, cancel);
        var owner = first?.Holder
            ?? (order.First == order.Card
                ? await WelcomeAsync(holder, cancel)
                : throw new InvalidOperationException($"Card {order.First} of the same holder is not registered."));
        await RegisterAsync(order.Card, owner, order.Make, ApplicationsOf(order), folder.Issuer.Version, cancel);
    }

    /// <summary>Registers a card of a new holder that exists under a key version.</summary>
    public async Task<CardRegistration> RegisterAsync(
        CardId card, string holder, byte keyVersion, CancellationToken cancel) =>
        await RegisterAsync(
            card, await WelcomeAsync(holder, cancel), CardMake.Iso, [PurseCommands.Aid, StoreCommands.Aid], keyVersion,
            cancel);

    /// <summary>
    /// Opens the purse of a registered card where a crash came between; nothing happens where it is open.
    /// </summary>
    public Task OpenAsync(CardRegistration card, CancellationToken cancel) => _register.OpenAsync(card, cancel);

    /// <summary>The card, inserted again, makes its keys and gets their certificates.</summary>
    private async Task EnrolAsync(CardId id, MemoryMedium image, CancellationToken cancel)
    {
        await using var slot = ImageSlot.Open(id.ToString(), image);
        await using var card = await slot.InsertedAsync(cancel);
        using var manager = folder.Vault.Current.PivManagementKey(id);
        using var pin = PinBlock.OfPin(DemonstrationKeys.Pin);
        await folder.Authority.EnrolAsync(new CardChannel(card), id, manager, pin, cancel);
    }

    /// <summary>It can sign.</summary>
    private static bool HasPiv(CardOrder order) => order.Make == CardMake.Iso;

    private CardIssue Wanted(CardOrder order) => new()
    {
        Card = order.Card,
        KeyVersion = folder.Issuer.Version,
        Keys = CardKeys.Of(folder.Issuer, order.Card),
        Pin = PinBlock.OfPin(DemonstrationKeys.Pin),
        Puk = PinBlock.OfPuk(DemonstrationKeys.Puk),
        Purse = order.Make == CardMake.StoreOnly ? null : Euro,
        Fields = [new FirstField(LanguageField, 1, Bytes.CopyOf("en"u8))],
        PivManagementKey = HasPiv(order) ? folder.Vault.Current.PivManagementKey(order.Card) : null,
        Ota = order.Make == CardMake.Sim ? OtaKeys.Of(folder.Issuer, order.Card) : null,
        Finger = order.Make == CardMake.Iso ? new SyntheticFinger(LabFinger.Of(order.First)).Enrol() : null,
    };

    private Task<CardRegistration> RegisterAsync(
        CardId card, HolderId holder, CardMake make, IReadOnlyList<Bytes> applications, byte keyVersion,
        CancellationToken cancel) =>
        _register.AddAsync(
            new CardRegistration(
                card, holder, make == CardMake.Sim ? CardKind.Sim : CardKind.Iso, applications, keyVersion,
                Euro.Currency, Euro.GreatestBalance, CardState.Active, time.GetUtcNow()),
            make == CardMake.Sim ? SimSubscription.Demonstration.Msisdn.TrimStart('+') : null, cancel);

    private async Task<HolderId> WelcomeAsync(string name, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var holder = new Holder(HolderId.New(now), name, now);
        await holders.AddAsync(holder, cancel);
        return holder.Id;
    }

    private static IReadOnlyList<Bytes> ApplicationsOf(CardOrder order) =>
        order.Make == CardMake.StoreOnly ? [StoreCommands.Aid]
        : HasPiv(order) ? [PurseCommands.Aid, StoreCommands.Aid, PivCommands.Aid]
        : [PurseCommands.Aid, StoreCommands.Aid];
}
