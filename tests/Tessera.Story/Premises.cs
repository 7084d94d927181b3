using Tessera.Platform.Fields;
using Tessera.Platform.Money;
using Tessera.Story.People;
using Tessera.Story.Plots;
using Tessera.Story.Road;
using Tessera.Testing;
using Tessera.Toolkit;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Story;

/// <summary>What server and terminal of a story have in common, and what outlives them.</summary>
/// <param name="Folder">Database and journal.</param>
internal sealed record Premises(
    string Folder, TerminalProfile Profile, PurseKeyring Keys, StoreKeyring StoreKeys, ManualTime Time, Scissors Scissors,
    Recorder Recorder, StoryRoad Road, Person Person, Action<StoryEvent> Tell)
{
    /// <summary>The server where no key of its own is asked for.</summary>
    public static readonly PeerIdentity Anyone = Identity(0x5E);

    public PeerIdentity Server { get; init; } = Anyone;

    /// <summary>What it is about.</summary>
    public StoryPlot Plot { get; init; } = new LunchPlot();

    public PeerIdentity Terminal { get; init; } = Identity(0x7E);

    public string DatabasePath => Path.Combine(Folder, "tessera.db");

    public string JournalPath => Path.Combine(Folder, "scripts.journal");

    private static PeerIdentity Identity(byte octet) =>
        new(new Bytes(Enumerable.Repeat(octet, PeerIdentity.Length).ToArray()));
}
