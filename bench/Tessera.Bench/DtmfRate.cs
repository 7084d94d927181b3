using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Tessera.Phone.Sound;
using Tessera.Phone.Tones;

namespace Tessera.Bench;

/// <summary>
/// Channels that one core listens to for keys, ours and spandsp's over the same samples, and the laws of G.711 alone.
/// Processor time is counted, so that other work on the machine does not.
/// </summary>
internal static class DtmfRate
{
    private const int Runs = 3;
    private const int Times = 200;

    public static async Task RunAsync(CancellationToken cancel)
    {
        // Keys without end are the most work: silence costs no filter.
        var random = new Random(1);
        var keys = string.Concat(Enumerable.Range(0, 600).Select(_ => Dtmf.Keys[random.Next(16)]));
        var length = TimeSpan.FromMilliseconds(50);
        var samples = DtmfGenerator.Samples(keys, new DtmfOptions { On = length, Off = length });
        var seconds = (double)samples.Length / AudioBlock.Rate;

        await PrintAsync("DTMF, ours", seconds, _ => Task.FromResult(Measured(() => Listen(samples, keys))));
        await PrintAsync("G.711, both laws there and back", seconds, _ => Task.FromResult(Measured(() => Code(samples))));
        using var spandsp = await SpandspPeer.CompileAsync(cancel);
        var octets = MemoryMarshal.AsBytes<short>(samples).ToArray();
        await PrintAsync("DTMF, spandsp", seconds, async _ => double.Parse(
            await spandsp.RunAsync(octets, cancel, "rate", $"{Times}"), CultureInfo.InvariantCulture));
    }

    private static double Measured(Action once)
    {
        once();
        var begun = Process.GetCurrentProcess().TotalProcessorTime;
        for (var i = 0; i < Times; i++) once();
        return (Process.GetCurrentProcess().TotalProcessorTime - begun).TotalSeconds;
    }

    private static void Listen(short[] samples, string keys)
    {
        var detector = new DtmfDetector();
        var heard = 0;
        for (var at = 0; at < samples.Length; at += AudioBlock.Length)
        {
            detector.Write(samples.AsSpan(at, AudioBlock.Length));
            while (detector.TryRead(out var key)) heard += key.Key == keys[heard] ? 1 : 0;
        }

        if (heard != keys.Length) throw new InvalidOperationException($"Heard {heard} keys of {keys.Length}.");
    }

    private static void Code(short[] samples)
    {
        var sum = 0;
        foreach (var sample in samples)
            sum += G711.DecodeA(G711.EncodeA(sample)) + G711.DecodeMu(G711.EncodeMu(sample));
        if (sum == int.MinValue) throw new InvalidOperationException();
    }

    private static async Task PrintAsync(string what, double seconds, Func<int, Task<double>> measure)
    {
        List<double> channels = [];
        for (var run = 0; run < Runs; run++) channels.Add(seconds * Times / await measure(run));
        channels.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}: {channels[0]:N0} / {channels[1]:N0} / {channels[2]:N0} channels on a core"));
    }
}
