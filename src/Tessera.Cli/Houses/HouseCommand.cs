using System.CommandLine;
using System.Text.Json;

namespace Tessera.Cli;

/// <summary><c>tessera house</c>: a house with its telephone and its line, run or driven.</summary>
internal static class HouseCommand
{
    private const string On = "on";
    private const string Off = "off";
    private const string What = "house";

    private static readonly Option<string> Connect = PageAtHand.OptionOf(What);

    public static Command Create() => new("house", "A house with a telephone, in software.")
    {
        HouseRun.Create(), State(), Lift(), Dial(), HangUp(), Press(), Redial(), InBandKeys(), Log(),
        HouseDeviceVerbs.Create(), HouseFaults.Create(),
    };

    /// <summary>A verb that connects to a house first.</summary>
    internal static Command Driving(
        string name, string description, Func<PageAtHand, ParseResult, CancellationToken, Task> drive,
        params ReadOnlySpan<Symbol> symbols) =>
        PageAtHand.Driving(Connect, What, name, description, drive, symbols);

    private static Command State() => Driving("state", "Print how telephone and line are.", async (house, parsed, cancel) =>
    {
        var sight = await house.StateAsync(cancel);
        if (parsed.GetValue(Verb.Json))
        {
            Verb.PrintJson(sight);
            return;
        }

        var (telephone, line) = (sight.GetProperty("telephone"), sight.GetProperty("line"));
        Console.WriteLine($"Telephone: {Text(telephone, "words")} {Text(telephone, "number")}".TrimEnd());
        if (sight.GetProperty("device") is { ValueKind: JsonValueKind.Object } device)
        {
            Console.WriteLine($"Device: {Text(device, "words")}");
            foreach (var row in device.GetProperty("lines").EnumerateArray()) Console.WriteLine($"  | {row.GetString(),-20} |");
            if (device.GetProperty("wantsFinger").GetBoolean()) Console.WriteLine("  A finger is waited for.");
        }

        Console.WriteLine($"Line {Text(sight, "number")}: {Text(line, "words")} {Text(line, "number")}".TrimEnd());
        PrintWay("out", line.GetProperty("out"));
        PrintWay("in", line.GetProperty("in"));
    }, Verb.Json);

    private static void PrintWay(string name, JsonElement way)
    {
        var modem = Text(way, "modem") is { Length: > 0 } words ? $" by {words}" : "";
        Console.WriteLine($"  {name}: {way.GetProperty("packets")} packets, {way.GetProperty("lost")} lost, "
            + $"{way.GetProperty("octets")} octets of data{modem}");
    }

    private static Command Lift() => Asking("lift", "Lift the handset: answer who calls, or begin to dial.", "lift");

    private static Command HangUp() => Asking("hangup", "Put the handset down.", "hangup");

    private static Command Redial() => Asking("redial", "Call the last number again.", "redial");

    private static Command Asking(string name, string description, string path) => Driving(
        name, description, (house, _, cancel) => house.PostAsync($"/telephone/{path}", body: null, cancel));

    private static Command Dial()
    {
        var number = new Argument<string>("number") { Description = "Digits, * and #, with a + before them or none." };
        return Driving("dial", "Lift the handset and call somebody.", (house, parsed, cancel) => house.PostAsync(
            $"/telephone/dial?number={Uri.EscapeDataString(parsed.GetRequiredValue(number))}", body: null, cancel), number);
    }

    private static Command Press()
    {
        var keys = new Argument<string>("keys") { Description = "Digits, * and #, as in 1234#." };
        return Driving(
            "press", "Press keys of the telephone; in a call the other end hears them.",
            (house, parsed, cancel) => house.PostAsync(
                $"/telephone/press?keys={Uri.EscapeDataString(parsed.GetRequiredValue(keys))}", body: null, cancel),
            keys);
    }

    private static Command InBandKeys()
    {
        var state = new Argument<string>("state") { Description = "on or off." };
        state.AcceptOnlyFromAmong(On, Off);
        return Driving(
            "in-band-keys", "Send the keys of a call as tones in its sound, and not as telephone events.",
            (house, parsed, cancel) => house.PostAsync(
                $"/telephone/in-band-keys?on={(parsed.GetRequiredValue(state) is On ? "true" : "false")}", body: null,
                cancel),
            state);
    }

    private static Command Log() => Driving("log", "Print what happened on the line.", async (house, parsed, cancel) =>
    {
        foreach (var entry in (await house.StateAsync(cancel)).GetProperty("line").GetProperty("log").EnumerateArray())
        {
            if (parsed.GetValue(Verb.Json)) Verb.PrintJson(entry);
            else Console.WriteLine($"{entry.GetProperty("time").GetDateTimeOffset():HH:mm:ss.fff} {Text(entry, "text")}");
        }
    }, Verb.Json);

    internal static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? "";
}
