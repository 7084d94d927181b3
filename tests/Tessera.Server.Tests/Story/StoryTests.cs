using Tessera.Story;
using Xunit;

namespace Tessera.Server.Tests.Story;

/// <summary>Load, lunch, leave: over the real link, terminal, card, sessions and book, without a browser.</summary>
public class StoryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("browser")]
    [InlineData("keypad")]
    public async Task The_whole_story_is_told_and_the_books_hold(string road)
    {
        var (outcome, _) = await CutRoad.Named(road).PlayAsync([], Cancel);

        Assert.Empty(outcome.Faults);
        Assert.Equal(StoryEnding.PaidAtOnce, outcome.Ending);
        Assert.Equal(1, outcome.Visits);
        Assert.Contains("You have 0.00.", outcome.Told, StringComparison.Ordinal);
        Assert.Contains("50.00 came from your bank.", outcome.Told, StringComparison.Ordinal);
        Assert.Contains("Paid. Enjoy it!", outcome.Told, StringComparison.Ordinal);
        Assert.Contains("You have 37.50.", outcome.Told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("browser")]
    [InlineData("keypad")]
    public async Task Nothing_is_paid_twice_or_lost_wherever_the_story_is_cut(string road)
    {
        var outcomes = await CutStories.PlayAsync(road, ofEachKind: 24, seed: 20260729, Cancel);

        Assert.All(outcomes, outcome => Assert.NotEmpty(outcome.Cuts));
        Assert.Contains(outcomes, outcome => outcome.Ending == StoryEnding.NotMadeThenPaid);
    }
}
