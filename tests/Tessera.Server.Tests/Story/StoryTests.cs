using System.Collections.Concurrent;
using Tessera.Story;
using Tessera.Toolkit;
using Xunit;

namespace Tessera.Server.Tests.Story;

/// <summary>Load, lunch, leave: over the real link, terminal, card, sessions and book, without a browser.</summary>
public class StoryTests
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
    public async Task The_whole_story_is_told_and_the_books_hold(string road)
    {
        await using var world = await StoryWorld.CreateAsync(Profiles[road], Cancel);

        var outcome = await world.PlayAsync(Cancel);

        Assert.Empty(outcome.Faults);
        Assert.Equal(StoryEnding.PaidAtOnce, outcome.Ending);
        Assert.Equal(1, outcome.Visits);
        Assert.Contains("You have 0.00.", outcome.Told, StringComparison.Ordinal);
        Assert.Contains("50.00 came from your bank.", outcome.Told, StringComparison.Ordinal);
        Assert.Contains("Paid. Enjoy it!", outcome.Told, StringComparison.Ordinal);
        Assert.Contains("You have 37.50.", outcome.Told, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Roads))]
    public async Task Nothing_is_paid_twice_or_lost_wherever_the_story_is_cut(string road)
    {
        const int ofEachKind = 24;
        var length = await CutList.MeasureAsync(Profiles[road], Cancel);
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
            await using var world = await StoryWorld.CreateAsync(Profiles[road], cancel, cuts);
            var outcome = await world.PlayAsync(cancel);
            Assert.True(outcome.Faults.Count == 0, $"{string.Join("; ", cuts)}: {string.Join(' ', outcome.Faults)}");
            outcomes.Add(outcome);
        });

        var endings = outcomes.CountBy(outcome => outcome.Ending).Select(ending => $"{ending.Key} {ending.Value}");
        TestContext.Current.TestOutputHelper!.WriteLine($"{outcomes.Count} stories: {string.Join(", ", endings)}");
        Assert.All(outcomes, outcome => Assert.NotEmpty(outcome.Cuts));
        Assert.Contains(outcomes, outcome => outcome.Ending == StoryEnding.NotMadeThenPaid);
    }
}
