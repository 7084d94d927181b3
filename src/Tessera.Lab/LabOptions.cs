using System.Net;
using Tessera.Cards;
using Tessera.Lab.Houses;
using Tessera.Phone.Data;
using Tessera.Toolkit.Links;
using Tessera.VirtualCard.Memory;

namespace Tessera.Lab;

/// <summary>Where the lab's world is, which server it speaks to, and who issues its cards.</summary>
public sealed record LabOptions
{
    /// <summary>Images, certificates and journals of the lab; made if it is not there.</summary>
    public required string Folder { get; init; }

    /// <summary>Where terminals connect, <c>wss://host:port/link</c>.</summary>
    public required Uri Link { get; init; }

    /// <summary>The server's key.</summary>
    public required PeerIdentity Pin { get; init; }

    /// <summary>Origin whose pages show the terminals in frames, e.g. <c>http://127.0.0.1:5080</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>Where phones attach (docs/protocols/air.md). Default none: there is no phone.</summary>
    public EndPoint? Air { get; init; }

    /// <summary>
    /// Who takes the phone's calls, by SIP over UDP on this machine. Default none: nobody can be called.
    /// </summary>
    public IPEndPoint? VoiceNetwork { get; init; }

    /// <summary>
    /// The server's key on the line, for the device at home. Default none: there is no house. It needs
    /// <see cref="VoiceNetwork"/>.
    /// </summary>
    public LinePublicKey? LineServer { get; init; }

    /// <summary>What stands on the note beside the telephone at home. Default nothing.</summary>
    public IReadOnlyList<NotedNumber> Notes { get; init; } = [];

    /// <summary>Makes a terminal known to the server before it connects.</summary>
    public required Func<PeerIdentity, string, CancellationToken, Task> Enrol { get; init; }

    /// <summary>Makes a new card on an empty medium: its keys, PIN, PUK and first content.</summary>
    public required Func<CardOrder, IImageMedium, CancellationToken, Task> Make { get; init; }

    /// <summary>Makes a card known to the server before it can be used; called at every start.</summary>
    public required Func<CardOrder, CancellationToken, Task> Register { get; init; }

    /// <summary>Told, on any thread, when a card is somewhere else or has lost its power. Default nobody is.</summary>
    public Action Moved { get; init; } = static () => { };
}

/// <summary>The whole lab as a page or a program sees it.</summary>
public sealed record LabState(IReadOnlyList<PlaceState> Places, IReadOnlyList<CardState> Cards);

/// <summary>A terminal of the lab.</summary>
/// <param name="Page">Its display and keypad on 127.0.0.1.</param>
/// <param name="Card">Name of the card in it; null for none.</param>
public sealed record PlaceState(string Name, string Title, Uri Page, string? Card);

/// <summary>A card that the lab wants.</summary>
/// <param name="First">The first card of the same holder; the card itself where it is that one.</param>
public sealed record CardOrder(CardId Card, CardMake Make, CardId First);

/// <summary>What a card of the lab can do.</summary>
public enum CardMake
{
    /// <summary>Purse and data store.</summary>
    Iso,

    /// <summary>A SIM, with the same purse and data store as an ISO card.</summary>
    Sim,

    /// <summary>A clone limited to one application: the data store, no purse.</summary>
    StoreOnly,
}

/// <summary>A card of the lab.</summary>
/// <param name="Place">Name of the terminal it is in; null on the shelf.</param>
public sealed record CardState(string Name, string Title, string Id, string? Place);
