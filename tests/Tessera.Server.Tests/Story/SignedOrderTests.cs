using Xunit;

namespace Tessera.Server.Tests.Story;

/// <summary>An order is signed, filed and noted on the card: over the real link, terminal, card, sessions and book.</summary>
public class SignedOrderTests
{
    [Theory]
    [InlineData("signed-page")]
    [InlineData("signed")]
    public async Task Each_signature_is_filed_once_or_never_wherever_the_story_is_cut(string road)
    {
        var outcomes = await CutStories.PlayAsync(road, ofEachKind: 8, seed: 20260729, TestContext.Current.CancellationToken);

        Assert.All(outcomes, outcome => Assert.NotEmpty(outcome.Cuts));
        Assert.Contains(outcomes, outcome => outcome.Visits > 1);
    }
}
