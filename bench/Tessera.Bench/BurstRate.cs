using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Tessera.Phone.Modems;
using Tessera.Phone.Modems.Ofdm;
using Tessera.Phone.Modems.ToneMode;
using Tessera.Phone.Sound;
using Tessera.Testing.Lines;
using Tessera.Wire;

namespace Tessera.Bench;

/// <summary>
/// How many channels one core serves, each with a sender and a receiver: seconds of sound for a second of the
/// processor, of which only this process's own count, so that others on the machine do not. Frames without pause, and a
/// line that is only noise.
/// </summary>
internal static class BurstRate
{
    private const int Seconds = 300;
    private const int Length = 90;
    private const int Runs = 3;

    public static void Run()
    {
        foreach (var constellation in Enum.GetValues<Constellation>())
        {
            Print(
                $"{constellation}, frames of {Length} octets without pause", isSending: true,
                () => new OfdmSender { Constellation = constellation }, () => new OfdmReceiver());
        }

        Print("native mode, a line at -50 dBm0", isSending: false, () => new OfdmSender(), () => new OfdmReceiver());
        Print(
            $"tones, frames of {Length} octets without pause", isSending: true,
            () => new ToneSender(), () => new ToneReceiver());
        Print("tones, a line at -50 dBm0", isSending: false, () => new ToneSender(), () => new ToneReceiver());
    }

    private static void Print(
        string what, bool isSending, Func<IModemSender> createSender, Func<IModemReceiver> createReceiver)
    {
        List<double> rates = [];
        for (var run = 0; run <= Runs; run++)
        {
            var rate = Channels(isSending, createSender(), createReceiver());

            // The first run warms up.
            if (run > 0) rates.Add(rate);
        }

        rates.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{what}: {rates[0]:N0} / {rates[1]:N0} / {rates[2]:N0} channels"));
    }

    private static double Channels(bool isSending, IModemSender sender, IModemReceiver receiver)
    {
        var noise = new short[Seconds * AudioBlock.Rate];
        if (!isSending) noise = new Line(new WhiteNoise(-50, seed: 1)).Carry(noise).Samples;
        var frame = new Bytes(RandomNumberGenerator.GetBytes(Length));
        var packet = new short[AudioBlock.Length];
        var frames = 0;
        using var process = Process.GetCurrentProcess();
        var begun = process.TotalProcessorTime;
        for (var at = 0; at < noise.Length; at += packet.Length)
        {
            if (isSending && sender.IsIdle) sender.Send(frame);
            sender.Read(packet);
            receiver.Write(isSending ? packet : noise.AsSpan(at, packet.Length));
            while (receiver.TryRead(out _)) frames++;
        }

        process.Refresh();
        if (isSending != frames > 0) throw new InvalidOperationException("What was sent was not what was heard.");
        return Seconds / (process.TotalProcessorTime - begun).TotalSeconds;
    }
}
