using System.Diagnostics;
using Tessera.Story;

namespace Tessera.Cuts;

/// <summary>Cuts the story everywhere, once and twice, and prints what became of it.</summary>
internal static class Program
{
    /// <param name="arguments">
    /// Either <c>play browser FrameUp:5:after:long ...</c>, one story in words, or what <see cref="CutRun.Parse"/>
    /// reads.
    /// </param>
    /// <returns>1 where a story has a fault.</returns>
    public static async Task<int> Main(string[] arguments)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, key) =>
        {
            key.Cancel = true;
            stop.Cancel();
        };
        if (arguments is ["play", var named, .. var places]) return await PlayAsync(named, places, stop.Token);
        var run = CutRun.Parse(arguments);
        CutRoad[] roads = [.. CutRoad.All.Where(road => run.Road is null || Is(road, run.Road))];
        if (roads.Length == 0) throw new FormatException($"'{run.Road}' is no road.");
        var begun = Stopwatch.GetTimestamp();
        var table = new CutTable();
        foreach (var road in roads) await CutAsync(road, run, table, stop.Token);
        table.Print(Stopwatch.GetElapsedTime(begun));
        return table.Faults == 0 ? 0 : 1;
    }

    private static async Task CutAsync(CutRoad road, CutRun run, CutTable table, CancellationToken stop)
    {
        var length = await road.MeasureAsync(stop);
        Console.WriteLine($"{road.Name}: {length}");
        var random = new Random(run.Seed);
        IReadOnlyList<Cut>[] plans =
        [
            .. Limited(CutList.All(length), run).Select(cut => (IReadOnlyList<Cut>)[cut]),
            .. Enumerable.Range(0, road.TakesSets ? run.Sets : 0).Select(_ => CutList.Several(length, random)),
        ];
        var few = new ParallelOptions { MaxDegreeOfParallelism = road.Parallel, CancellationToken = stop };
        await Parallel.ForEachAsync(plans, few, async (cuts, cancel) =>
        {
            var (outcome, _) = await road.PlayAsync(cuts, cancel);
            table.Add(road.Name, cuts, outcome);
        });
    }

    private static IEnumerable<Cut> Limited(IEnumerable<Cut> cuts, CutRun run)
    {
        Cut[] all = [.. cuts];
        if (all.Length <= run.Limit) return all;
        new Random(run.Seed).Shuffle(all);
        return all.Take(run.Limit);
    }

    private static async Task<int> PlayAsync(string named, IEnumerable<string> places, CancellationToken cancel)
    {
        var road = CutRoad.All.Single(one => Is(one, named));
        var (outcome, diary) = await road.PlayAsync([.. places.Select(Cut.Parse)], cancel);
        foreach (var line in diary) Console.WriteLine(line);
        foreach (var fault in outcome.Faults) Console.WriteLine(fault);
        Console.WriteLine($"{outcome.Ending}, {outcome.Visits} visits");
        return outcome.Faults.Count == 0 ? 0 : 1;
    }

    private static bool Is(CutRoad road, string name) => string.Equals(road.Name, name, StringComparison.Ordinal);
}
