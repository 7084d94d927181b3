using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using Tessera.Terminal;
using Tessera.Terminal.Enrolments;
using Tessera.Terminal.Serial;
using Tessera.Toolkit.Links;

namespace Tessera.Cli.Terminals;

/// <summary>
/// The road from a terminal to its server that <c>--link</c> names, and the server: one that the terminal is enrolled at,
/// now or before, one of this machine that tells its key and takes terminals in, or one whose key is given.
/// </summary>
internal sealed class RoadAtHand : IDisposable
{
    private const string WebSocket = "wss";
    private const string Tls = "tls";
    private const string Serial = "serial:";

    private readonly ServerAtHand? _host;
    private readonly EnrolAtHand? _enrol;
    private PeerIdentity? _pin;

    private RoadAtHand(Uri server, PeerIdentity? pin, ServerAtHand? host = null, EnrolAtHand? enrol = null) =>
        (Server, _pin, _host, _enrol) = (server, pin, host, enrol);

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

    /// <summary>The server's key; of a terminal that is to be enrolled, known when it was.</summary>
    public PeerIdentity Pin => _pin ?? throw new InvalidOperationException("The terminal is not enrolled yet.");

    /// <summary>Another road than the network; null for the network.</summary>
    public Func<X509Certificate2, CancellationToken, Task<IFrameChannel>>? Road { get; private init; }

    /// <exception cref="FormatException">The options do not go together, or one is none.</exception>
    /// <exception cref="IOException">The serial port cannot be opened.</exception>
    /// <exception cref="HttpRequestException">The server is not there, or its lab is off.</exception>
    public static async Task<RoadAtHand> OpenAsync(
        ParseResult parsed, string folder, EnrolAtHand? enrol, CancellationToken cancel)
    {
        var link = parsed.GetRequiredValue(LinkOption);
        var given = parsed.GetValue(PinOption);
        if (enrol is not null) return ToEnrol(parsed, given, enrol);
        var serial = link.StartsWith(Serial, StringComparison.Ordinal)
            ? new SerialAtHand(link[Serial.Length..], parsed)
            : null;
        if (serial is null && link is not (WebSocket or Tls))
            throw new FormatException($"--link is wss, tls, serial:PATH, line or audio, not '{link}'.");

        var road = given is not null ? new RoadAtHand(Given(parsed, link), PeerIdentity.Parse(given))
            : IsNamed(parsed, ServerAtHand.Option) || EnrolledServer.Read(folder) is not { } enrolled
                ? await AskAsync(ServerAtHand.Of(parsed), link, cancel)
                : Back(parsed, enrolled);
        return serial is null ? road : new RoadAtHand(road.Server, road.Pin, road._host)
        {
            Road = new SerialRoad(serial.Open, serial.Line, road.Pin).OpenAsync,
        };
    }

    /// <summary>Makes the terminal known, or says who it is where the server cannot be told.</summary>
    public async Task EnrolAsync(string folder, string name, CancellationToken cancel)
    {
        if (_enrol is not null)
        {
            _pin = (await _enrol.EnrolAsync(folder, name, Server, cancel)).Pin;
            Console.WriteLine($"Terminal {name} is enrolled at {Server.OriginalString}.");
        }
        else if (_host is not null)
        {
            await _host.EnrolAsync(CardTerminal.IdentityOf(folder, name), name, cancel);
        }
        else if (EnrolledServer.Read(folder)?.Pin != _pin)
        {
            Console.WriteLine($"The server must know this terminal: {CardTerminal.IdentityOf(folder, name)} {name}");
        }
    }

    public void Dispose() => _host?.Dispose();

    /// <summary>A terminal that is to be enrolled needs an address and a road of its own, and no key.</summary>
    private static RoadAtHand ToEnrol(ParseResult parsed, string? pin, EnrolAtHand enrol)
    {
        var link = IsNamed(parsed, LinkOption) ? parsed.GetRequiredValue(LinkOption) : null;
        if (pin is not null || link is not (null or WebSocket or Tls))
            throw new FormatException("--enrol goes with --link tls or wss, and without --pin.");
        var text = IsNamed(parsed, ServerAtHand.Option) ? parsed.GetRequiredValue(ServerAtHand.Option) : "";
        var address = text.Contains("://", StringComparison.Ordinal) ? text : $"{link ?? Tls}://{text}";
        if (!Uri.TryCreate(address, UriKind.Absolute, out var server) || server.Host.Length == 0 || server.Port <= 0
            || server.Scheme is not (WebSocket or Tls)
            || !string.Equals(link ?? server.Scheme, server.Scheme, StringComparison.Ordinal))
        {
            throw new FormatException(
                $"With --enrol, --server is HOST:PORT, tls://HOST:PORT or wss://HOST:PORT/link, not '{text}'.");
        }

        return new RoadAtHand(server, pin: null, enrol: enrol);
    }

    /// <summary>To the server that it was enrolled at.</summary>
    private static RoadAtHand Back(ParseResult parsed, EnrolledServer enrolled)
    {
        var link = parsed.GetRequiredValue(LinkOption);
        return !IsNamed(parsed, LinkOption) || link is not (WebSocket or Tls)
            || string.Equals(link, enrolled.Address.Scheme, StringComparison.Ordinal)
            ? new RoadAtHand(enrolled.Address, enrolled.Pin)
            : throw new FormatException(
                $"The terminal is enrolled at {enrolled.Address.OriginalString}: --link is {enrolled.Address.Scheme}.");
    }

    private static bool IsNamed(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

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
