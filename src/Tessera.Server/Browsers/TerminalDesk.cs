using System.Collections.Concurrent;
using Tessera.Platform.Sessions;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Server.Browsers;

/// <summary>What the server keeps beside one terminal: its name, its page, whether it is there.</summary>
public sealed class TerminalDesk(Bytes terminal)
{
    private readonly Lock _gate = new();

    public Bytes Terminal { get; } = terminal;

    public BrowserPage Page { get; } = new();

    public string Name { get; private set; } = terminal.ToString();

    public bool IsConnected { get; private set; }

    public bool HasCard { get; private set; }

    /// <summary>Whether the terminal stands beside a browser, where pages are shown.</summary>
    public bool IsRich { get; private set; }

    /// <summary>Takes what the terminal says of itself, and says on its page what is missing there.</summary>
    /// <returns>False where nothing that counts has changed.</returns>
    public bool Update(TerminalStatus status)
    {
        lock (_gate)
        {
            var before = (IsConnected, HasCard, Name);
            (Name, IsRich) = (status.Name, status.Profile.HasRichPages);
            (IsConnected, HasCard) = (status.Connected, status.Reader.HasCard);
            Page.Miss(Missing());
            return before != (IsConnected, HasCard, Name);
        }
    }

    private Absence? Missing() => this switch
    {
        { IsConnected: false } => new Absence(
            $"Your terminal {Name} is not connected. Paying and changing your PIN wait until it is back.",
            new PageStatus(PageState.Working, "Waiting for your terminal. Is it switched on?")),
        { HasCard: false } => new Absence(
            "Your card is out. Paying and changing your PIN wait until it is back; what you load meanwhile reaches it then.",
            new PageStatus(PageState.InsertCard, "Insert your card to begin. Until then nothing can be paid.")),
        _ => null,
    };
}

/// <summary>The desks of all terminals that were ever seen since the server started.</summary>
public sealed class TerminalDesks
{
    private readonly ConcurrentDictionary<Bytes, TerminalDesk> _desks = new();

    public IReadOnlyCollection<TerminalDesk> All => [.. _desks.Values];

    public TerminalDesk Of(Bytes terminal) => _desks.GetOrAdd(terminal, static id => new TerminalDesk(id));
}
