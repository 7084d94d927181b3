using Tessera.Platform.Holders;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Platform.Sessions;

/// <summary>The durable record of sessions; each method is one database transaction, durable on return.</summary>
public interface ISessionStore
{
    Task OpenAsync(SessionRecord session, CancellationToken cancel);

    /// <summary>The sessions of a terminal that have not ended, the oldest first.</summary>
    Task<IReadOnlyList<SessionRecord>> OpenAtAsync(Bytes terminal, CancellationToken cancel);

    /// <summary>All steps of a session, by ordinal.</summary>
    Task<IReadOnlyList<SessionStep>> StepsAsync(SessionReference session, CancellationToken cancel);

    /// <summary>
    /// Adds a step: a script before it is sent, which takes its number, anything else with its answer. A script that
    /// comes with an answer was never sent and takes no number.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The session has a step with that ordinal, or the insertion a script with that number or a higher one.
    /// </exception>
    Task AddAsync(SessionReference session, SessionStep asked, CancellationToken cancel);

    /// <summary>Records the answer to a script; empty where none will come.</summary>
    Task AnswerAsync(SessionReference session, int ordinal, Bytes answer, CancellationToken cancel);

    /// <summary>
    /// The last number a script took at that insertion; 0 where none did. Kept for the newest insertion of each
    /// terminal.
    /// </summary>
    Task<byte> LastNumberAsync(Insertion insertion, CancellationToken cancel);

    /// <summary>The session goes on at another insertion of its card.</summary>
    Task ContinueAsync(SessionReference session, Insertion insertion, CancellationToken cancel);

    Task CloseAsync(SessionReference session, SessionEnd how, DateTimeOffset now, CancellationToken cancel);
}

/// <summary>One insertion of a card into a terminal: what a link is about, and script numbers count in.</summary>
/// <param name="Terminal">The terminal's name, 8 octets.</param>
/// <param name="Number">The link session the terminal opened for it.</param>
public readonly record struct Insertion(Bytes Terminal, ushort Number)
{
    public static Insertion Of(ILink link) => new(link.Terminal, link.Session);

    public override string ToString() => $"{Terminal}-{Number:X4}";
}

/// <summary>A session as it stands in the store.</summary>
/// <param name="Application">Name of its application.</param>
/// <param name="At">Where it is, or was last.</param>
public sealed record SessionRecord(SessionReference Id, string Application, Insertion At, DateTimeOffset Opened);

/// <summary>One durable step of a session: what was asked, and what came of it.</summary>
/// <param name="Ordinal">From 0, without gaps.</param>
/// <param name="Asked">SHA-256 of what was asked; a replay has to ask the same.</param>
/// <param name="Script">What was sent, for a script.</param>
/// <param name="Answer">
/// The response script, or JSON; empty where a script's answer is lost, null while it is awaited.
/// </param>
public sealed record SessionStep(int Ordinal, StepKind Kind, Bytes Asked, SentScript? Script, Bytes? Answer);

/// <summary>What kind of thing a step of a session is.</summary>
public enum StepKind
{
    Script = 1,
    Page = 2,

    /// <summary>Something outside was done or read, by the application or by the session.</summary>
    Effect = 3,
}

/// <summary>A script as it was sent: the exact octets, sent again after a restart.</summary>
public sealed record SentScript(Insertion At, byte Number, Bytes Octets);

/// <summary>How a session ended.</summary>
public enum SessionEnd
{
    /// <summary>The application came to its end.</summary>
    Completed = 1,

    /// <summary>The holder left it.</summary>
    Left = 2,

    /// <summary>The card or the terminal went away for good.</summary>
    Lost = 3,

    /// <summary>The card was not accepted: unknown, revoked, suspect, not authentic.</summary>
    CardRefused = 4,

    /// <summary>After a restart the application asked something else than before.</summary>
    Differs = 5,

    /// <summary>The application failed.</summary>
    Failed = 6,
}
