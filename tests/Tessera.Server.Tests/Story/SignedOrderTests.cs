using System.Collections.Concurrent;
using Tessera.Story;
using Tessera.Story.Plots;
using Tessera.Toolkit;
using Xunit;

namespace Tessera.Server.Tests.Story;

/// <summary>An order is signed, filed and noted on the card: over the real link, terminal, card, sessions and book.</summary>
public class SignedOrderTests
{
    public static TheoryData<string> Roads => [.. Profiles.Keys];

    private static Dictionary<string, TerminalProfile> Profiles { get; } = new(StringComparer.Ordinal)
    {
        ["pages beside the terminal"] = TerminalProfile.Rich,
        ["everything on the terminal"] = TerminalProfile.TextOnly,
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Roads))]
    public async Task Each_signature_is_filed_once_or_never_wherever_the_story_is_cut(string road)
    {
        const int ofEachKind = 8;
        var length = await CutList.MeasureAsync(Profiles[road], new SignedOrderPlot(), Cancel);
        var random = new Random(20260729);
        IReadOnlyList<Cut>[] plans =
        [
            .. CutList.All(length).GroupBy(cut => cut.Kind)
                .SelectMany(kind => random.GetItems([.. kind], ofEachKind)).Distinct()
                .Select(cut => (IReadOnlyList<Cut>)[cut]),
            .. Enumerable.Range(0, ofEachKind).Select(_ => CutList.Several(length, random)),
        ];

        ConcurrentBag<StoryOutcome> outcomes = [];
        await Parallel.ForEachAsync(plans, Cancel, async (cuts, cancel) =>
        {
            await using var world = await StoryWorld.CreateAsync(Profiles[road], new SignedOrderPlot(), cancel, cuts);
            var outcome = await world.PlayAsync(cancel);
            Assert.True(outcome.Faults.Count == 0, $"{string.Join("; ", cuts)}: {string.Join(' ', outcome.Faults)}");
            outcomes.Add(outcome);
        });

        Assert.All(outcomes, outcome => Assert.NotEmpty(outcome.Cuts));
        Assert.Contains(outcomes, outcome => outcome.Visits > 1);
    }
}
