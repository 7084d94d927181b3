using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Cards.SecureChannels;
using Tessera.Cards.Store;
using Tessera.VirtualCard.Applets;
using Tessera.VirtualCard.Files;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
using Tessera.VirtualCard.Piv;
using Tessera.VirtualCard.SecureChannels;
using Tessera.VirtualCard.Sim;
using Tessera.VirtualCard.Sim.Authentication;
using Tessera.VirtualCard.Sim.Files;
using Tessera.VirtualCard.Sim.Toolkit;
using Tessera.VirtualCard.Sim.Usim;
using Tessera.Wire;

namespace Tessera.VirtualCard;

/// <summary>Makes card images and opens them: what the silicon of a card would hold, keys and PIN in clear.</summary>
public static class CardImage
{
    private const int KeyLength = 16;

    /// <summary>Personalises an empty medium, which stays the caller's; until this returns it holds no card.</summary>
    /// <exception cref="ArgumentException">The medium is not empty, or a field cannot be.</exception>
    public static void Create(IImageMedium medium, Personalisation card) => Create(medium, card, isBlank: false);

    internal static void Create(IImageMedium medium, Personalisation card, bool isBlank)
    {
        if (card is { Sim: not null, Purse: null })
            throw new ArgumentException("A SIM has a purse: its scripts begin with it selected.", nameof(card));
        if (card is { Sim: not null, Files: not null })
            throw new ArgumentException("A SIM has an MF of its own, that of its telephony.", nameof(card));

        var pages = card.Files is { } master ? FileImage.Pages(master, card.FilePages) : [];
        var born = Cells(card);
        var cells = isBlank ? [.. born.Select(BlankCard.Emptied), CardLife.BlankCell] : born;
        try
        {
            CardMemory.Format(medium, cells, pages);
        }
        finally
        {
            foreach (var cell in born) cell.Content.Erase();
            foreach (var page in pages) page.Erase();
        }
    }

    /// <summary>Opens a card, completing the transaction that was cut if one was. It has no power yet.</summary>
    /// <param name="medium">Belongs to the card from here on, also when this fails.</param>
    /// <param name="random">Where its nonces come from, by default the system; stays the caller's.</param>
    /// <exception cref="DamagedImageException">The medium does not hold a whole image.</exception>
    public static CardOs Open(IImageMedium medium, RandomNumberGenerator? random = null)
    {
        try
        {
            var memory = CardMemory.Open(medium);
            random ??= RandomNumberGenerator.Create();
            return new CardOs(memory, new CardLife(memory), life => Compose(memory, life, random));
        }
        catch
        {
            medium.Dispose();
            throw;
        }
    }

    /// <summary>What the memory makes of the card: all of it once it is secured, else its domain alone.</summary>
    private static CardBody Compose(CardMemory whole, CardLife life, RandomNumberGenerator random)
    {
        var memory = whole.Part(id => !CellId.IsOfTelephony(id));
        var current = new CurrentChannel();
        var pin = new CardPin(memory, current);
        var finger = new CardFinger(memory, pin);
        var card = Bytes.CopyOf(memory.Read(CellId.Card)).Read<CardId>();
        List<IApplet> applets = memory.Has(CellId.Purse)
            ? [new PurseApplet(memory, pin, finger, card, random), new StoreApplet(memory, pin, card)]
            : [new StoreApplet(memory, pin, card)];
        if (memory.Has(CellId.PivManagementKey)) applets.Add(new PivApplet(memory, random));
        var sim = life.State == CardLifeCycle.Initialized && whole.Has(CellId.Administrator)
            ? new SimBirth(whole.Part(CellId.IsOfTelephony))
            : null;
        var birth = new CardBirth(memory, life, [.. applets], sim);
        List<IApplet> shown = life.State == CardLifeCycle.Secured ? [.. birth.Applets] : [];
        // First, for hosts of GlobalPlatform mean the domain where they select without a name.
        if (memory.Has(CellId.DomainTraits)) shown.Insert(0, DomainOver(memory, birth, random));
        var programs = new CardPrograms(card, current, pin, finger, shown);
        if (life.State != CardLifeCycle.Secured) return new CardBody(programs, null);
        if (whole.Has(CellId.Chv1)) return ComposeSim(whole, memory, programs);
        var files = memory.Pages > 0 ? new FileSystem(memory, card, current, pin, finger, random) : null;
        return new CardBody(programs with { Files = files }, null);
    }

