using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Tessera.Cli;

/// <summary><c>tessera house device</c>: the hand at the device between telephone and wall.</summary>
internal static class HouseDeviceVerbs
{
    private const string On = "on";
    private const string Off = "off";
    private const string Own = "own";
    private const string Another = "another";

    private static readonly string[] Keys = ["ok", "clear", "up", "down", "data"];

    public static Command Create() => new("device", "Work the device beside the telephone.")
    {
        Key(), Switch("power", "Switch it on, or off at once."), Switch("mains", "Put its plug in, or pull it."), Battery(),
        Tear(), Finger(),
    };

    private static Command Key()
    {
        var keys = new Argument<string[]>("key")
        {
            Description = $"0 to 9, {string.Join(", ", Keys)}; each is pressed for what is shown then.",
            Arity = ArgumentArity.OneOrMore,
        };
        return Driving("key", "Press keys of the device.", async (house, parsed, cancel) =>
        {
            var names = parsed.GetRequiredValue(keys).Select(NameOf).ToList();
            foreach (var name in names)
            {
                var device = await DeviceAsync(house, cancel);
                await house.PostAsync($"/device/key?ask={device.GetProperty("ask")}&key={name}", body: null, cancel);
            }
        }, keys);
    }

    private static Command Switch(string name, string description)
    {
        var state = new Argument<string>("state") { Description = "on or off." };
        state.AcceptOnlyFromAmong(On, Off);
        return Driving(name, description, (house, parsed, cancel) => house.PostAsync(
            $"/device/{name}?on={(parsed.GetRequiredValue(state) is On ? "true" : "false")}", body: null, cancel), state);
    }

    private static Command Battery()
    {
        var percent = new Argument<int>("percent") { Description = "How full it is, 0 to 100." };
        return Driving("battery", "Charge or drain its battery.", (house, parsed, cancel) => house.PostAsync(
            string.Create(CultureInfo.InvariantCulture, $"/device/battery?percent={parsed.GetValue(percent)}"),
            body: null, cancel), percent);
    }

    private static Command Tear() => Driving(
        "tear", "Take its paper.", (house, _, cancel) => house.PostAsync("/device/paper/tear", body: null, cancel));

    private static Command Finger()
    {
        var whose = new Argument<string>("whose") { Description = $"{Own}, or {Another}." };
        whose.AcceptOnlyFromAmong(Own, Another);
        return Driving(
            "finger", "Lay a finger on its reader, when it waits for one.",
            (house, parsed, cancel) => house.PostAsync(
                $"/device/finger?own={(parsed.GetRequiredValue(whose) is Own ? "true" : "false")}", body: null, cancel),
            whose);
    }

    private static Command Driving(
        string name, string description, Func<PageAtHand, ParseResult, CancellationToken, Task> drive,
        params ReadOnlySpan<Symbol> symbols) => HouseCommand.Driving(
        name, description,
        async (house, parsed, cancel) =>
        {
            await DeviceAsync(house, cancel);
            await drive(house, parsed, cancel);
        },
        symbols);

    /// <exception cref="FormatException">The telephone is plugged into the wall.</exception>
    private static async Task<JsonElement> DeviceAsync(PageAtHand house, CancellationToken cancel) =>
        (await house.StateAsync(cancel)).GetProperty("device") is { ValueKind: JsonValueKind.Object } device
            ? device
            : throw new FormatException("There is no device in this house.");

    private static string NameOf(string key) => key switch
    {
        [>= '0' and <= '9'] => $"Digit{key}",
        _ when Keys.Contains(key, StringComparer.OrdinalIgnoreCase) =>
            CultureInfo.InvariantCulture.TextInfo.ToTitleCase(key.ToLowerInvariant()),
        _ => throw new FormatException($"The device has no key '{key}'."),
    };
}
