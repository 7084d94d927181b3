using System.Diagnostics;
using System.Globalization;
using Tessera.Story;
using Tessera.Toolkit;

namespace Tessera.Cuts;

/// <summary>Cuts the story everywhere, once and twice, and prints what became of it.</summary>
internal static class Program
{
    private static readonly (string Name, TerminalProfile Profile)[] Roads =
        [("browser", TerminalProfile.Rich), ("keypad", TerminalProfile.TextOnly)];

    /// <param name="arguments">
    /// Either <c>play browser FrameUp:5:after:long ...</c>, one story in words, or the number of
    /// random sets of two to four cuts for each road (default 1000), and their seed (default 1).
    /// </param>
    public static async Task<int> Main(string[] arguments)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, key) =>
        {
            key.Cancel = true;
            stop.Cancel();
        };
        if (arguments is ["play", var named, .. var places]) return await PlayAsync(named, places, stop.Token);
        var pairs = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 1000;
        var seed = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 1;
        var begun = Stopwatch.GetTimestamp();
        var table = new CutTable();
        foreach (var (road, profile) in Roads)
        {
            var length = await CutList.MeasureAsync(profile, stop.Token);
            Console.WriteLine($"{road}: {length}");
            var random = new Random(seed);
            IReadOnlyList<Cut>[] plans =
            [
                .. CutList.All(length).Select(cut => (IReadOnlyList<Cut>)[cut]),
                .. Enumerable.Range(0, pairs).Select(_ => CutList.Several(length, random)),
            ];
            await Parallel.ForEachAsync(plans, stop.Token, async (cuts, cancel) =>
            {
                await using var world = await StoryWorld.CreateAsync(profile, cancel, cuts);
                table.Add(road, cuts, await world.PlayAsync(cancel));
            });
        }

        table.Print(Stopwatch.GetElapsedTime(begun));
        return table.Faults == 0 ? 0 : 1;
    }

    private static async Task<int> PlayAsync(string road, IEnumerable<string> places, CancellationToken cancel)
    {
        var profile = Roads.Single(one => string.Equals(one.Name, road, StringComparison.Ordinal)).Profile;
        await using var world = await StoryWorld.CreateAsync(profile, cancel, [.. places.Select(Cut.Parse)]);
        var outcome = await world.PlayAsync(cancel);
        foreach (var line in world.Recorder.Diary) Console.WriteLine(line);
        foreach (var fault in outcome.Faults) Console.WriteLine(fault);
        Console.WriteLine($"{outcome.Ending}, {outcome.Visits} visits");
        return outcome.Faults.Count == 0 ? 0 : 1;
    }
}
