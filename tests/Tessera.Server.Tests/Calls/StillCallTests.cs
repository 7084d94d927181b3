using Tessera.Platform.Views;
using Tessera.Server.Calls;
using Tessera.Testing;
using Xunit;

namespace Tessera.Server.Tests.Calls;

/// <summary>A call in which nothing happens any more ends, however long its application would go on.</summary>
public sealed class StillCallTests
{
    private static readonly TimeSpan Longest = new CallLimits().Stillness;

    [Fact]
    public void Each_sign_of_life_begins_the_time_anew_and_without_one_the_call_is_over()
    {
        var time = new ManualTime();
        using var still = new StillCall(Longest, time);
        for (var sign = 0; sign < 3; sign++)
        {
            time.Advance(Longest - TimeSpan.FromSeconds(1));
            Assert.False(still.Over.IsCancellationRequested);
            still.Live();
        }

        time.Advance(Longest + TimeSpan.FromSeconds(1));
        Assert.True(still.Over.IsCancellationRequested);
        still.Live();
        Assert.True(still.Over.IsCancellationRequested);
    }

    [Fact]
    public async Task The_server_hangs_up()
    {
        var limits = new CallLimits { Stillness = TimeSpan.FromMilliseconds(500) };
        await using var world = await ShopWorld.StartAsync(Amount.Of(20), limits: limits);
        await using var call = await world.CallAsync(ShopWorld.Shop, withDevice: false);

        await call.Ended.WaitAsync(TestContext.Current.CancellationToken);

        Assert.False(call.HasHeard(words => words.Say("goodbye")));
    }
}
