using Tessera.Cards;
using Tessera.Cards.Pins;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Server.Hosting;
using Tessera.VirtualCard;
using Tessera.Wire;

namespace Tessera.Server.Cards;

/// <summary>Issues the lab's cards under this server's keys and opens their purses.</summary>
public sealed class CardIssuing(DataFolder folder, IHolderStore holders, Treasury treasury, TimeProvider time)
{
    private const byte LanguageField = 1;

    private static readonly PurseTraits Euro = new(0x0978, 100_000);

    /// <summary>A new card of a new holder, registered before it is made.</summary>
    /// <returns>What to personalise it with; the caller disposes it.</returns>
    public async Task<Personalisation> IssueAsync(CardId card, string holder, CancellationToken cancel)
    {
        await RegisterAsync(card, holder, folder.Issuer.Version, cancel);
        return new Personalisation
        {
            Card = card,
            Keys = CardKeys.Of(folder.Issuer, card),
            KeyVersion = folder.Issuer.Version,
            Pin = PinBlock.OfPin(DemonstrationKeys.Pin),
            Puk = PinBlock.OfPuk(DemonstrationKeys.Puk),
            Purse = Euro,
            Fields = [new InitialField(LanguageField, 1, Bytes.CopyOf("en"u8))],
        };
    }

    /// <summary>
    /// Opens the purse of a registered card where a crash came between; nothing happens where it is open.
    /// </summary>
    public Task OpenAsync(CardRegistration card, CancellationToken cancel) =>
        card.State == CardState.Active ? treasury.OpenAsync(card, cancel) : Task.CompletedTask;

    /// <summary>Registers a card that exists under a key version.</summary>
    public async Task<CardRegistration> RegisterAsync(CardId card, string holder, byte keyVersion, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var owner = new Holder(HolderId.New(now), holder, now);
        var registration = new CardRegistration(
            card, owner.Id, CardKind.Iso, [PurseCommands.Aid, StoreCommands.Aid], keyVersion, Euro.Currency,
            Euro.GreatestBalance, CardState.Active, now);
        await holders.AddAsync(owner, cancel);
        await holders.RegisterAsync(registration, cancel);
        await treasury.OpenAsync(registration, cancel);
        return registration;
    }
}
