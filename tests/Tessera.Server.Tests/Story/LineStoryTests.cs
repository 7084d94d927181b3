using System.Collections.Concurrent;
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

    /// <summary>A story waits most of its time for its line, so more of them than processors go on at once.</summary>
    private const int AtOnce = 8;

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
        const int ofEachKind = 4;
        StoryLength length;
        await using (var whole = await LineWorld.CreateAsync(Seed, Cancel))
        {
            var outcome = await whole.PlayAsync(Cancel);
            Assert.Empty(outcome.Faults);
            length = outcome.Length;
        }

        var random = new Random(20261122);
        var cuts = CutList.All(length).GroupBy(cut => cut.Kind)
            .SelectMany(kind => random.GetItems([.. kind], ofEachKind)).Distinct();
        ConcurrentBag<StoryOutcome> outcomes = [];
        var many = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancel };
        await Parallel.ForEachAsync(cuts, many, async (cut, cancel) =>
        {
            await using var world = await LineWorld.CreateAsync(Seed, cancel, cut);
            var outcome = await world.PlayAsync(cancel);
            Assert.True(
                outcome.Faults.Count == 0,
                $"{cut}: {string.Join(' ', outcome.Faults)}\n{string.Join('\n', world.Recorder.Diary)}");
            outcomes.Add(outcome);
        });

        var endings = outcomes.CountBy(outcome => outcome.Ending).Select(ending => $"{ending.Key} {ending.Value}");
        TestContext.Current.TestOutputHelper!.WriteLine($"{outcomes.Count} stories: {string.Join(", ", endings)}");
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
