using System.Diagnostics;
using System.Globalization;
using Tessera.Cards;
using Tessera.Cards.Purse;

namespace Tessera.Bench;

/// <summary>Counts GET BALANCE a second over any channel: three runs, worst, middle and best.</summary>
internal static class ApduRate
{
    private const int Count = 5_000;
    private const int Runs = 3;

    public static async Task PrintAsync(string road, ICardChannel card, CancellationToken cancel)
    {
        (await card.TransmitAsync(PurseCommands.Select, cancel)).EnsureSuccess(PurseCommands.Select);
        List<double> rates = [];
        for (var run = 0; run < Runs; run++)
        {
            var begun = Stopwatch.GetTimestamp();
            for (var i = 0; i < Count; i++)
                (await card.TransmitAsync(PurseCommands.Balance, cancel)).EnsureSuccess(PurseCommands.Balance);
            rates.Add(Count / Stopwatch.GetElapsedTime(begun).TotalSeconds);
        }

        rates.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{road}: {rates[0]:N0} / {rates[1]:N0} / {rates[2]:N0} APDU/s"));
    }
}
