using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using Tessera.Terminal.Serial;
using Tessera.Toolkit.Links;

namespace Tessera.Cli.Terminals;

/// <summary>
/// The road from a terminal to its server that <c>--link</c> names, and the server: one of this machine that tells its
/// key and takes terminals in, or one whose key is given.
/// </summary>
internal sealed class RoadAtHand : IDisposable
{
    private const string WebSocket = "wss";
    private const string Tls = "tls";
    private const string Serial = "serial:";

    private readonly ServerAtHand? _host;

    private RoadAtHand(Uri server, PeerIdentity pin, ServerAtHand? host) => (Server, Pin, _host) = (server, pin, host);

    public static Option<string> LinkOption { get; } = new("--link")
    {
        Description = "How the server is reached: wss (WebSocket), tls (a plain TLS stream), serial:PATH, a serial port "
            + "with a telephone at its other end (tessera terminal relay), line or audio (data in a telephone call).",
        HelpName = "road",
        DefaultValueFactory = _ => WebSocket,
    };

    public static Option<string> PinOption { get; } = new("--pin")
    {
        Description = "SHA-256 of the server's public key, 64 digits, where no server of this machine tells it; the server "
            + "must know the terminal.",
        HelpName = "hex",
    };

    /// <summary>Where links connect.</summary>
    public Uri Server { get; }

    public PeerIdentity Pin { get; }

    /// <summary>Another road than the network; null for the network.</summary>
    public Func<X509Certificate2, CancellationToken, Task<IFrameChannel>>? Road { get; private init; }

    /// <exception cref="FormatException">The options do not go together, or one is none.</exception>
    /// <exception cref="IOException">The serial port cannot be opened.</exception>
    /// <exception cref="HttpRequestException">The server is not there, or its lab is off.</exception>
    public static async Task<RoadAtHand> OpenAsync(ParseResult parsed, CancellationToken cancel)
    {
        var link = parsed.GetRequiredValue(LinkOption);
        var serial = link.StartsWith(Serial, StringComparison.Ordinal)
            ? new SerialAtHand(link[Serial.Length..], parsed)
            : null;
        if (serial is null && link is not (WebSocket or Tls))
            throw new FormatException($"--link is wss, tls, serial:PATH, line or audio, not '{link}'.");

        var given = parsed.GetValue(PinOption);
        var road = given is null
            ? await AskAsync(ServerAtHand.Of(parsed), link, cancel)
            : new RoadAtHand(Given(parsed, link), PeerIdentity.Parse(given), host: null);
        return serial is null ? road : new RoadAtHand(road.Server, road.Pin, road._host)
        {
            Road = new SerialRoad(serial.Open, serial.Line, road.Pin).OpenAsync,
        };
    }

    /// <summary>Makes the terminal known, or says who it is where the server cannot be told.</summary>
    public async Task EnrolAsync(PeerIdentity terminal, string name, CancellationToken cancel)
    {
        if (_host is not null) await _host.EnrolAsync(terminal, name, cancel);
        else Console.WriteLine($"The server must know this terminal: {terminal} {name}");
    }

    public void Dispose() => _host?.Dispose();

    private static async Task<RoadAtHand> AskAsync(ServerAtHand host, string link, CancellationToken cancel)
    {
        try
        {
            var (address, stream, pin) = await host.LinkAsync(cancel);
            if (link is Tls && stream is null)
            {
                throw new FormatException(
                    "The server takes no links in a plain TLS stream: it was started without --tls-port.");
            }

            return new RoadAtHand(link is Tls ? stream! : address, pin, host);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>The server's own address; a device behind a telephone has no use for one.</summary>
    private static Uri Given(ParseResult parsed, string link)
    {
        if (link is not (WebSocket or Tls)) return new Uri($"{TerminalConnection.StreamScheme}://telephone");
        var text = parsed.GetRequiredValue(ServerAtHand.Option);
        return Uri.TryCreate(text, UriKind.Absolute, out var server)
            && string.Equals(server.Scheme, link, StringComparison.Ordinal)
            ? server
            : throw new FormatException(
                $"With --pin and --link {link}, --server is an address {link}://HOST:PORT, not '{text}'.");
    }
}
