using System.CommandLine;
using System.Globalization;

namespace Tessera.Cli;

/// <summary><c>tessera house fault</c>: what the lab does to the line.</summary>
internal static class HouseFaults
{
    public static Command Create() => new("fault", "Break the line, or mend it.") { Set(), Burst(), Cut() };

    private static Command Set()
    {
        var loss = new Option<double>("--loss") { Description = "Of hundred packets so many are lost.", HelpName = "percent" };
        var delay = new Option<int>("--delay") { Description = "Each packet comes so much later.", HelpName = "ms" };
        return HouseCommand.Driving(
            "set", "Lose and delay packets from now on; without options, none.",
            (house, parsed, cancel) => house.PostAsync(
                "/line/faults",
                new { lossPercent = parsed.GetValue(loss), delayMilliseconds = parsed.GetValue(delay) }, cancel),
            loss, delay);
    }

    private static Command Burst()
    {
        var length = new Argument<int>("ms") { Description = "How long, 1 to 2000 ms." };
        return HouseCommand.Driving("burst", "Lose every packet for a while.", (house, parsed, cancel) => house.PostAsync(
            string.Create(CultureInfo.InvariantCulture, $"/line/burst?milliseconds={parsed.GetValue(length)}"),
            body: null, cancel), length);
    }

    private static Command Cut() => HouseCommand.Driving(
        "cut", "Cut the call.", (house, _, cancel) => house.PostAsync("/line/cut", body: null, cancel));
}
