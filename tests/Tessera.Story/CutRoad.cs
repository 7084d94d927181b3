using Tessera.Story.Lines;
using Tessera.Story.Phones;
using Tessera.Story.Plots;
using Tessera.Toolkit;

namespace Tessera.Story;

/// <summary>A road on which a story is played and cut.</summary>
/// <param name="Parallel">Stories played at once.</param>
/// <param name="TakesSets">Several cuts of one story are tried too.</param>
/// <param name="PlayAsync">Plays one story, and what happened in it.</param>
public sealed record CutRoad(
    string Name, int Parallel, bool TakesSets,
    Func<IReadOnlyList<Cut>, CancellationToken, Task<(StoryOutcome Outcome, IReadOnlyList<string> Diary)>> PlayAsync)
{
    /// <summary>
    /// The two roads of the readers, each with a lunch and with a signed order, the road over short messages, and the
    /// telephone line.
    /// </summary>
    /// <remarks>
    /// A story on the phone has a clock that is faster than ours: more of them at once than processors would take the
    /// time from one another. One on the line waits most of its time for the line.
    /// </remarks>
    public static readonly IReadOnlyList<CutRoad> All =
    [
        Reader("browser", TerminalProfile.Rich, () => new LunchPlot()),
        Reader("keypad", TerminalProfile.TextOnly, () => new LunchPlot()),
        Reader("signed", TerminalProfile.TextOnly, () => new SignedOrderPlot()),
        Reader("signed-page", TerminalProfile.Rich, () => new SignedOrderPlot()),
        new("phone", Environment.ProcessorCount, TakesSets: false, async (cuts, cancel) =>
        {
            await using var world = await PhoneWorld.CreateAsync(cancel, cuts);
            return (await world.PlayAsync(cancel), world.Recorder.Diary);
        }),
        new("line", 4 * Environment.ProcessorCount, TakesSets: false, async (cuts, cancel) =>
        {
            await using var world = await LineWorld.CreateAsync(Seed, cancel, cuts);
            return (await world.PlayAsync(cancel), world.Recorder.Diary);
        }),
    ];

    /// <summary>Of the chances of the line.</summary>
    private const int Seed = 1;

    /// <exception cref="FormatException">There is no road of that name.</exception>
    public static CutRoad Named(string name) =>
        All.FirstOrDefault(road => string.Equals(road.Name, name, StringComparison.Ordinal))
        ?? throw new FormatException($"'{name}' is no road.");

    /// <summary>How much of the uncut story can be cut.</summary>
    /// <exception cref="InvalidOperationException">Even the uncut story has a fault.</exception>
    public async Task<StoryLength> MeasureAsync(CancellationToken cancel)
    {
        var (outcome, _) = await PlayAsync([], cancel);
        return outcome.Faults.Count == 0
            ? outcome.Length
            : throw new InvalidOperationException(string.Join(' ', outcome.Faults));
    }

    /// <summary>Those single cuts, and where the road takes them that many sets of several.</summary>
    public IReadOnlyList<IReadOnlyList<Cut>> Plans(
        StoryLength length, IEnumerable<Cut> single, int sets, Random random) =>
    [
        .. single.Select(cut => (IReadOnlyList<Cut>)[cut]),
        .. Enumerable.Range(0, TakesSets ? sets : 0).Select(_ => CutList.Several(length, random)),
    ];

    /// <summary>Plays the story once with each of the plans.</summary>
    /// <param name="ended">Called with each that came to its end, from any thread.</param>
    public Task PlayAllAsync(
        IEnumerable<IReadOnlyList<Cut>> plans, Action<IReadOnlyList<Cut>, StoryOutcome, IReadOnlyList<string>> ended,
        CancellationToken cancel)
    {
        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancel };
        return System.Threading.Tasks.Parallel.ForEachAsync(plans, atOnce, async (cuts, stop) =>
        {
            var (outcome, diary) = await PlayAsync(cuts, stop);
            ended(cuts, outcome, diary);
        });
    }

    private static CutRoad Reader(string name, TerminalProfile profile, Func<StoryPlot> plot) =>
        new(name, Environment.ProcessorCount, TakesSets: true, async (cuts, cancel) =>
        {
            await using var world = await StoryWorld.CreateAsync(profile, plot(), cancel, cuts);
            return (await world.PlayAsync(cancel), world.Recorder.Diary);
        });
}
