using System.CommandLine;
using System.Globalization;
using System.Net;
using Tessera.Smpp;

namespace Tessera.Cli;

/// <summary><c>tessera smpp</c>: an ESME at the command line.</summary>
internal static class SmppCommand
{
    private const int DefaultWindow = 100;
    private const int DefaultCount = 100_000;

    public static Command Create() => new("smpp", "Speak to an SMSC.") { Bench() };

    private static Command Bench()
    {
        var connect = new Option<EndPoint>("--connect")
        {
            Description = "The SMSC.",
            HelpName = "host:port",
            Required = true,
            CustomParser = result => Parse(result.Tokens[0].Value, result.AddError),
        };
        var systemId = Text("--system-id", "Who binds.");
        var password = Text("--password", "Its password.");
        var window = Count("--window", "Messages without answer.", DefaultWindow);
        var count = Count("--count", "Messages to submit.", DefaultCount);
        var command = new Command("bench", "Submit messages as fast as the window allows and tell the rate.")
        {
            connect, systemId, password, window, count, Verb.Json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var options = new SmppClientOptions
            {
                SystemId = parsed.GetRequiredValue(systemId),
                Password = parsed.GetRequiredValue(password),
                Mode = BindMode.Transmitter,
                Limits = new SessionLimits { Window = parsed.GetValue(window) },
            };
            await using var client = await SmppClient.ConnectAsync(parsed.GetRequiredValue(connect), options, cancel);
            var rate = await SubmitLoad.RunAsync(client, options.Limits.Window, parsed.GetValue(count), cancel);
            if (parsed.GetValue(Verb.Json)) Verb.PrintJson(rate);
            else Print(rate);
        });
        return command;
    }

    private static void Print(SubmitRate rate) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{rate.MessagesPerSecond:N0} messages/s, window {rate.Window}, "
        + $"p50 {rate.P50Ms:N2} ms, p99 {rate.P99Ms:N2} ms, {rate.Errors} errors"));

    private static Option<string> Text(string name, string description) =>
        new(name) { Description = description, HelpName = "text", Required = true };

    private static Option<int> Count(string name, string description, int value)
    {
        var option = new Option<int>(name)
        {
            Description = $"{description} Default {value}.",
            HelpName = "number",
            DefaultValueFactory = _ => value,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1) result.AddError($"{name} is 1 or more.");
        });
        return option;
    }

    private static EndPoint? Parse(string text, Action<string> error)
    {
        var colon = text.LastIndexOf(':');
        if (colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), CultureInfo.InvariantCulture, out var port))
        {
            var host = text[..colon].Trim('[', ']');
            return IPAddress.TryParse(host, out var address)
                ? new IPEndPoint(address, port)
                : new DnsEndPoint(host, port);
        }

        error($"'{text}' is no host:port.");
        return null;
    }
}
