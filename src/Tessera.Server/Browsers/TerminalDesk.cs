using System.Collections.Concurrent;
using Tessera.Platform.Applications;
using Tessera.Platform.Sessions;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Server.Browsers;

/// <summary>What the server keeps beside one terminal: its name, its page, whether it is there.</summary>
public sealed class TerminalDesk(Bytes terminal)
{
    private readonly Lock _gate = new();
    private bool _isOpen;
    private bool _isLeft;
    private bool _isRenewed;

    public Bytes Terminal { get; } = terminal;

    public BrowserPage Page { get; } = new();

    public string Name { get; private set; } = terminal.ToString();

    public bool IsConnected { get; private set; }

    public bool HasCard { get; private set; }

    /// <summary>Whether the terminal stands beside a browser, where pages are shown.</summary>
    public bool IsRich { get; private set; }

    /// <summary>The application whose address the browser is at; null at the address of all.</summary>
    public string? Wanted { get; private set; }

    /// <summary>The application of the session under way; null for none.</summary>
    public ICardApplication? Running { get; private set; }

    /// <summary>What its page lists to choose from now; empty where it lists no applications.</summary>
    public IReadOnlyList<ICardApplication> Offered { get; private set; } = [];

    /// <summary>The browser came to an address: what is chosen from a list at that moment is chosen by it.</summary>
    /// <param name="application">Null for the address of all applications.</param>
    public void Open(string? application)
    {
        lock (_gate)
        {
            if (_isOpen && string.Equals(Wanted, application, StringComparison.Ordinal)) return;
            (_isOpen, Wanted) = (true, application);
            var place = Offered.Index().FirstOrDefault(one => Is(one.Item, application), (-1, null!)).Index;
            if (place >= 0) Page.TryAnswer(Page.Sight.Ticket, new Chosen(place));
        }
    }

    /// <summary>The server was started again and sees the browser where it was.</summary>
    public void Find(string? application)
    {
        lock (_gate)
        {
            if (!_isOpen) Open(application);
        }
    }

    /// <summary>The holder leaves the application for what <see cref="Wanted"/> says, if the page still asks that.</summary>
    public bool TryLeave(string ticket)
    {
        lock (_gate)
        {
            if (!Page.TryAnswer(ticket, new Left())) return false;
            return _isLeft = true;
        }
    }

    /// <summary>
    /// The card is back at a page that waited: what stands on it may be long past. A list of choices is begun again, as
    /// by a holder who goes and comes; what is read or typed stays.
    /// </summary>
    public void Renew()
    {
        lock (_gate)
        {
            var sight = Page.Sight;
            if (sight.Request is ChoicePage && Page.TryAnswer(sight.Ticket, new Left())) _isRenewed = true;
        }
    }

    internal bool TakeRenewal()
    {
        lock (_gate)
        {
            var isRenewed = _isRenewed;
            _isRenewed = false;
            return isRenewed;
        }
    }

    internal bool TakeLeave()
    {
        lock (_gate)
        {
            var isLeft = _isLeft;
            _isLeft = false;
            return isLeft;
        }
    }

    internal void Runs(ICardApplication? application)
    {
        lock (_gate) Running = application;
    }

    internal void Offer(IReadOnlyList<ICardApplication> applications)
    {
        lock (_gate) Offered = applications;
    }

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

    private static bool Is(ICardApplication application, string? name) =>
        string.Equals(application.Name, name, StringComparison.Ordinal);

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

    /// <summary>A terminal was withdrawn.</summary>
    public void Forget(Bytes terminal) => _desks.TryRemove(terminal, out _);
}
