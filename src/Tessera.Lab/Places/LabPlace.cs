using System.Net;
using Tessera.Cards;
using Tessera.Terminal.Agents;
using Tessera.Toolkit;
using Tessera.VirtualCard.Vpcd;

namespace Tessera.Lab.Places;

/// <summary>A terminal of the lab: a slot that cards connect to, and an agent that speaks to the server.</summary>
internal sealed class LabPlace : IAsyncDisposable
{
    private readonly PcAgent _agent;

    private LabPlace(string name, string title, IPEndPoint slot, PcAgent agent) =>
        (Name, Title, Slot, _agent) = (name, title, slot, agent);

    public string Name { get; }

    public string Title { get; }

    /// <summary>Where cards are inserted.</summary>
    public IPEndPoint Slot { get; }

    /// <summary>Display and keypad.</summary>
    public Uri Page => _agent.Page;

    /// <summary>Completes when the terminal cannot go on, with the reason, or is switched off.</summary>
    public Task Completion => _agent.Completion;

    public static async Task<LabPlace> StartAsync(
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
        var slot = VpcdSlot.Listen(
            new IPEndPoint(IPAddress.Loopback, 0), new VpcdSlotOptions { Name = $"Slot of the {title}" });
        try
        {
            return new LabPlace(name, title, slot.EndPoint, await PcAgent.StartAsync(
                agentOptions, _ => Task.FromResult<ICardReader>(slot), cancel));
        }
        catch
        {
            await slot.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _agent.DisposeAsync();
}
