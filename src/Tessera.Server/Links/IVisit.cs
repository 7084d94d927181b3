using Tessera.Platform.Applications;
using Tessera.Platform.Sessions;

namespace Tessera.Server.Links;

/// <summary>
/// A card's stay where its holder does one thing after the other, each a session of its own: at a browser, at a terminal,
/// in a call.
/// </summary>
internal interface IVisit
{
    /// <summary>
    /// What the next session, or one that a restart interrupted, shows its pages on; null where the terminal shows all.
    /// </summary>
    IPage? Page { get; }

    /// <summary>What the next session runs.</summary>
    ICardApplication Begin();

    /// <summary>What a session runs that a restart interrupted.</summary>
    ICardApplication? Find(string name);

    /// <summary>Such a session went on at this insertion, to its end.</summary>
    void Resumed();

    /// <summary>After a session, until the holder wants another.</summary>
    /// <returns>False where the visit is over.</returns>
    /// <exception cref="OperationCanceledException">The card went away meanwhile.</exception>
    Task<bool> GoOnAsync(SessionOutcome outcome, CancellationToken cancel);

    /// <summary>No session of this visit runs any more at the insertion that it began with.</summary>
    void End();
}
