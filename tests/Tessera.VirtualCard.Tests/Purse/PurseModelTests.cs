using Xunit;

namespace Tessera.VirtualCard.Tests.Purse;

public class PurseModelTests
{
    [Fact]
    public void Value_and_goods_are_never_made_and_never_lost()
    {
        var counts = PurseModelRun.Run(seed: 20260101, rounds: 60);

        TestContext.Current.TestOutputHelper!.WriteLine(counts.ToString());
        Assert.True(counts.Moves > 500, counts.ToString());
        Assert.True(counts.OfflineMoves > 100, counts.ToString());
        Assert.True(counts.Sales > 50, counts.ToString());
        Assert.True(counts.RefusedMoves > 500, counts.ToString());
        Assert.True(counts.CutBefore > 50 && counts.CutAfter > 50, counts.ToString());
        Assert.True(counts.SettledAsDone > 50 && counts.SettledAsNotDone > 20, counts.ToString());
    }
}
