using Tessera.Story;
using Tessera.Story.Lines;
using Tessera.Story.Phones;
using Tessera.Story.Plots;
using Tessera.Toolkit;

namespace Tessera.Cuts;

/// <summary>A road on which the story is played.</summary>
/// <param name="Parallel">Stories played at once.</param>
/// <param name="TakesSets">Several cuts of one story are tried too.</param>
/// <param name="PlayAsync">Plays one story, and what happened in it.</param>
internal sealed record CutRoad(
    string Name, int Parallel, bool TakesSets,
    Func<IReadOnlyList<Cut>, CancellationToken, Task<(StoryOutcome Outcome, IReadOnlyList<string> Diary)>> PlayAsync)
{
    /// <summary>
    /// The two roads of the readers, each with a lunch and with a signed order, the road over short messages, and the
    /// telephone line.
    /// </summary>
    /// <remarks>
    /// A story on the phone has a clock that is faster than ours: more of them at once than processors would take the
    /// time from one another.
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

    /// <summary>How much of the uncut story can be cut.</summary>
    /// <exception cref="InvalidOperationException">Even the uncut story has a fault.</exception>
    public async Task<StoryLength> MeasureAsync(CancellationToken cancel)
    {
        var (outcome, _) = await PlayAsync([], cancel);
        return outcome.Faults.Count == 0
            ? outcome.Length
            : throw new InvalidOperationException(string.Join(' ', outcome.Faults));
    }

    private static CutRoad Reader(string name, TerminalProfile profile, Func<StoryPlot> plot) =>
        new(name, Environment.ProcessorCount, TakesSets: true, async (cuts, cancel) =>
        {
            await using var world = await StoryWorld.CreateAsync(profile, plot(), cancel, cuts);
            return (await world.PlayAsync(cancel), world.Recorder.Diary);
        });
}
