using System.Security.Cryptography.X509Certificates;
using Tessera.Terminal.Ports;
using Tessera.Toolkit;
using Tessera.Toolkit.Links;

namespace Tessera.Terminal.Agents;

/// <summary>What a terminal beside a PC is and whom it serves.</summary>
public sealed record PcAgentOptions
{
    /// <summary>For people, 1 to 64 octets of UTF-8.</summary>
    public required string Name { get; init; }

    /// <summary>Certificate and journal; made if it is not there.</summary>
    public required string Folder { get; init; }

    /// <summary>
    /// Where the server listens for links, <c>wss://host:port/link</c> or <c>tls://host:port</c>; not used where there is
    /// another <see cref="Road"/>.
    /// </summary>
    public required Uri Server { get; init; }

    /// <summary>
    /// Another road than the network: opens a channel to the server with the terminal's certificate, as of <see
    /// cref="LinkClient.RunAsync"/>. Default none.
    /// </summary>
    public Func<X509Certificate2, CancellationToken, Task<IFrameChannel>>? Road { get; init; }

    /// <summary>The server's key: nobody else's scripts are run.</summary>
    public required PeerIdentity Pin { get; init; }

    /// <summary>
    /// Default <see cref="TerminalProfile.Rich"/>: the application's pages appear in a browser beside it.
    /// </summary>
    public TerminalProfile Profile { get; init; } = TerminalProfile.Rich;

    /// <summary>What it has beside reader and page; none of it is the terminal's to dispose. Default none.</summary>
    public TerminalPorts Ports { get; init; } = new();

    /// <summary>
    /// Whether its display has a menu entry by which the holder lets programs at the server use the card. Default no.
    /// </summary>
    public bool OffersRelay { get; init; }

    /// <summary>Port of its own page on 127.0.0.1; 0 takes a free one. Default 0.</summary>
    public int Port { get; init; }

    /// <summary>Origins whose pages may show its page in a frame. Default none.</summary>
    public IReadOnlyList<string> Ancestors { get; init; } = [];

    /// <summary>Before it looks again at a reader that went away. Default 2 s.</summary>
    public TimeSpan ReaderRetry { get; init; } = TimeSpan.FromSeconds(2);
}
