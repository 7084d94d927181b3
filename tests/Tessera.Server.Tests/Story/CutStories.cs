using System.Collections.Concurrent;
using Tessera.Story;
using Xunit;

namespace Tessera.Server.Tests.Story;

/// <summary>Stories of one road, each cut somewhere else.</summary>
internal static class CutStories
{
    /// <summary>Plays them; not one may have a fault.</summary>
    /// <param name="ofEachKind">
    /// Cuts that are tried of each kind, one a story, and stories with several where the road takes them.
    /// </param>
    /// <param name="seed">Of what is chosen.</param>
    /// <returns>What became of each, in no order.</returns>
    public static async Task<IReadOnlyCollection<StoryOutcome>> PlayAsync(
        string name, int ofEachKind, int seed, CancellationToken cancel)
    {
        var road = CutRoad.Named(name);
        var length = await road.MeasureAsync(cancel);
        var random = new Random(seed);
        ConcurrentBag<StoryOutcome> outcomes = [];
        await road.PlayAllAsync(
            road.Plans(length, CutList.Some(length, ofEachKind, random), ofEachKind, random),
            (cuts, outcome, diary) =>
            {
                if (outcome.Faults.Count > 0)
                    Assert.Fail($"{string.Join("; ", cuts)}: {string.Join('\n', [.. outcome.Faults, outcome.Told, .. diary])}");
                outcomes.Add(outcome);
            },
            cancel);

        var endings = outcomes.CountBy(outcome => outcome.Ending).Select(ending => $"{ending.Key} {ending.Value}");
        TestContext.Current.TestOutputHelper!.WriteLine($"{outcomes.Count} stories: {string.Join(", ", endings)}");
        return outcomes;
    }
}
