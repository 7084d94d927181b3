using System.Diagnostics;
using System.Globalization;
using Tessera.Story;

namespace Tessera.Bench;

/// <summary>
/// Whole stories a second: a card is inserted, its holder loads, pays with the PIN and leaves; link frames in memory, and
/// so database and journal where the system has files there. Each makes two sessions' worth of work and five to ten scripts.
/// </summary>
internal static class StoryRate
{
    private const int Count = 40;
    private const int Runs = 3;

    public static async Task RunAsync()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        foreach (var road in new[] { CutRoad.Named("browser"), CutRoad.Named("keypad") })
        {
            var length = await road.MeasureAsync(stop.Token);
            List<double> rates = [];
            for (var run = 0; run < Runs; run++)
            {
                var begun = Stopwatch.GetTimestamp();
                await road.PlayAllAsync(Enumerable.Repeat<IReadOnlyList<Cut>>([], Count), (_, _, _) => { }, stop.Token);
                rates.Add(Count / Stopwatch.GetElapsedTime(begun).TotalSeconds);
            }

            rates.Sort();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{road.Name}: {rates[0]:N1} / {rates[1]:N1} / {rates[2]:N1} stories/s; one is {length}"));
        }
    }
}
