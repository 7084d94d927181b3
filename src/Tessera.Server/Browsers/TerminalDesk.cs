using System.Collections.Concurrent;
using Tessera.Platform.Sessions;
using Tessera.Toolkit;
using Tessera.Wire;

namespace Tessera.Server.Browsers;

/// <summary>What the server keeps beside one terminal: its name, its page, whether it is there.</summary>
public sealed class TerminalDesk(Bytes terminal)
{
    public Bytes Terminal { get; } = terminal;

    public BrowserPage Page { get; } = new();

    public string Name { get; set; } = terminal.ToString();

    public TerminalProfile? Profile { get; set; }

    public bool IsConnected { get; set; }

    public bool HasCard { get; set; }

    /// <summary>Whether the terminal stands beside a browser, where pages are shown.</summary>
    public bool IsRich => Profile?.Capabilities.HasFlag(TerminalCapabilities.RichPages) ?? false;

    /// <summary>Says on the page what is missing here: the terminal, its card, or nothing.</summary>
    public void TellPresence()
    {
        if (!IsConnected)
            Say($"Your terminal {Name} is not connected.", PageState.Working, "Waiting for your terminal. Is it switched on?");
        else if (!HasCard)
            Say("Your card is out.", PageState.InsertCard, "Insert your card to begin. Until then nothing can be paid.");
        else
            Page.Notify(null, null);
    }

    private void Say(string missing, PageState state, string meanwhile) => Page.Notify(
        $"{missing} Paying, loading and changing your PIN wait until it is back.", new PageStatus(state, meanwhile));
}

/// <summary>The desks of all terminals that were ever seen since the server started.</summary>
public sealed class TerminalDesks
{
    private readonly ConcurrentDictionary<Bytes, TerminalDesk> _desks = new();

    public IReadOnlyCollection<TerminalDesk> All => [.. _desks.Values];

    public TerminalDesk Of(Bytes terminal) => _desks.GetOrAdd(terminal, static id => new TerminalDesk(id));

    public TerminalDesk? Find(Bytes terminal) => _desks.GetValueOrDefault(terminal);
}
