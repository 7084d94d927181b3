using Tessera.Cards;
using Tessera.Cards.Pins;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Piv;
using Tessera.VirtualCard.SecureChannels;
using Tessera.VirtualCard.Sim;
using Tessera.Wire;

namespace Tessera.VirtualCard;

/// <summary>
/// A card as it leaves its maker: applets without keys, nobody's PIN, and a domain under keys of the batch, by which its
/// issuer personalises it (docs/protocols/issuing.md §1).
/// </summary>
public sealed record BlankCard
{
    /// <summary>The number of its chip: the keys of its domain come from it, and it is its id until it gets another.</summary>
    public required CardId Chip { get; init; }

    /// <summary>It has a purse, as every SIM has. Default yes.</summary>
    public bool HasPurse { get; init; } = true;

    /// <summary>It can compare a finger. Default no.</summary>
    public bool HasFinger { get; init; }

    /// <summary>It has the PIV application, with a management key that is published and no others. Default no.</summary>
    public bool HasPiv { get; init; }

    /// <summary>The subscription that its network gave it; null for a card that is no SIM.</summary>
    public SimSubscription? Subscription { get; init; }

    /// <summary>Makes the image on an empty medium, which stays the caller's; until this returns it holds no card.</summary>
    /// <param name="batch">The master key of its domain (KDF3); stays the caller's.</param>
    /// <param name="now">The card is made then.</param>
    /// <exception cref="ArgumentException">The medium is not empty, or the card cannot be.</exception>
    public void Create(IImageMedium medium, SecretKey batch, byte keyVersion, DateTimeOffset now)
    {
        using var throwAway = MasterKeys.Generate(0x01);
        using var made = new Personalisation
        {
            Card = Chip,
            Keys = CardKeys.Of(throwAway, Chip),
            KeyVersion = 0,
            Pin = PinBlock.OfPin("000000"),
            Puk = PinBlock.OfPuk("00000000"),
            Finger = HasFinger ? new Biometrics.SyntheticFinger(0).Enrol() : null,
            Purse = HasPurse ? Personalisation.Euro : null,
            Piv = HasPiv ? PivPersonalisation.Demonstration(Chip, now, []) : null,
            Domain = DomainPersonalisation.Of(batch, keyVersion, Chip),
            Sim = Subscription is { } subscription
                ? new SimPersonalisation
                {
                    Subscription = subscription,
                    Keys = OtaKeys.Of(throwAway, Chip),
                    Subscriber = DemonstrationKeys.CreateSubscriber(),
                    Chv2 = DemonstrationKeys.Chv1,
                    Administrator = PinBlock.OfPuk(DemonstrationKeys.Puk),
                }
                : null,
        };
        CardImage.Create(medium, made, isBlank: true);
    }

    /// <summary>A cell as the maker leaves it: of what the issuer stores there is only the room.</summary>
    internal static NewCell Emptied(NewCell cell) => cell.Id switch
    {
        CellId.Pin or CellId.Puk or CellId.Finger or CellId.PurseKey or CellId.PurseOfflineKey or CellId.StoreKey or
            CellId.OtaKeys =>
            cell with { Content = Bytes.Empty },
        CellId.PurseTraits or CellId.StoreTraits => cell with { Content = new Bytes(new byte[cell.Content.Length]) },
        _ => cell,
    };
}