    private static SecuredApplet DomainOver(
        CardMemory memory, CardBirth birth, RandomNumberGenerator random)
    {
        var file = new DomainFile(memory);
        var end = new SecureChannelEnd(file, file.Aid, random);
        return new SecuredApplet(new IssuerDomain(file, end, birth), end);
    }

    /// <summary>
    /// Applets and toolkit are handed a memory without the telephony, the telephony one with nothing else; and no channel
    /// leads from the toolkit applet to the telephony files.
    /// </summary>
    private static CardBody ComposeSim(CardMemory whole, CardMemory memory, CardPrograms applets)
    {
        var telephony = whole.Part(CellId.IsOfTelephony);
        var toolkit = new ToolkitApplet(memory, applets.Id, new AppletChannel(CurrentChannel.Toolkit, applets));
        var security = new SimSecurity(telephony);
        var authentication = telephony.Has(CellId.SubscriberKey) ? new SimAuthentication(telephony) : null;
        var files = authentication is null
            ? null
            : new UiccFiles(telephony, applets.Id, applets.Current, security, authentication, toolkit);
        return new CardBody(
            applets with { Files = files }, new SimApplication(telephony, toolkit, security, authentication));
    }

    private static NewCell[] Cells(Personalisation card) =>
    [
        new(CellId.Card, CardId.Length, Bytes.Of(card.Card)),
        new(CellId.Pin, CardPin.CellLength, CardPin.WriteCell(CardPin.MaxPinTries, card.Pin.Reveal())),
        new(CellId.Puk, CardPin.CellLength, CardPin.WriteCell(CardPin.MaxPukTries, card.Puk.Reveal())),
        .. card.Finger is { } finger ? CardFinger.Cells(finger) : [],
        .. card.Purse is { } purse ? Purse(card, purse) : [],
        new(CellId.StoreTraits, StoreFile.TraitsLength, new Bytes((byte[])[card.KeyVersion])),
        new(CellId.StoreKey, KeyLength, Bytes.CopyOf(card.Keys.Store.Reveal())),
        .. Fields(card.Fields)
            .Select((field, i) => new NewCell((byte)(CellId.StoreField + i), StoreField.MaxLength, field)),
        .. card.Piv is { } piv ? PivImage.Cells(piv) : [],
        .. card.Domain is { } domain ? DomainFile.NewCells(domain) : [],
        .. card.Sim is { } sim ? SimImage.Cells(sim) : [],
    ];

    private static NewCell[] Purse(Personalisation card, PurseTraits traits) =>
    [
        new(
            CellId.PurseTraits, PurseFile.TraitsLength,
            PurseFile.WriteTraits(card.IsDeactivated, card.KeyVersion, traits)),
        new(CellId.PurseKey, KeyLength, Bytes.CopyOf(card.Keys.Purse.Reveal())),
        new(CellId.Purse, PurseFile.BalanceLength, Bytes.Of(new PurseBalance(0, 0))),
        new(CellId.PurseLimits, PurseLimits.Length, Bytes.Of(new PurseLimits(0, 0, card.GreatestWithoutPin))),
        new(CellId.PurseOfflineKey, KeyLength, Bytes.CopyOf(card.Keys.Offline.Reveal())),
        .. Enumerable.Range(CellId.PurseLog, PurseCommands.LogRecords)
            .Select(id => new NewCell((byte)id, PurseFile.RecordLength, Bytes.Empty)),
    ];

    /// <summary>The content of all sixteen cells, the free ones empty.</summary>
    private static IEnumerable<Bytes> Fields(IReadOnlyList<InitialField> fields)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fields.Count, StoreCommands.MaxFields, nameof(fields));
        if (fields.Any(field => field.Id == 0 || field.Version == 0)
            || fields.DistinctBy(field => field.Id).Count() != fields.Count)
            throw new ArgumentException("Field and version are not 0, and no field is there twice.", nameof(fields));

        return fields.Select(field => new StoreField(field.Id, field.Version, field.Content, field.Definition).Write())
            .Concat(Enumerable.Repeat(Bytes.Empty, StoreCommands.MaxFields - fields.Count));
    }
}
