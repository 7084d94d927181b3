using Tessera.Server.ShortMessages;
using Tessera.Testing;
using Xunit;

namespace Tessera.Server.Tests.ShortMessages;

public class LineLimitTests
{
    [Fact]
    public void A_few_lines_pass_in_a_minute_and_the_next_one_says_how_many_did_not()
    {
        var time = new ManualTime();
        var limit = new LineLimit(time);
        for (var line = 0; line < LineLimit.MostInAMinute; line++)
        {
            Assert.True(limit.TryPass(out var none));
            Assert.Equal(0, none);
        }

        Assert.False(limit.TryPass(out _));
        Assert.False(limit.TryPass(out _));
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.True(limit.TryPass(out var left));
        Assert.Equal(2, left);
        Assert.True(limit.TryPass(out left));
        Assert.Equal(0, left);
    }
}
