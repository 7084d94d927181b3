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
        var roads = run.Road is null ? CutRoad.All : [CutRoad.Named(run.Road)];
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
        var plans = road.Plans(length, Limited(CutList.All(length), run), run.Sets, new Random(run.Seed));
        await road.PlayAllAsync(plans, (cuts, outcome, _) => table.Add(road.Name, cuts, outcome), stop);
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
        var (outcome, diary) = await CutRoad.Named(named).PlayAsync([.. places.Select(Cut.Parse)], cancel);
        foreach (var line in diary) Console.WriteLine(line);
        foreach (var fault in outcome.Faults) Console.WriteLine(fault);
        Console.WriteLine($"{outcome.Ending}, {outcome.Visits} visits");
        return outcome.Faults.Count == 0 ? 0 : 1;
    }
}
