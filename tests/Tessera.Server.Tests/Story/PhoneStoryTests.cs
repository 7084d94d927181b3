using Tessera.Story;
using Tessera.Story.Phones;
using Xunit;

namespace Tessera.Server.Tests.Story;

/// <summary>A bus ticket paid on the phone: over SIM, phone, air, SMSC, SMPP, gateway, sessions and book.</summary>
public class PhoneStoryTests
{
    private const int MostMessages = 4;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_whole_purchase_takes_at_most_four_short_messages_and_every_hop_carries_octets()
    {
        await using var world = await PhoneWorld.CreateAsync(Cancel);

        var outcome = await world.PlayAsync(Cancel);

        Assert.True(outcome.Faults.Count == 0, $"{string.Join('\n', outcome.Faults)}\n{outcome.Told}");
        Assert.Equal(StoryEnding.PaidAtOnce, outcome.Ending);
        Assert.InRange(Assert.Single(world.Messages), 1, MostMessages);
        TestContext.Current.TestOutputHelper!.WriteLine($"{world.Messages[0]} short messages, every part counted; {outcome.Length}");
        Assert.All(world.Octets, hop => Assert.True(hop.Value is { Up: > 0, Down: > 0 }, $"{hop.Key} carried {hop.Value}."));
    }
}
