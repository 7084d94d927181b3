using System.Diagnostics;
using System.Globalization;
using Tessera.Interop.Tests.Phone.Modems;
using Tessera.Phone.Modems.Fsk;
using Tessera.Phone.Sound;
using Tessera.Testing.Lines;

namespace Tessera.Bench.Lines;

/// <summary>
/// Frames that come through a simulated line, by mode, noise, loss, law and drift: our modems beside minimodem and
/// spandsp on the same samples, sent by us and by them.
/// </summary>
internal static class LineFigures
{
    private static readonly double[] Noise = [double.PositiveInfinity, 15, 10, 6, 3, 0];
    private static readonly double[] Losses = [0, 0.01, 0.03, 0.05];

    /// <summary>Laws and clocks that the frames of one figure are divided among.</summary>
    private static readonly (Companding Law, double Drift, bool Bursts)[] Ways =
        [(Companding.MuLaw, 0, false), (Companding.ALaw, 100, false), (Companding.Transcoded, -100, true)];

    private static readonly (string Name, FskChannel Channel)[] Channels =
    [
        ("V.21 channel 1", FskChannel.V21Caller), ("V.21 channel 2", FskChannel.V21Answerer),
        ("V.23", FskChannel.V23Forward), ("Bell 202", FskChannel.Bell202),
    ];

    /// <param name="frames">Of each way, sender and cell.</param>
    /// <param name="mode">The beginning of the name of those that are measured; empty for all.</param>
    public static async Task RunAsync(int frames, string mode)
    {
        var channels = Channels.Where(c => c.Name.StartsWith(mode, StringComparison.Ordinal)).ToList();
        using var spandsp = await Spandsp.BuildAsync(CancellationToken.None);
        using var minimodem = new Minimodem();
        var figures = new ModemFigures(spandsp, minimodem);
        var worse = new List<string>();
        foreach (var (name, channel) in channels)
        {
            await TableAsync($"{name}, HDLC, ours / spandsp", worse,
                (byUs, conditions, seed) =>
                    figures.FramesAsync(channel, byUs, frames, conditions, seed, CancellationToken.None));
            await TableAsync($"{name}, 8N1, ours / minimodem", worse,
                (byUs, conditions, seed) =>
                    figures.CharactersAsync(channel, byUs, frames, conditions, seed, CancellationToken.None));
        }

        foreach (var (name, channel) in channels) await RateAsync(name, channel, spandsp);
        Console.WriteLine();
        Console.WriteLine(worse.Count == 0 ? "In no cell they hear more." : "They hear more in:");
        foreach (var cell in worse) Console.WriteLine(cell);
    }

    private static async Task TableAsync(
        string title, List<string> worse, Func<bool, LineConditions, int, Task<ModemFigure>> measure)
    {
        Console.WriteLine();
        Console.WriteLine($"| {title} | no loss | 1 % | 3 % | 5 % |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var noise in Noise)
        {
            var cells = new List<string>();
            foreach (var loss in Losses)
            {
                var (sent, ours, theirs) = (0, 0, 0);
                foreach (var (way, i) in Ways.SelectMany(w => new[] { (w, true), (w, false) }).Select((w, i) => (w, i)))
                {
                    var ((law, drift, bursts), byUs) = way;
                    var figure = await measure(byUs, Conditions(noise, loss, law, drift, bursts), 100 + i);
                    (sent, ours, theirs) = (sent + figure.Sent, ours + figure.Ours, theirs + figure.Theirs);
                }

                if (ours < theirs) worse.Add($"{title}, {noise} dB, {loss:P0}: {ours} and {theirs} of {sent}");

                cells.Add($"{Percent(ours, sent)} / {Percent(theirs, sent)}");
            }

            var label = double.IsPositiveInfinity(noise) ? "clean" : $"{noise} dB";
            Console.WriteLine($"| {label} | {string.Join(" | ", cells)} |");
        }
    }

    private static LineConditions Conditions(double noise, double loss, Companding law, double drift, bool bursts) => new()
    {
        SignalToNoise = noise,
        Loss = loss == 0 ? PacketLoss.None : bursts ? PacketLoss.Bursts(loss, 2) : PacketLoss.Random(loss),
        Companding = law,
        Drift = drift,
    };

    /// <summary>How many modems of both directions one core could serve.</summary>
    private static async Task RateAsync(string name, FskChannel channel, Spandsp spandsp)
    {
        const int Count = 300;
        var frames = ModemFigures.Frames(seed: 1, Count);
        var sound = ModemFigures.Ours(channel, frames);
        var seconds = (double)sound.Length / AudioBlock.Rate;
        var (sending, receiving) = (double.MaxValue, double.MaxValue);
        for (var run = 0; run < 3; run++)
        {
            var start = Processor();
            ModemFigures.Ours(channel, frames);
            sending = Math.Min(sending, Processor() - start);
            start = Processor();
            new FskReceiver(channel).Write(sound);
            receiving = Math.Min(receiving, Processor() - start);
        }

        var theirs = await spandsp.RateAsync(channel, sound, CancellationToken.None);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: {seconds / (sending + receiving):F0} channels a core (send {seconds / sending:F0}, receive "
            + $"{seconds / receiving:F0} times real time); spandsp {seconds / (theirs.Sending + theirs.Receiving):F0} "
            + $"({seconds / theirs.Sending:F0}, {seconds / theirs.Receiving:F0})"));
    }

    private static double Processor() => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;

    private static string Percent(int part, int whole) =>
        (100.0 * part / whole).ToString("0.#", CultureInfo.InvariantCulture);
}
