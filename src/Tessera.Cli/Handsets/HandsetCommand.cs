using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Tessera.Cli;

/// <summary><c>tessera handset</c>: a mobile phone in software, run or driven.</summary>
internal static class HandsetCommand
{
    private const string On = "on";
    private const string Off = "off";
    private const string What = "phone";

    private static readonly Option<string> Connect = PageAtHand.OptionOf(What);

    /// <summary>Keys that are not called by what stands on them.</summary>
    private static readonly string[] Keys = ["up", "down", "ok", "back", "left", "right", "end", "power", "call"];

    public static Command Create() => new("handset", "A mobile phone in software.")
    {
        HandsetRun.Create(), State(), Key(), Type(), Menu(), Inbox(), Send(), Power(), Fault(), Log(),
        HandsetCalls.Dial(), HandsetCalls.HangUp(), HandsetCalls.Press(), HandsetCalls.HideNumber(),
        HandsetCalls.InBandKeys(),
    };

    private static Command State() => Driving("state", "Print the display and how it is.", async (phone, parsed, cancel) =>
    {
        var sight = await phone.StateAsync(cancel);
        if (parsed.GetValue(Verb.Json))
        {
            Verb.PrintJson(sight);
            return;
        }

        var state = sight.GetProperty("phone");
        foreach (var line in state.GetProperty("lines").EnumerateArray())
            Console.WriteLine($"| {line.GetString(),-20} |");
        Console.WriteLine($"[{Text(state, "left"),-9}  {Text(state, "right"),9}]");
        Console.WriteLine($"Network {Text(state, "network")}, SIM {Text(state, "sim")}, "
            + $"number {Text(state.GetProperty("identity"), "number")}");
        var traffic = state.GetProperty("traffic");
        Console.WriteLine(
            $"Short messages: {traffic.GetProperty("sent")} sent, {traffic.GetProperty("received")} received");
    }, Verb.Json);

    private static Command Key()
    {
        var keys = new Argument<string[]>("key")
        {
            Description = $"0 to 9, *, #, {string.Join(", ", Keys)}; several are pressed one after the other.",
            Arity = ArgumentArity.OneOrMore,
        };
        return Driving("key", "Press keys.", async (phone, parsed, cancel) =>
        {
            var names = parsed.GetRequiredValue(keys).Select(NameOf).ToList();
            foreach (var name in names) await phone.PressAsync(name, cancel);
        }, keys);
    }

    private static Command Type()
    {
        var text = new Argument<string>("text") { Description = "What to type; - reads a line of standard input." };
        return Driving("type", "Type on the phone as on a keyboard.", async (phone, parsed, cancel) =>
        {
            var typed = parsed.GetRequiredValue(text);
            if (typed is "-") typed = await Verb.ReadLineAsync(cancel) ?? "";
            await phone.PostAsync("/type", new { text = typed }, cancel);
        }, text);
    }

    private static Command Menu()
    {
        var item = new Argument<string?>("item")
        {
            Description = "The item to take; without it the menu is printed.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        return Driving("menu", "Take an item of the SIM's menu.", async (phone, parsed, cancel) =>
        {
            var menu = (await phone.StateAsync(cancel)).GetProperty("phone").GetProperty("menu");
            if (menu.ValueKind == JsonValueKind.Null) throw new FormatException("The SIM has set up no menu.");
            var items = menu.GetProperty("items").EnumerateArray().Select(each => Text(each, "text")).ToList();
            if (parsed.GetValue(item) is not { } wanted)
            {
                Console.WriteLine(Text(menu, "title"));
                foreach (var text in items) Console.WriteLine($"  {text}");
                return;
            }

            var place = items.FindIndex(text => text.Equals(wanted, StringComparison.OrdinalIgnoreCase));
            if (place < 0) throw new FormatException($"The menu has no item '{wanted}'.");
            await phone.PostAsync(
                string.Create(CultureInfo.InvariantCulture, $"/menu?place={place}"), body: null, cancel);
        }, item);
    }

