using Tessera.Apps;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Platform.Applications;
using Tessera.Platform.Money;
using Tessera.Platform.Signing;
using Tessera.Storage;
using Tessera.Story.Books;
using Tessera.Story.Cards;
using Tessera.Story.People;
using Tessera.Testing;
using Tessera.Toolkit.Links;
using Tessera.VirtualCard;
using Tessera.Wire;

namespace Tessera.Story.Plots;

/// <summary>What a story is about: who comes with which card, what for, and what must be so at its end.</summary>
public abstract class StoryPlot : IDisposable
{
    /// <summary>Who the server is on the link.</summary>
    internal virtual PeerIdentity Server => Premises.Anyone;

    /// <summary>What applets the card has.</summary>
    internal virtual IReadOnlyList<Bytes> Applets => [PurseCommands.Aid, StoreCommands.Aid];

    /// <summary>What the holder comes for.</summary>
    internal abstract ICardApplication Application { get; }

    /// <summary>What keeps fields on the card.</summary>
    internal abstract ICardApplication Keeper { get; }

    internal abstract Person Holder(Recorder recorder, ManualTime time);

    internal virtual Personalisation Card(CardId id, DateTimeOffset now) => Personalisation.Demonstration(id);

    internal virtual Notary? Notary(Database database, TimeProvider time) => null;

    /// <summary>Every way in which the books do not hold, or differ from the card and from what the holder was told.</summary>
    internal abstract Task<IReadOnlyList<string>> CheckAsync(
        string path, StoryCard card, Person holder, PurseKeyring keys, CancellationToken cancel);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        // Nothing of its own.
    }
}

/// <summary>The holder loads 50.00, pays a lunch and leaves.</summary>
public sealed class LunchPlot : StoryPlot
{
    internal override ICardApplication Application { get; } = new PurseApplication();

    internal override ICardApplication Keeper { get; } = new PreferencesApplication();

    internal override Person Holder(Recorder recorder, ManualTime time) => new(recorder, time);

    internal override Task<IReadOnlyList<string>> CheckAsync(
        string path, StoryCard card, Person holder, PurseKeyring keys, CancellationToken cancel) =>
        StoryBooks.CheckAsync(path, card, keys, cancel);
}
