using System.CommandLine;

namespace Tessera.Cli;

/// <summary>The verbs of <c>tessera handset</c> that make a phone a telephone.</summary>
internal static class HandsetCalls
{
    private const string On = "on";
    private const string Off = "off";

    public static Command Dial()
    {
        var number = new Argument<string>("number") { Description = "Digits, * and #, with a + before them or none." };
        return HandsetCommand.Driving("dial", "Call somebody.", (phone, parsed, cancel) => phone.PostAsync(
            $"/dial?number={Uri.EscapeDataString(parsed.GetRequiredValue(number))}", body: null, cancel), number);
    }

    public static Command HangUp() => HandsetCommand.Driving(
        "hangup", "Hang up, where there is a call.",
        (phone, _, cancel) => phone.PostAsync("/hangup", body: null, cancel));

    public static Command Press()
    {
        var keys = new Argument<string>("keys") { Description = "Digits, * and #, as in 1234#." };
        return HandsetCommand.Driving(
            "press", "Press keys by what stands on them; in a call the other end hears them.",
            (phone, parsed, cancel) => phone.PostAsync(
                $"/press?keys={Uri.EscapeDataString(parsed.GetRequiredValue(keys))}", body: null, cancel),
            keys);
    }

    public static Command HideNumber() =>
        Switch("hide-number", "Keep the phone's number from those it calls.", "/hide-number?hidden=");

    public static Command InBandKeys() => Switch(
        "in-band-keys", "Send the keys of a call as tones in its sound, and not as telephone events.",
        "/in-band-keys?on=");

    private static Command Switch(string name, string description, string path)
    {
        var state = new Argument<string>("state") { Description = "on or off." };
        state.AcceptOnlyFromAmong(On, Off);
        return HandsetCommand.Driving(
            name, description,
            (phone, parsed, cancel) => phone.PostAsync(
                $"{path}{(parsed.GetRequiredValue(state) is On ? "true" : "false")}", body: null, cancel),
            state);
    }
}
