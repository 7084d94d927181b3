using System.Globalization;
using Tessera.Cards;
using Tessera.Cards.Piv;
using Tessera.Platform.Tests.Signing;
using Tessera.Testing;

namespace Tessera.Bench.Signatures;

/// <summary>
/// How long a signature takes at the end of a long road: a card that proves itself, a holder who types the PIN, a
/// document shown and signed, verified and filed; beside OpenSC, which signs with the same card at the end of the same
/// road.
/// </summary>
/// <remarks>The link is up before. Its holder takes no time. On both sides the PIN is given each time.</remarks>
internal static class EvidenceRate
{
    private const int Runs = 20;
    private const int PeerRuns = 3;

    private static readonly int[] Delays = [0, 100, 300];

    public static async Task RunAsync()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        if (OpenScSigning.Missing is { } missing) Console.WriteLine($"OpenSC is left out: {missing}.");
        Console.WriteLine("median / worst of a signature, in seconds");
        foreach (var algorithm in new[] { PivAlgorithm.Rsa2048, PivAlgorithm.P256 })
            await RunAsync(algorithm, stop.Token);
    }

    private static async Task RunAsync(PivAlgorithm algorithm, CancellationToken cancel)
    {
        var id = CardId.Parse("0102030405060708");
        var now = TimeProvider.System.GetUtcNow();
        using var authority = TestAuthority.Root("CN=Bench authority", now.AddYears(-1));
        using var card = SigningCard.Make(id, authority, now, algorithm);
        await using (var counter = await SigningCounter.OpenAsync(id, card, authority, cancel))
        {
            // The first one compiles the code.
            await counter.SignAsync(TimeSpan.Zero, isKnown: false, cancel);
            await counter.SignAsync(TimeSpan.Zero, isKnown: true, cancel);
            foreach (var delay in Delays)
            {
                foreach (var isKnown in new[] { false, true })
                {
                    var times = await MeasureAsync(
                        Runs, () => counter.SignAsync(TimeSpan.FromMilliseconds(delay), isKnown, cancel));
                    Print(algorithm, delay, isKnown ? "known card" : "first contact", "one script, one answer", times);
                }
            }
        }

        if (OpenScSigning.Missing is not null) return;
        await using var peer = await OpenScSigning.OpenAsync(card, algorithm, cancel);
        foreach (var delay in Delays)
        {
            var before = peer.Exchanges;
            var times = await MeasureAsync(PeerRuns, () => peer.SignAsync(TimeSpan.FromMilliseconds(delay), cancel));
            Print(algorithm, delay, "OpenSC", $"{(peer.Exchanges - before) / PeerRuns} APDUs", times);
        }
    }

    private static async Task<List<TimeSpan>> MeasureAsync(int runs, Func<Task<TimeSpan>> sign)
    {
        List<TimeSpan> times = [];
        for (var run = 0; run < runs; run++) times.Add(await sign());
        times.Sort();
        return times;
    }

    private static void Print(PivAlgorithm algorithm, int delay, string who, string messages, List<TimeSpan> times)
    {
        var (median, worst) = (times[times.Count / 2].TotalSeconds, times[^1].TotalSeconds);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{algorithm,-8} {delay,3} ms  {who,-14} {median,7:F3} / {worst,6:F3}  {times.Count,2} runs, {messages}"));
    }
}
