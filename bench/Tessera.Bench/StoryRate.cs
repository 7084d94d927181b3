using System.Diagnostics;
using System.Globalization;
using Tessera.Story;
using Tessera.Toolkit;

namespace Tessera.Bench;

/// <summary>
/// Whole stories a second: a card is inserted, its holder loads, pays with the PIN and leaves; database and journal on disk,
/// link frames in memory. Each makes two sessions' worth of work and five to ten scripts.
/// </summary>
internal static class StoryRate
{
    private const int Count = 40;
    private const int Runs = 3;

    public static async Task RunAsync()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        foreach (var (road, profile) in new[] { ("browser", TerminalProfile.Rich), ("keypad", TerminalProfile.TextOnly) })
        {
            var length = await CutList.MeasureAsync(profile, stop.Token);
            List<double> rates = [];
            for (var run = 0; run < Runs; run++)
            {
                var begun = Stopwatch.GetTimestamp();
                await Parallel.ForEachAsync(Enumerable.Range(0, Count), stop.Token, async (_, cancel) =>
                {
                    await using var world = await StoryWorld.CreateAsync(profile, cancel, []);
                    await world.PlayAsync(cancel);
                });
                rates.Add(Count / Stopwatch.GetElapsedTime(begun).TotalSeconds);
            }

            rates.Sort();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{road}: {rates[0]:N1} / {rates[1]:N1} / {rates[2]:N1} stories/s; one is {length}"));
        }
    }
}
