using Tessera.Platform.Dialogues;
using Tessera.Platform.Holders;

namespace Tessera.Platform.Applications;

/// <summary>
/// An application that begins with the same dialogue whoever comes, so that it travels in the script that asks the card
/// who it is: one round trip has the card verified and, say, a document shown and signed (docs/protocols/evidence.md §1.1).
/// </summary>
/// <remarks>
/// What came of it counts, and is given to the application, once the card has proven itself. Where the dialogue did not
/// fit the opening, it is led afterwards as any other.
/// </remarks>
public interface IOpeningApplication : ICardApplication
{
    /// <summary>
    /// What <see cref="ICardApplication.RunAsync"/> has to begin with, made by a pure function: its first dialogue, or one
    /// that begins as that.
    /// </summary>
    /// <param name="session">The one that begins.</param>
    /// <param name="opened">When it began, to the millisecond: <c>CardSession.Opened</c>.</param>
    Dialogue Opening(SessionReference session, DateTimeOffset opened);
}
