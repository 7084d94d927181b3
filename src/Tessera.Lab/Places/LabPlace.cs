using System.Net;
using Tessera.Cards;
using Tessera.Lab.Houses;
using Tessera.Lab.Houses.Devices;
using Tessera.Lab.Houses.Page;
using Tessera.Lab.Phones;
using Tessera.Lab.Phones.Page;
using Tessera.Terminal.Agents;
using Tessera.Terminal.Pages;
using Tessera.Toolkit;
using Tessera.VirtualCard.Vpcd;

namespace Tessera.Lab.Places;

/// <summary>
/// Where a card of the lab can be: a slot that cards connect to, and a terminal or a phone around it, with its page.
/// </summary>
internal sealed class LabPlace : IAsyncDisposable
{
    private readonly IAsyncDisposable[] _parts;

    private LabPlace(
        string name, string title, VpcdSlot slot, Uri page, Task completion, params IAsyncDisposable[] parts)
    {
        (Name, Title, Slot, _parts) = (name, title, slot.EndPoint, parts);
        (Page, Completion) = (page, completion);
    }

    public string Name { get; }

    public string Title { get; }

    /// <summary>Where cards are inserted.</summary>
    public IPEndPoint Slot { get; }

    /// <summary>Display and keypad.</summary>
    public Uri Page { get; }

    /// <summary>The phone, where it is one.</summary>
    public Handset? Handset { get; private init; }

    /// <summary>Completes when it cannot go on, with the reason, or is switched off.</summary>
    public Task Completion { get; }

    /// <summary>A terminal with an agent that speaks to the server.</summary>
    public static async Task<LabPlace> TerminalAsync(
        string name, string title, TerminalProfile profile, LabOptions options, CancellationToken cancel)
    {
        var agentOptions = new PcAgentOptions
        {
            Name = title,
            Folder = Path.Combine(options.Folder, name),
            Server = options.Link,
            Pin = options.Pin,
            Profile = profile,
            Ancestors = [options.Origin],
        };
        await options.Enrol(PcAgent.IdentityOf(agentOptions), title, cancel);
        var slot = SlotOf(title);
        try
        {
            var agent = await PcAgent.StartAsync(agentOptions, _ => Task.FromResult<ICardReader>(slot), cancel);
            return new LabPlace(name, title, slot, agent.Page, agent.Completion, agent);
        }
        catch
        {
            await slot.DisposeAsync();
            throw;
        }
    }

    /// <summary>A phone that attaches to an SMSC.</summary>
    /// <param name="tray">The hand that moves its SIM from its own page.</param>
    public static async Task<LabPlace> PhoneAsync(
        string name, string title, EndPoint air, ISimTray tray, LabOptions options, CancellationToken cancel)
    {
        var slot = SlotOf(title);
        var phone = Handset.Start(new HandsetOptions { Centre = air, VoiceNetwork = options.VoiceNetwork }, slot);
        try
        {
            var page = await PhonePage.StartAsync(
                phone, tray, new LocalPageOptions { Ancestors = [options.Origin] }, cancel);
            return new LabPlace(name, title, slot, page.Address, phone.Completion, page, phone) { Handset = phone };
        }
        catch
        {
            await phone.DisposeAsync();
            throw;
        }
    }

    /// <summary>A house whose device takes cards.</summary>
    /// <param name="card">Says which card is in it; empty for none.</param>
    /// <param name="finger">Of who lives there.</param>
    public static async Task<LabPlace> HouseAsync(
        string name, string title, Func<string> card, long finger, LabOptions options, CancellationToken cancel)
    {
        var slot = SlotOf(title);
        var device = new HouseDeviceOptions
        {
            Name = title, Folder = Path.Combine(options.Folder, name), Server = options.LineServer!.Value, Slot = slot,
            Finger = finger,
        };
        await options.Enrol(HouseDevice.IdentityOf(device), title, cancel);
        var house = await House.StartAsync(
            new HouseOptions { Network = options.VoiceNetwork, Notes = options.Notes }, device, cancel);
        try
        {
            var page = await HousePage.StartAsync(
                house, card, new LocalPageOptions { Ancestors = [options.Origin] }, cancel);
            return new LabPlace(name, title, slot, page.Address, house.Completion, page, house);
        }
        catch
        {
            await house.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in _parts) await part.DisposeAsync();
    }

    private static VpcdSlot SlotOf(string title) => VpcdSlot.Listen(
        new IPEndPoint(IPAddress.Loopback, 0), new VpcdSlotOptions { Name = $"Slot of the {title}" });
}
