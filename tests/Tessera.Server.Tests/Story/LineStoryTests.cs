using Tessera.Apps;
using Tessera.Platform.Views;
using Tessera.Story;
using Tessera.Story.Lines;
using Xunit;

namespace Tessera.Server.Tests.Story;

/// <summary>Load, lunch, leave on a device in the middle of a telephone call, whose line is simulated sample for sample.</summary>
public class LineStoryTests
{
    private const int Seed = 1;

    /// <summary>What can be cut on this road.</summary>
    private static readonly HashSet<CutKind> Kinds =
        [CutKind.CardPower, CutKind.Server, CutKind.Terminal, CutKind.Loss, CutKind.Call, CutKind.Device];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_whole_story_is_told_in_one_call_and_the_line_is_voice_again()
    {
        await using var world = await LineWorld.CreateAsync(Seed, Cancel);

        var outcome = await world.PlayAsync(Cancel);

        Assert.Empty(outcome.Faults);
        Assert.Equal((StoryEnding.PaidAtOnce, 1, 1), (outcome.Ending, outcome.Visits, world.Calls));
        Assert.Contains("50.00 came from your bank.", outcome.Told, StringComparison.Ordinal);
        Assert.Contains("You have 37.50.", outcome.Told, StringComparison.Ordinal);
        Assert.InRange(world.DataPackets, 1, int.MaxValue);
    }

    [Fact]
    public async Task Nothing_is_paid_twice_or_lost_wherever_line_device_card_or_server_is_cut()
    {
        var outcomes = await CutStories.PlayAsync("line", ofEachKind: 4, seed: 20261122, Cancel);

        Assert.Equal(Kinds, outcomes.SelectMany(outcome => outcome.Cuts).Select(made => made.Cut.Kind).ToHashSet());
    }

    [Fact]
    public async Task Purchases_chosen_in_voice_end_in_voice_with_a_receipt_each()
    {
        var shop = new ShopApplication(TimeProvider.System);
        var lunch = shop.Offers.First(offer => offer.Price >= ShopApplication.PinFrom);
        await using var purchase = await LinePurchase.OpenAsync(TimeSpan.FromMilliseconds(1), Cancel);

        foreach (var seed in new[] { 1, 2 })
        {
            var bought = await purchase.BuyAsync(shop.Take(lunch.Name)!, lunch.Price!.Value, seed, Cancel);

            Assert.Empty(bought.Faults);
            Assert.Equal((1, 1), (bought.Pins, bought.Receipts));
            Assert.InRange(bought.ReturnPackets, 1, bought.DataPackets - 1);
        }
    }

    [Fact]
    public async Task A_finger_pays_in_the_middle_of_a_call_and_its_receipt_says_so()
    {
        var shop = new ShopApplication(TimeProvider.System);
        await using var purchase = await LinePurchase.OpenAsync(TimeSpan.FromMilliseconds(1), Cancel, withFinger: true);

        var bought = await purchase.BuyAsync(shop.Take("lunch")!, Amount.Of(12.50m), Seed, Cancel);

        Assert.Empty(bought.Faults);
        Assert.Equal((0, 1), (bought.Pins, bought.Receipts));
        Assert.Contains("Finger verified", purchase.Receipt, StringComparer.Ordinal);
        Assert.Contains("12.50 EUR", purchase.Receipt, StringComparer.Ordinal);
    }
}
