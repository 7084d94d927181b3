using Tessera.Toolkit.Links;
using Xunit;

namespace Tessera.Toolkit.Tests.Links;

public class BackoffTests
{
    private const int Middle = Backoff.JitterSteps / 2;
    private static readonly Backoff Fresh = new(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(30));

    [Fact]
    public void Doubles_with_each_failure_and_stays_at_the_greatest()
    {
        double[] seconds = [0.5, 1, 2, 4, 8, 16, 30, 30, 30];
        var backoff = Fresh;
        foreach (var expected in seconds)
        {
            backoff = backoff.AfterFailure();
            Assert.Equal(expected, backoff.Delay(Middle).TotalSeconds);
        }
    }

    [Fact]
    public void Spreads_by_a_half_and_never_beyond_the_greatest()
    {
        var second = Fresh.AfterFailure().AfterFailure();

        Assert.Equal(0.5, second.Delay(0).TotalSeconds);
        Assert.Equal(1.499, second.Delay(Backoff.JitterSteps - 1).TotalSeconds, 1e-6);
        Assert.Equal(30, (Fresh with { Failures = 16 }).Delay(Backoff.JitterSteps - 1).TotalSeconds);
    }

    [Theory]
    [InlineData(null, 0.5)]
    [InlineData(ByeReason.GoingAway, 0.5)]
    [InlineData(ByeReason.Voice, 0.5)]
    [InlineData(ByeReason.Replaced, 30)]
    [InlineData(ByeReason.NoRoom, 30)]
    [InlineData(ByeReason.Version, 30)]
    [InlineData(ByeReason.Protocol, 4)]
    public void Heeds_why_the_connection_ended(ByeReason? reason, double seconds)
    {
        var backoff = (Fresh with { Failures = 3 }).After(new LinkEnd(EndedBy.Peer, reason, ""));

        Assert.Equal(seconds, backoff.Delay(Middle).TotalSeconds);
    }
}
