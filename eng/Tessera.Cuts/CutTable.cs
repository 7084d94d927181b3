using System.Globalization;
using Tessera.Story;

namespace Tessera.Cuts;

/// <summary>What became of all stories, by road and kind of cut.</summary>
internal sealed class CutTable
{
    private static readonly StoryEnding[] Endings = Enum.GetValues<StoryEnding>();

    private readonly Lock _gate = new();
    private readonly SortedDictionary<(string Road, string Cut), int[]> _rows = [];
    private int _uncut;

    public int Faults { get; private set; }

    public void Add(string road, IReadOnlyList<Cut> cuts, StoryOutcome outcome)
    {
        lock (_gate)
        {
            var name = (cuts, outcome.Cuts) switch
            {
                ([_], [var made]) => made.Name,
                ([var planned], _) => planned.Name,
                _ => $"{cuts.Count} cuts",
            };
            if (!_rows.TryGetValue((road, name), out var row)) _rows[(road, name)] = row = new int[Endings.Length];
            row[(int)outcome.Ending]++;
            if (outcome.Cuts.Count == 0) _uncut++;
            if (outcome.Faults.Count == 0) return;

            Faults++;
            Console.WriteLine($"FAULT {road}: {string.Join("; ", cuts)}");
            foreach (var cut in outcome.Cuts) Console.WriteLine($"  cut {cut}");
            foreach (var fault in outcome.Faults) Console.WriteLine($"  {fault}");
            Console.WriteLine($"  visits {outcome.Visits}, told: {outcome.Told}");
        }
    }

    public void Print(TimeSpan took)
    {
        Console.WriteLine($"{"",-8} {"cut",-52} {"stories",8} {Columns(Endings)}");
        foreach (var ((road, name), row) in _rows)
            Console.WriteLine($"{road,-8} {name,-52} {row.Sum(),8} {Columns(row)}");
        var stories = _rows.Values.Sum(row => row.Sum());
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{stories} stories, {_uncut} ended before their cut, {Faults} with a fault, {took.TotalSeconds:0} s"));
    }

    private static string Columns<T>(IEnumerable<T> values) => string.Join(' ', values.Select(value => $"{value,16}"));
}
