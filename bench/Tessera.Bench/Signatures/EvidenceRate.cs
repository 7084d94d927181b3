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
/// <remarks>
/// The link is up before. Its holder takes no time. On both sides the PIN is given each time. At a counter any card signs;
/// an application signs in a session, with the login of the card by its certificate. About four minutes in all.
/// </remarks>
internal static class EvidenceRate
{
    private const int Runs = 12;

    /// <summary>One way, in milliseconds; and how often OpenSC signs there.</summary>
    private static readonly (int Delay, int PeerRuns)[] Roads = [(0, 3), (100, 2), (300, 1)];

    /// <param name="arguments"><c>ours</c> leaves OpenSC out, and takes half the time.</param>
    public static async Task RunAsync(ReadOnlyMemory<string> arguments)
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        var missing = arguments.Span is ["ours"] ? "nobody wants it" : OpenScSigning.Missing;
        if (missing is not null) Console.WriteLine($"OpenSC is left out: {missing}.");
        Console.WriteLine("median / worst of a signature, in seconds");
        foreach (var algorithm in new[] { PivAlgorithm.Rsa2048, PivAlgorithm.P256 })
            await RunAsync(algorithm, missing is null, stop.Token);
    }

    private static async Task RunAsync(PivAlgorithm algorithm, bool withPeer, CancellationToken cancel)
    {
        var id = CardId.Parse("0102030405060708");
        var now = TimeProvider.System.GetUtcNow();
        using var authority = TestAuthority.Root("CN=Bench authority", now.AddYears(-1));
        using var card = SigningCard.Make(id, authority, now, algorithm);
        await using (var counter = await SigningCounter.OpenAsync(id, card, authority, cancel))
        {
            (string Who, Func<TimeSpan, Task<TimeSpan>> SignAsync)[] ways =
            [
                ("counter, first contact", delay => counter.SignAsync(delay, isKnown: false, cancel)),
                ("counter, known card", delay => counter.SignAsync(delay, isKnown: true, cancel)),
                ("session, first contact", delay => counter.SignInSessionAsync(delay, isKnown: false, cancel)),
                ("session, known card", delay => counter.SignInSessionAsync(delay, isKnown: true, cancel)),
            ];

            // The first one compiles the code.
            foreach (var (_, sign) in ways) await sign(TimeSpan.Zero);
            foreach (var (delay, _) in Roads)
            {
                foreach (var (who, sign) in ways)
                {
                    var times = await MeasureAsync(Runs, () => sign(TimeSpan.FromMilliseconds(delay)));
                    Print(algorithm, delay, who, "one script, one answer", times);
                }
            }
        }

        if (!withPeer) return;
        await using var peer = await OpenScSigning.OpenAsync(card, algorithm, cancel);
        foreach (var (delay, runs) in Roads)
        {
            var before = peer.Exchanges;
            var times = await MeasureAsync(runs, () => peer.SignAsync(TimeSpan.FromMilliseconds(delay), cancel));
            Print(algorithm, delay, "OpenSC", $"{(peer.Exchanges - before) / runs} APDUs", times);
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
            $"{algorithm,-8} {delay,3} ms  {who,-22} {median,7:F3} / {worst,6:F3}  {times.Count,2} runs, {messages}"));
    }
}
