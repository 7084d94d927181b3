using System.CommandLine;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards;
using Tessera.Phone.Data;
using Tessera.Phone.Sip;
using Tessera.Phone.Sound;
using Tessera.Terminal.Displays;
using Tessera.Terminal.Lines;
using Tessera.Terminal.Pages;
using Tessera.Toolkit.Links;

namespace Tessera.Cli.Terminals;

/// <summary>
/// The device on a telephone line that <c>--link line</c> and <c>--link audio</c> name: between a telephone and the
/// network by SIP, or on two sounds.
/// </summary>
internal static class LineAtHand
{
    public const string Line = "line";
    public const string Audio = "audio";

    private const string WavFile = ".wav";

    private static readonly Option<string> Listen = new("--listen")
    {
        Description = "With --link line: where the telephone calls the device, by SIP.", HelpName = "address:port",
        DefaultValueFactory = _ => "127.0.0.1:5070",
    };

    private static readonly Option<string?> Network = new("--network")
    {
        Description = "With --link line: where its calls go, by SIP.", HelpName = "address:port",
    };

    private static readonly Option<string?> Telephone = new("--telephone")
    {
        Description = "With --link line: the telephone that rings when the network calls, such as sip:home@127.0.0.1:5062.",
        HelpName = "uri",
    };

    private static readonly Option<string> Number = new("--number")
    {
        Description = "With --link line: the number of the line, asserted to the network.", HelpName = "number",
        DefaultValueFactory = _ => "",
    };

    private static readonly Option<string?> In = new("--in")
    {
        Description = "With --link audio: the sound of the line, a WAV file or a stream of s16le at 8 kHz.",
        HelpName = "path",
    };

    private static readonly Option<string?> Out = new("--out")
    {
        Description = "With --link audio: what the device says, as --in.", HelpName = "path",
    };

    private static readonly Option<string> Display = new("--display")
    {
        Description = "Lines and characters of the device's display, 2x16 to 4x20.", HelpName = "size",
        DefaultValueFactory = _ => "2x16",
    };

    public static IReadOnlyList<Option> Options { get; } =
        [Listen, Network, Telephone, Number, In, Out, Display, Verb.Json];

    public static bool IsNamed(ParseResult parsed) => parsed.GetValue(RoadAtHand.LinkOption) is Line or Audio;

    /// <exception cref="FormatException">An option is missing, or is none.</exception>
    public static async Task ServeAsync(
        ParseResult parsed, string folder, ushort port, Func<CancellationToken, Task<ICardReader>> openReader,
        CancellationToken cancel)
    {
        using var host = ServerAtHand.Of(parsed);
        var isLine = parsed.GetValue(RoadAtHand.LinkOption) is Line;
        var exchange = isLine ? ExchangeOf(parsed) : null;
        var (heard, said) = isLine ? ("", "") : (Given(parsed, In), Given(parsed, Out));
        var display = DisplaySize.Parse(parsed.GetRequiredValue(Display));
        await using var ports = await PortsAtHand.OpenAsync(parsed, cancel);
        var (address, _, pin) = await host.LinkAsync(cancel);
        var options = new LineTerminalOptions
        {
            Name = Environment.MachineName, Folder = folder, Display = display, Ports = ports.Ports,
            Server = await KeyAsync(address, pin, cancel),
        };
        await using (await openReader(cancel))
        {
            // A reader that is not there is told before anything is made.
            await host.EnrolAsync(LineTerminal.IdentityOf(options), options.Name, cancel);
        }

        await using var device = LineTerminal.Start(options, openReader);
        await using var page = await ScreenPage.StartAsync(device.Screen, new LocalPageOptions { Port = port }, cancel);
        await using var calls = exchange is null ? null : DeviceExchange.Start(device, exchange);
        Tell(parsed, page, calls);
        var serving = calls is null ? HearAsync(device, heard, said, cancel) : calls.Completion.WaitAsync(cancel);
        await await Task.WhenAny(serving, device.Completion.WaitAsync(cancel));
    }

    private static void Tell(ParseResult parsed, ScreenPage page, DeviceExchange? calls)
    {
        if (parsed.GetValue(Verb.Json))
        {
            Verb.PrintJson(new
            {
                Page = page.Address, page.Token, Jack = calls?.Jack.ToString(), Line = calls?.Line.ToString(),
            });
            return;
        }

        Console.WriteLine($"The device is ready: {page.Address}");
        if (calls is not null) Console.WriteLine($"Its telephone calls {calls.Jack}, the network {calls.Line}.");
    }

    private static async Task HearAsync(LineTerminal device, string heard, string said, CancellationToken cancel)
    {
        if (Path.GetExtension(heard) is WavFile)
        {
            using var pace = new PeriodicTimer(AudioBlock.Duration);
            var path = new RecordedPath(await Wav.LoadAsync(heard, cancel), pace);
            await device.RunAsync(path, telephone: null, cancel);
            await Wav.SaveAsync(said, path.Said, cancel);
            return;
        }

        // A pipe is opened when its other end is: both at once, whichever comes first. Its ends lock nothing.
        var opening = Task.Run(() => File.Open(heard, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), cancel);
        await using var output = await Task.Run(
            () => File.Open(said, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite), cancel).WaitAsync(cancel);
        await using var input = await opening.WaitAsync(cancel);
        await device.RunAsync(new PcmPath(input, output), telephone: null, cancel);
    }

    private static DeviceExchangeOptions ExchangeOf(ParseResult parsed)
    {
        var telephone = parsed.GetValue(Telephone) is { } uri ? SipUri.Parse(uri) : null;
        return new DeviceExchangeOptions
        {
            Network = EndPoint("--network", Given(parsed, Network)),
            Listen = EndPoint("--listen", parsed.GetRequiredValue(Listen)),
            Number = parsed.GetRequiredValue(Number),
            Telephone = () => telephone,
        };
    }

    private static string Given(ParseResult parsed, Option<string?> option) => parsed.GetValue(option)
        ?? throw new FormatException($"--link {parsed.GetValue(RoadAtHand.LinkOption)} needs {option.Name}.");

    private static IPEndPoint EndPoint(string name, string text) => IPEndPoint.TryParse(text, out var address)
        ? address
        : throw new FormatException($"{name} is an address and a port such as 127.0.0.1:5070, not '{text}'.");

    /// <summary>The key behind a pin, as the server shows it in the handshake of its other links.</summary>
    /// <exception cref="AuthenticationException">Somebody else is there.</exception>
    private static async Task<LinePublicKey> KeyAsync(Uri server, PeerIdentity pin, CancellationToken cancel)
    {
        LinePublicKey? key = null;
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port, cancel);
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = server.Host,
                    EnabledSslProtocols = LinkTls.Protocols,
                    CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                    RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    {
                        if (certificate is not X509Certificate2 peer || PeerIdentity.Of(peer) != pin) return false;
                        key = LinePublicKey.Of(peer);
                        return true;
                    },
                },
                cancel);
        }
        catch (Exception e) when (key is not null && e is AuthenticationException or IOException)
        {
            // It does not take who shows no certificate, but it has shown its own.
        }

        return key ?? throw new AuthenticationException($"{server.Authority} did not show the key of the server.");
    }
}
