using System.Globalization;
using Tessera.Apps;
using Tessera.Story.Lines;

namespace Tessera.Bench.Lines;

/// <summary>
/// How long people are muted for a purchase with PIN and receipt in the middle of their call, at the pace of a real line.
/// </summary>
internal static class PurchaseRate
{
    private const int Seeds = 100;
    private const int AtOnce = 5;
    private const double PacketSeconds = 0.02;

    public static async Task RunAsync(CancellationToken cancel)
    {
        var shop = new ShopApplication(TimeProvider.System);
        var lunch = shop.Offers.First(offer => offer.Price >= ShopApplication.PinFrom);
        var (first, then) = (new PurchaseOnLine[Seeds], new PurchaseOnLine[Seeds]);
        var few = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel };
        await Parallel.ForEachAsync(Enumerable.Range(0, Seeds), few, async (seed, token) =>
        {
            await using var purchase = await LinePurchase.OpenAsync(TimeSpan.FromSeconds(PacketSeconds), token);
            var (what, price) = (shop.Take(lunch.Name)!, lunch.Price!.Value);
            first[seed] = await purchase.BuyAsync(what, price, seed + 1, token);
            then[seed] = await purchase.BuyAsync(what, price, ~seed, token);
        });

        Print("the first time at the device", first);
        Print("again", then);
    }

    private static void Print(string when, PurchaseOnLine[] purchases)
    {
        Console.WriteLine($"{when}:");
        Print("  data", purchases.Select(one => one.DataPackets));
        Print("  of it after the last answer", purchases.Select(one => one.ReturnPackets));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {purchases.Count(one => one is { Faults.Count: 0, Pins: 1, Receipts: 1 })} of {Seeds} paid with one PIN, one receipt and books that hold"));
        foreach (var fault in purchases.SelectMany(one => one.Faults)) Console.WriteLine(fault);
    }

    private static void Print(string what, IEnumerable<int> packets)
    {
        var sorted = packets.Order().ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: {Seconds(sorted[Seeds / 2])} / {Seconds(sorted[Seeds * 9 / 10])} / {Seconds(sorted[^1])} s"));
    }

    private static string Seconds(int packets) => (packets * PacketSeconds).ToString("0.00", CultureInfo.InvariantCulture);
}
