using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Tessera.Smpp;
using Tessera.Smpp.Centre;
using Tessera.Storage;
using Tessera.Storage.Smsc;

namespace Tessera.Cli;

/// <summary><c>tessera smsc</c>: a short message service centre.</summary>
internal static class SmscCommand
{
    private const int DefaultQueue = 1_000_000;

    private static readonly Option<IPEndPoint> Listen = Address("--listen", "Where ESMEs connect.", "127.0.0.1:2775");
    private static readonly Option<IPEndPoint> Air = Address("--air", "Where phones connect.", "127.0.0.1:2776");

    private static readonly Option<string> SystemId =
        new("--system-id") { Description = "Of the ESME that may bind.", HelpName = "id", Required = true };

    private static readonly Option<string> Password =
        new("--password") { Description = "Its password.", HelpName = "text", Required = true };

    private static readonly Option<string[]> Own = new("--own")
    {
        Description = "Number or name whose messages the ESME gets; with * at the end, all that begin so.",
        HelpName = "address",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<Subscriber[]> Subscribers = new("--subscriber")
    {
        Description = "A SIM and its number, such as 001010000000001=+33612345678.",
        HelpName = "imsi=number",
        CustomParser = result => [.. result.Tokens.Select(token => Subscriber(token.Value, result))],
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<bool> Volatile =
        new("--volatile") { Description = "Keep messages in memory only: they end with the centre." };

    private static readonly Option<string> Folder = new("--dir")
    {
        Description = "Where messages are kept; made if it is not there.",
        HelpName = "dir",
        DefaultValueFactory = _ => Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "tessera", "smsc"),
    };

    private static readonly Option<int> Queue = new("--queue")
    {
        Description = $"Messages held before more are refused. Default {DefaultQueue}.",
        HelpName = "number",
        DefaultValueFactory = _ => DefaultQueue,
    };

    private static readonly Option<bool> Contents =
        new("--contents") { Description = "Print what messages hold, too." };

    private static readonly Option<bool> Quiet = new("--quiet") { Description = "Print no events." };

    public static Command Create() => new("smsc", "A short message service centre.") { Run() };

    private static Command Run()
    {
        var command = new Command(
            "run",
            "Serve one ESME and phones until Ctrl+C; a line of JSON for each event. Without --own and --subscriber "
            + "every number is the ESME's own: what it sends comes back to it.")
        {
            Listen, SystemId, Password, Own, Air, Subscribers, Volatile, Folder, Queue, Contents, Quiet,
        };
        command.Serves(RunAsync);
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        if (parsed.GetValue(Volatile))
        {
            await ServeAsync(parsed, new VolatileMessageStore(), cancel);
            return;
        }

        var folder = Directory.CreateDirectory(parsed.GetRequiredValue(Folder));
        await using var database = await Database.OpenAsync(
            Path.Combine(folder.FullName, "smsc.db"), cancel: cancel);
        await using var store = new SqliteMessageStore(database);
        await ServeAsync(parsed, store, cancel);
    }

    private static async Task ServeAsync(ParseResult parsed, IMessageStore store, CancellationToken cancel)
    {
        await using var centre = await ShortMessageCentre.StartAsync(Options(parsed), store, cancel: cancel);
        using var watch = parsed.GetValue(Quiet) ? null : centre.Watch(parsed.GetValue(Contents));
        await using var air = CentreListener.Start(parsed.GetRequiredValue(Air), centre.ServePhoneAsync);
        await using var smpp = SmppListener.Listen(parsed.GetRequiredValue(Listen), centre.Esmes);
        Verb.PrintJson(new
        {
            Event = "listening",
            Smpp = smpp.EndPoint.ToString(),
            Air = air.Address.ToString(),
            Durable = store is not VolatileMessageStore,
            centre.Held,
        });
        var printing = watch is null ? Task.Delay(Timeout.Infinite, cancel) : SmscJson.PrintAsync(watch, cancel);
        await await Task.WhenAny(printing, centre.Failed);
    }

    private static CentreOptions Options(ParseResult parsed)
    {
        var (own, subscribers) = (parsed.GetRequiredValue(Own), parsed.GetRequiredValue(Subscribers));
        var queue = parsed.GetValue(Queue);
        return new CentreOptions
        {
            Subscribers = subscribers,
            MaxHeld = queue,
            Esmes =
            [
                new EsmeAccount
                {
                    SystemId = parsed.GetRequiredValue(SystemId),
                    Password = parsed.GetRequiredValue(Password),
                    Addresses = own is [] && subscribers is [] ? ["*"] : own,
                    AnySource = true,
                    MaxQueued = queue,
                },
            ],
        };
    }

    private static Option<IPEndPoint> Address(string name, string description, string usual) => new(name)
    {
        Description = $"{description} Default {usual}.",
        HelpName = "address:port",
        DefaultValueFactory = _ => IPEndPoint.Parse(usual),
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value.Replace("localhost", "127.0.0.1", StringComparison.OrdinalIgnoreCase);
            if (IPEndPoint.TryParse(text, out var address)) return address;
            result.AddError($"'{text}' is no address:port.");
            return null;
        },
    };

    private static Subscriber Subscriber(string text, ArgumentResult result)
    {
        try
        {
            if (text.Split('=') is [var imsi, var number])
                return new Subscriber(Imsi.Parse(imsi), Msisdn.Parse(number));
            result.AddError($"'{text}' is no imsi=number.");
        }
        catch (FormatException e)
        {
            result.AddError($"'{text}': {e.Message}");
        }

        return null!;
    }
}
