using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>What a terminal that connects to a server is, what it can be asked, and its limits.</summary>
public sealed record LinkClientOptions
{
    /// <summary>For people, 1 to 64 octets of UTF-8.</summary>
    public required string Name { get; init; }

    public required TerminalProfile Profile { get; init; }

    /// <summary>The one server whose scripts are run.</summary>
    public required PeerIdentity Server { get; init; }

    /// <summary>
    /// Runs a script and returns its answer. Called for one at a time, and again for a script sent again: what makes
    /// that harmless is the journal behind it. Cancelled only when the client stops.
    /// </summary>
    public required Func<Bytes, CancellationToken, Task<Bytes>> Run { get; init; }

    /// <summary>
    /// Replaces the session of that number, if it is still in force, and reports the new one. Never called while a
    /// script runs.
    /// </summary>
    public required Func<ushort, CancellationToken, Task> Reopen { get; init; }

    /// <summary>
    /// Carries out a command of a program at the server; null where the relay is off. Never called while a script runs.
    /// Default always off.
    /// </summary>
    public Func<RelayCommand, CancellationToken, Task<RelayAnswer?>> Relay { get; init; } =
        (_, _) => Task.FromResult<RelayAnswer?>(null);

    /// <summary>Told with the reason that the server has no use for the card; must return at once. Default nobody.</summary>
    public Action<string> RelayReturned { get; init; } = _ => { };

    /// <summary>Told of every change, in order; must return at once. Default nobody.</summary>
    public Action<LinkStatus> Changed { get; init; } = _ => { };

    /// <summary>From the first octet to the server to an authenticated channel. Default 20 s.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>From then to the server's Hello. Default 10 s.</summary>
    public TimeSpan Hello { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Before the first attempt to reconnect, give or take a half. Default 0.5 s.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Doubling ends here. Default 30 s.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>How a terminal stands with its server.</summary>
/// <param name="Resumed">The server remembered this terminal.</param>
/// <param name="Reason">Why it is not connected; empty while it is or before the first attempt ended.</param>
/// <param name="Bye">What the Bye of the connection before said; null while there is one, or where none was said.</param>
public sealed record LinkStatus(
    bool Connected, bool Resumed, PairingCode Pairing, string Reason, ByeReason? Bye = null)
{
    public static readonly LinkStatus Initial = new(Connected: false, Resumed: false, PairingCode.None, "");
}
