using System.Net;
using Tessera.Lab.Phones;
using Tessera.Lab.Places;
using Tessera.Lab.Shelf;
using Tessera.Toolkit;

namespace Tessera.Lab;

/// <summary>
/// A world without hardware: a PC with a card reader, a terminal with two lines of text, a mobile phone, a house with a
/// telephone and a device beside it, a holder's cards. Every hop is a loopback socket: card to slot by vpcd, terminal to
/// server by mutual TLS, phone to SMSC by docs/protocols/air.md, telephone to device to wall to network by SIP and RTP,
/// the holder's keys by HTTP.
/// </summary>
public sealed class LabWorld : IAsyncDisposable
{
    public const string Pc = "pc";
    public const string TextTerminal = "text";
    public const string Phone = "phone";
    public const string House = "house";
    public const string HoldersCard = "card";
    public const string HoldersSim = "sim";
    public const string Clone = "clone";

    private static readonly (string Name, string Title, CardMake Make)[] Cards =
    [
        (HoldersCard, "The holder's card", CardMake.Iso),
        (HoldersSim, "The holder's SIM", CardMake.Sim),
        (Clone, "A clone for settings only", CardMake.StoreOnly),
    ];

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly List<LabPlace> _places = [];
    private readonly List<LabCard> _cards = [];

    private readonly Action _moved;

    private LabWorld(Action moved) => _moved = moved;

    public LabState State => new(
        [.. _places.Select(place => new PlaceState(
            place.Name, place.Title, place.Page, _cards.FirstOrDefault(card => IsIn(card, place))?.Name))],
        [.. _cards.Select(card => new CardState(card.Name, card.Title, card.Id.ToString(), card.Place))]);

    /// <summary>Completes when one of its terminals cannot go on, with the reason, or is switched off.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>The phone; null where there is none.</summary>
    public Handset? Handset { get; private set; }

    /// <summary>The SIM as the phone's own page shows it.</summary>
    internal TrayState SimInPhone => _cards.Find(card => card is { Name: HoldersSim, Place: Phone }) is { } sim
        ? new TrayState(IsInserted: true, sim.Writes)
        : new TrayState(IsInserted: false, 0);

    /// <summary>Puts the world up: cards on the shelf but for the SIM in its phone, everything switched on.</summary>
    public static async Task<LabWorld> StartAsync(LabOptions options, CancellationToken cancel)
    {
        Directory.CreateDirectory(options.Folder);
        var world = new LabWorld(options.Moved);
        try
        {
            await world.OpenCardsAsync(options, cancel);
            world._places.Add(await LabPlace.TerminalAsync(Pc, "PC card reader", TerminalProfile.Rich, options, cancel));
            world._places.Add(await LabPlace.TerminalAsync(
                TextTerminal, "Text terminal", TerminalProfile.TextOnly, options, cancel));
            if (options.Air is { } air) await world.StartPhoneAsync(air, options, cancel);
            if (options is { VoiceNetwork: not null, LineServer: not null }) await world.StartHouseAsync(options, cancel);
            world.Completion = Task.WhenAny(world._places.Select(place => place.Completion)).Unwrap();
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Puts a card into a terminal or phone, taking it out of wherever it is; what is in that terminal is pulled.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such card or terminal.</exception>
    public Task InsertAsync(string card, string place, CancellationToken cancel) => OneAtATimeAsync(async () =>
    {
        var (inserted, at) = (Card(card), Place(place));
        await inserted.PullAsync();
        foreach (var other in _cards.Where(other => IsIn(other, at))) await other.PullAsync();
        Insert(inserted, at);
    }, cancel);

    /// <summary>Pulls a card, whatever it is doing.</summary>
    /// <exception cref="ArgumentException">There is no such card.</exception>
    public Task PullAsync(string card, CancellationToken cancel) => OneAtATimeAsync(() => Card(card).PullAsync(), cancel);

    /// <summary>Cuts the power of a card after some more writes of its memory.</summary>
    /// <exception cref="ArgumentException">There is no such card.</exception>
    /// <exception cref="InvalidOperationException">The card is in no terminal.</exception>
    public Task CutPowerAsync(string card, int writes, CancellationToken cancel) => OneAtATimeAsync(() =>
    {
        Card(card).CutPowerAfter(writes, octets: 0);
        return Task.CompletedTask;
    }, cancel);

    public async ValueTask DisposeAsync()
    {
        foreach (var card in _cards) await card.DisposeAsync();
        foreach (var place in _places) await place.DisposeAsync();
        _oneAtATime.Dispose();
    }

    /// <summary>A phone keeps its SIM.</summary>
    private async Task StartPhoneAsync(EndPoint air, LabOptions options, CancellationToken cancel)
    {
        var phone = await LabPlace.PhoneAsync(
            Phone, "Mobile phone", air, new WorldSimTray(this), options, cancel);
        _places.Add(phone);
        Handset = phone.Handset;
        Insert(Card(HoldersSim), phone);
    }

    private async Task StartHouseAsync(LabOptions options, CancellationToken cancel) =>
        _places.Add(await LabPlace.HouseAsync(
            House, "Device at home",
            () => _cards.Find(card => string.Equals(card.Place, House, StringComparison.Ordinal))?.Title ?? "",
            LabFinger.Of(_cards[0].Id), options, cancel));

    private void Insert(LabCard card, LabPlace place)
    {
        card.Insert(place.Name, place.Slot);
        _ = TellAsync(card.Out);
        _moved();
    }

    /// <summary>A card goes by the hand or by itself, when its power goes.</summary>
    private async Task TellAsync(Task isOut)
    {
        await isOut.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _moved();
    }

    /// <summary>The cards of one holder; what is missing is made.</summary>
    private async Task OpenCardsAsync(LabOptions options, CancellationToken cancel)
    {
        foreach (var (name, title, make) in Cards)
        {
            var path = Path.Combine(options.Folder, $"{name}.img");
            await NewCard.MakeAsync(path, make, _cards.Count > 0 ? _cards[0].Id : null, options, cancel);
            _cards.Add(new LabCard(name, title, path));
        }
    }

    private static bool IsIn(LabCard card, LabPlace place) => string.Equals(card.Place, place.Name, StringComparison.Ordinal);

    private LabCard Card(string name) => _cards.Find(card => string.Equals(card.Name, name, StringComparison.Ordinal))
        ?? throw new ArgumentException($"There is no card '{name}'.", nameof(name));

    private LabPlace Place(string name) => _places.Find(place => string.Equals(place.Name, name, StringComparison.Ordinal))
        ?? throw new ArgumentException($"There is no terminal '{name}'.", nameof(name));

    private async Task OneAtATimeAsync(Func<Task> act, CancellationToken cancel)
    {
        await _oneAtATime.WaitAsync(cancel);
        try
        {
            await act();
        }
        finally
        {
            _oneAtATime.Release();
        }
    }
}