    private static Command Inbox() => Driving("inbox", "Print messages, newest first.", async (phone, parsed, cancel) =>
    {
        var inbox = (await phone.StateAsync(cancel)).GetProperty("phone").GetProperty("inbox");
        if (parsed.GetValue(Verb.Json))
        {
            Verb.PrintJson(inbox);
            return;
        }

        foreach (var message in inbox.EnumerateArray())
        {
            var time = message.GetProperty("time").GetDateTimeOffset().ToString("u", CultureInfo.InvariantCulture);
            var isNew = message.GetProperty("isRead").GetBoolean() ? "" : " (new)";
            Console.WriteLine($"{time} {Text(message, "from")}{isNew}: {Text(message, "text")}");
        }
    }, Verb.Json);

    private static Command Send()
    {
        var to = new Option<string>("--to") { Description = "Whom to.", HelpName = "number", Required = true };
        var text = new Option<string>("--text") { Description = "What to say.", HelpName = "text", Required = true };
        return Driving("send", "Send a text message.", (phone, parsed, cancel) => phone.PostAsync(
            "/send", new { to = parsed.GetRequiredValue(to), text = parsed.GetRequiredValue(text) }, cancel), to, text);
    }

    private static Command Power()
    {
        var state = new Argument<string>("state") { Description = "on or off." };
        state.AcceptOnlyFromAmong(On, Off);
        return Driving("power", "Switch the phone on or off.", (phone, parsed, cancel) => phone.PostAsync(
            $"/power?on={(parsed.GetRequiredValue(state) is On ? "true" : "false")}", body: null, cancel), state);
    }

    private static Command Fault()
    {
        var fault = new Argument<string>("fault")
        {
            Description = "signal (count 0 or 1), lose, loseAnswers, double, reorder, hold, release, clear; "
                + "for the SIM remove, insert, cut (after count writes).",
        };
        fault.AcceptOnlyFromAmong(
            "signal", "lose", "loseAnswers", "double", "reorder", "hold", "release", "clear",
            "remove", "insert", "cut");
        var direction = new Option<string>("--direction")
        {
            Description = "Messages to the phone, or from it.", DefaultValueFactory = _ => "down",
        };
        direction.AcceptOnlyFromAmong("down", "up");
        var count = new Option<int>("--count")
        {
            Description = "How many messages, or writes.", HelpName = "number", DefaultValueFactory = _ => 1,
        };
        return Driving("fault", "Set a switch of the lab.", (phone, parsed, cancel) => phone.PostAsync(
            "/faults",
            new
            {
                fault = parsed.GetRequiredValue(fault), direction = parsed.GetRequiredValue(direction),
                count = parsed.GetValue(count),
            },
            cancel), fault, direction, count);
    }

    private static Command Log()
    {
        var after = new Option<long>("--after") { Description = "Only entries after that.", HelpName = "number" };
        return Driving("log", "Print what went over the phone's wires.", async (phone, parsed, cancel) =>
        {
            foreach (var entry in (await phone.LogAsync(parsed.GetValue(after), cancel)).EnumerateArray())
            {
                if (parsed.GetValue(Verb.Json)) Verb.PrintJson(entry);
                else Print(entry);
            }
        }, after, Verb.Json);
    }

    private static void Print(JsonElement entry)
    {
        var time = entry.GetProperty("time").GetDateTimeOffset().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        Console.WriteLine($"{entry.GetProperty("number")} {time} {Text(entry, "direction")} {Text(entry, "text")}");
        if (Text(entry, "octets") is { Length: > 0 } octets) Console.WriteLine($"    {octets}");
    }

    /// <summary>A verb that connects to a phone first.</summary>
    internal static Command Driving(
        string name, string description, Func<PageAtHand, ParseResult, CancellationToken, Task> drive,
        params ReadOnlySpan<Symbol> symbols) =>
        PageAtHand.Driving(Connect, What, name, description, drive, symbols);

    private static string NameOf(string key) => key switch
    {
        [>= '0' and <= '9'] => $"Digit{key}",
        "*" => "Star",
        "#" => "Hash",
        _ when Keys.Contains(key, StringComparer.OrdinalIgnoreCase) =>
            CultureInfo.InvariantCulture.TextInfo.ToTitleCase(key.ToLowerInvariant()),
        _ => throw new FormatException($"There is no key '{key}'."),
    };

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? "";
}
