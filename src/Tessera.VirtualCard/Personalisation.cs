using Tessera.Cards;
using Tessera.Cards.Biometrics;
using Tessera.Cards.Pins;
using Tessera.Cards.Store;
using Tessera.VirtualCard.Files;
using Tessera.VirtualCard.Piv;
using Tessera.VirtualCard.SecureChannels;
using Tessera.VirtualCard.Sim;
using Tessera.Wire;

namespace Tessera.VirtualCard;

/// <summary>What makes a card out of a blank one: id, keys, PIN, first content. Zeroed when disposed.</summary>
public sealed class Personalisation : IDisposable
{
    /// <summary>The euro, and at most 1000.00.</summary>
    public static PurseTraits Euro { get; } = new(0x0978, 100_000);

    public required CardId Card { get; init; }

    /// <summary>The keys of this card; owned from here on.</summary>
    public required CardKeys Keys { get; init; }

    public required byte KeyVersion { get; init; }

    /// <summary>Owned from here on.</summary>
    public required PinBlock Pin { get; init; }

    /// <summary>Owned from here on.</summary>
    public required PinBlock Puk { get; init; }

    /// <summary>A finger that verifies the holder as the PIN does; null for none. Owned from here on.</summary>
    public FingerTemplate? Finger { get; init; }

    /// <summary>
    /// Currency and greatest balance of the purse: by default the euro and 1000.00; null for a card without a purse.
    /// </summary>
    public PurseTraits? Purse { get; init; } = Euro;

    /// <summary>Greatest debit without PIN until the issuer orders another, minor units; FFFFFFFF, any, by default.</summary>
    public uint GreatestWithoutPin { get; init; } = uint.MaxValue;

    /// <summary>The purse moves nothing.</summary>
    public bool IsDeactivated { get; init; }

    /// <summary>What the data store holds at first; at most 16 fields, each once.</summary>
    public IReadOnlyList<InitialField> Fields { get; init; } = [];

    /// <summary>What makes it a PIV card; null for a card without that application. Owned from here on.</summary>
    public PivPersonalisation? Piv { get; init; }

    /// <summary>The issuer's way in after this; null for a card that stays as it is. Owned from here on.</summary>
    public DomainPersonalisation? Domain { get; init; }

    /// <summary>What makes it a SIM; null for an ISO card. Owned from here on.</summary>
    public SimPersonalisation? Sim { get; init; }

    /// <summary>The MF with all that is in it; null for a card without files.</summary>
    public InitialFile? Files { get; init; }

    /// <summary>Room for files, those of <see cref="Files"/> too, in pages of 256 octets: 256 by default.</summary>
    public int FilePages { get; init; } = 256;

    /// <summary>A card of the lab: published keys, PIN 123456, PUK 12345678, field 1 language "en".</summary>
    /// <param name="finger">Owned from here on; null for none.</param>
    /// <param name="piv">Owned from here on; null for none.</param>
    public static Personalisation Demonstration(
        CardId card, bool hasPurse = true, FingerTemplate? finger = null, PivPersonalisation? piv = null)
    {
        using var masters = DemonstrationKeys.Create();
        return Demonstration(card, masters, hasPurse ? Euro : null, null, finger, piv);
    }

    /// <summary>A card of the lab with files beside its applets (docs/protocols/card.md §6).</summary>
    /// <param name="finger">Owned from here on; null for none.</param>
    /// <param name="piv">Owned from here on; null for none.</param>
    public static Personalisation DemonstrationWithFiles(
        CardId card, FingerTemplate? finger = null, PivPersonalisation? piv = null)
    {
        using var masters = DemonstrationKeys.Create();
        return Demonstration(card, masters, Euro, null, finger, piv, DemonstrationFiles.Master(hasPiv: piv is not null));
    }

    /// <summary>
    /// A SIM of the lab: as <see cref="Demonstration(CardId, bool, FingerTemplate, PivPersonalisation)"/>, and CHV1
    /// 1234, which the phone need not ask for.
    /// </summary>
    /// <param name="subscription">By default <see cref="SimSubscription.Demonstration"/>.</param>
    public static Personalisation DemonstrationSim(CardId card, SimSubscription? subscription = null)
    {
        using var masters = DemonstrationKeys.Create();
        return Demonstration(card, masters, Euro, new SimPersonalisation
        {
            Subscription = subscription ?? SimSubscription.Demonstration,
            Keys = OtaKeys.Of(masters, card),
            Subscriber = DemonstrationKeys.CreateSubscriber(),
            Chv2 = DemonstrationKeys.Chv2,
            Administrator = PinBlock.OfPuk(DemonstrationKeys.Administrator),
        });
    }

    private static Personalisation Demonstration(
        CardId card, MasterKeys masters, PurseTraits? purse, SimPersonalisation? sim,
        FingerTemplate? finger = null, PivPersonalisation? piv = null, InitialFile? files = null)
    {
        using var domain = DemonstrationKeys.CreateDomain();
        return new()
        {
            Card = card,
            Keys = CardKeys.Of(masters, card),
            KeyVersion = masters.Version,
            Pin = PinBlock.OfPin(DemonstrationKeys.Pin),
            Puk = PinBlock.OfPuk(DemonstrationKeys.Puk),
            Finger = finger,
            Purse = purse,
            Fields = [new InitialField(1, 1, Bytes.CopyOf("en"u8))],
            Piv = piv,
            Domain = DomainPersonalisation.Of(domain, DemonstrationKeys.DomainVersion, card),
            Sim = sim,
            Files = files,
        };
    }

    public void Dispose()
    {
        Keys.Dispose();
        Pin.Dispose();
        Puk.Dispose();
        Finger?.Dispose();
        Piv?.Dispose();
        Domain?.Dispose();
        Sim?.Dispose();
    }
}

/// <summary>A field of the data store as a card is born with it (docs/protocols/store.md §2).</summary>
/// <param name="Version">0001 to FFFF.</param>
/// <param name="Content">0 to 128 octets.</param>
public sealed record InitialField(byte Id, ushort Version, Bytes Content)
{
    /// <summary>By default octets that anybody reads.</summary>
    public FieldDefinition Definition { get; init; }
}
