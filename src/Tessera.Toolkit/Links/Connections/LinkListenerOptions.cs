using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>What a server that terminals connect to is, and its limits.</summary>
public sealed record LinkListenerOptions
{
    /// <summary>The server's own identity, which scripts are bound to.</summary>
    public required PeerIdentity Server { get; init; }

    /// <summary>
    /// Whether a terminal is known: others are sent away at their Hello. Default all that the transport lets through.
    /// </summary>
    public Func<PeerIdentity, bool> Knows { get; init; } = _ => true;

    /// <summary>Where terminals are taken in by codes; null for nowhere.</summary>
    public EnrolmentDesk? Enrolments { get; init; }

    /// <summary>
    /// Told of a card that its holder lets programs here use; must return at once. Null where nobody uses such cards.
    /// </summary>
    public Action<RelayedCard>? Relayed { get; init; }

    /// <summary>From a command to a relayed card to its answer. Default 40 s: a card may take 30.</summary>
    public TimeSpan RelayAnswer { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>Terminals remembered at the same time, connected or not. Default 1024.</summary>
    public int MaxTerminals { get; init; } = 1024;

    /// <summary>How long a session outlives its connection. Default 2 minutes.</summary>
    public TimeSpan ResumeWindow { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>From connection to Hello. Default 10 s.</summary>
    public TimeSpan Hello { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// From script to answer, reconnections included. Default 10 minutes: a holder has time to think.
    /// </summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What applications are told of the road. Default: whole scripts, a tenth of a second.</summary>
    public LinkTraits Traits { get; init; } = new(8192, TimeSpan.FromMilliseconds(100));

    /// <summary>What a terminal that this process has not met yet shows; default nothing.</summary>
    public Func<Bytes, PairingCode> Pair { get; init; } = _ => PairingCode.None;

    /// <summary>
    /// Told of a terminal that is not connected and that something waits for; must return at once. Told again when a
    /// connection ends with something that waits. Default nobody.
    /// </summary>
    public Action<Bytes> Wanted { get; init; } = _ => { };

    /// <summary>
    /// Told when a terminal comes, goes, or its reader changes, in order; must return at once and may call <see
    /// cref="LinkListener.Show"/> for that terminal. Default nobody.
    /// </summary>
    public Action<TerminalStatus> Changed { get; init; } = _ => { };
}

/// <summary>A terminal the listener remembers.</summary>
/// <param name="Terminal">The first 8 octets of its identity.</param>
/// <param name="Reader">As it said last.</param>
public sealed record TerminalStatus(
    Bytes Terminal, string Name, TerminalProfile Profile, bool Connected, ReaderState Reader);
