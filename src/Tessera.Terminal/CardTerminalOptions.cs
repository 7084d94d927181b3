using Tessera.Terminal.Displays;
using Tessera.Terminal.Ports;
using Tessera.Toolkit;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Links;

namespace Tessera.Terminal;

/// <summary>What a terminal is and whom it serves, whatever road leads there.</summary>
public sealed record CardTerminalOptions
{
    /// <summary>For people, 1 to 64 octets of UTF-8.</summary>
    public required string Name { get; init; }

    /// <summary>Certificate and journal; made if it is not there.</summary>
    public required string Folder { get; init; }

    /// <summary>The server's key: nobody else's scripts are run.</summary>
    public required PeerIdentity Pin { get; init; }

    /// <summary>What it can without its <see cref="Ports"/>.</summary>
    public required TerminalProfile Profile { get; init; }

    /// <summary>The server is told of them in the profile. Default none.</summary>
    public TerminalPorts Ports { get; init; } = new();

    /// <summary>How long the holder lets programs at the server use the card at most. Default 15 minutes.</summary>
    public TimeSpan LongestRelay { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Before it looks again at a reader that went away. Default 2 s.</summary>
    public TimeSpan ReaderRetry { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// From the first octet to the server to an authenticated channel. Default 20 s;
    /// <see cref="Timeout.InfiniteTimeSpan"/> on a road that is there only now and then.
    /// </summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>From then to the server's Hello. Default 10 s.</summary>
    public TimeSpan Hello { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Before the first attempt to reconnect, give or take a half. Default 0.5 s.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Doubling ends here. Default 30 s.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Told of every change in the reader, in order; must return at once and not call the terminal. Default nobody.
    /// </summary>
    public Action<ReaderState> ReaderChanged { get; init; } = _ => { };

    /// <summary>
    /// What stands on the screen between requests, made of what the terminal knows; must return at once and not call
    /// the terminal. Default that itself.
    /// </summary>
    public Func<IdleState, IdleState> Idle { get; init; } = state => state;

    /// <summary>What stands around the journal; stories kill a terminal at any record of it.</summary>
    internal Func<IScriptJournal, IScriptJournal> Journaling { get; init; } = journal => journal;
}
