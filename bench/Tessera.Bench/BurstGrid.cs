using System.Globalization;
using Tessera.Phone.Modems;
using Tessera.Phone.Modems.Ofdm;
using Tessera.Phone.Modems.ToneMode;
using Tessera.Phone.Sound;
using Tessera.Testing.Lines;
using Tessera.Wire;

namespace Tessera.Bench;

/// <summary>
/// Which share of frames arrives, mode by mode, over lines that lose packets, hiss, drift and filter; as rows of a
/// table. Everything is seeded: the same grid each time. And an hour of noise, in which no frame must be.
/// </summary>
internal static class BurstGrid
{
    private const int Bursts = 2000;
    private const int Tones = 60;
    private const int Pause = 5;

    private static readonly LineConditions Packets = new() { Companding = Companding.MuLaw };

    private static readonly (string Name, LineConditions Line)[] Lines =
    [
        ("mu law", Packets),
        .. Rates.Select(rate => ($"loss {rate:P0}", Packets with { Loss = PacketLoss.Random(rate) })),
        .. Rates.Select(rate => ($"loss {rate:P0} in pairs", Packets with { Loss = PacketLoss.Bursts(rate, 2) })),
        .. Rates.Select(rate => ($"loss {rate:P0} in fours", Packets with { Loss = PacketLoss.Bursts(rate, 4) })),
        .. Ratios.Select(ratio => ($"SNR {ratio} dB", Packets with { SignalToNoise = ratio })),
        .. Drifts.Select(drift => ($"{drift:+0;-0} ppm", Packets with { Drift = drift })),
        ("300-3400 Hz", Packets with { BandFilter = true }),
        ("mu, A, mu", Packets with { Companding = Companding.Transcoded }),
        ("-6 dB", Packets with { Gain = -6 }),
        ("all four", new() { BandFilter = true, Companding = Companding.Transcoded, Gain = -6, Drift = 100 }),
    ];

    private static readonly Mode[] Modes =
    [
        new("QPSK 40", 40, Bursts, () => Sender(Constellation.Qpsk, 1), () => new OfdmReceiver()),
        new("16-QAM 80", 80, Bursts, () => Sender(Constellation.Qam16, 1), () => new OfdmReceiver()),
        new("64-QAM 90", 90, Bursts, () => Sender(Constellation.Qam64, 1), () => new OfdmReceiver()),
        new("64-QAM 90, 2 losses", 90, Bursts, () => Sender(Constellation.Qam64, 2), () => new OfdmReceiver()),
        new("64-QAM 246, 2 losses", 246, Bursts, () => Sender(Constellation.Qam64, 2), () => new OfdmReceiver()),
        new("256-QAM 79", 79, Bursts, () => Sender(Constellation.Qam256, 1), () => new OfdmReceiver()),
        new("tones 30", 30, Tones, () => new ToneSender(), () => new ToneReceiver()),
    ];

    private static double[] Rates => [0.01, 0.03, 0.05];

    private static double[] Ratios => [-6, 0, 10, 15, 20, 25, 30];

    private static double[] Drifts => [50, 100, -100];

    public static void Run()
    {
        Console.WriteLine($"| line | {string.Join(" | ", Modes.Select(mode => mode.Name))} |");
        Console.WriteLine($"|---|{string.Concat(Modes.Select(_ => "---|"))}");
        foreach (var (name, conditions) in Lines)
        {
            var cells = Modes.AsParallel().AsOrdered().Select(mode => Share(mode, new Line(conditions, seed: 7)));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {name} | {string.Join(" | ", cells)} |"));
        }

        Console.WriteLine($"frames in an hour of noise: {Noise(new OfdmReceiver()) + Noise(new ToneReceiver())}");
    }

    private static OfdmSender Sender(Constellation constellation, int losses) =>
        new() { Constellation = constellation, Losses = losses };

    private static string Share(Mode mode, Line line)
    {
        var (sender, receiver) = (mode.Sender(), mode.Receiver());
        var random = new Random(mode.Length);
        var sent = new HashSet<Bytes>();
        var packet = new short[AudioBlock.Length];
        for (var i = 0; i < mode.Count; i++)
        {
            var frame = new byte[mode.Length];
            random.NextBytes(frame);
            sent.Add(new Bytes(frame));
            sender.Send(new Bytes(frame));
            for (var rest = Pause; rest > 0; rest -= sender.IsIdle ? 1 : 0)
            {
                sender.Read(packet);
                receiver.Write(packet, line.Pass(packet));
                while (receiver.TryRead(out var heard))
                {
                    if (!sent.Remove(heard.Payload)) throw new InvalidOperationException("Nobody sent this frame.");
                }
            }
        }

        return (100.0 * (mode.Count - sent.Count) / mode.Count).ToString("0.0#", CultureInfo.InvariantCulture);
    }

    private static int Noise(IModemReceiver receiver)
    {
        var line = new Line(new WhiteNoise(-20, seed: 1));
        var packet = new short[AudioBlock.Length];
        var frames = 0;
        for (var at = TimeSpan.Zero; at < TimeSpan.FromHours(1); at += AudioBlock.Duration)
        {
            packet.AsSpan().Clear();
            line.Pass(packet);
            receiver.Write(packet);
            while (receiver.TryRead(out _)) frames++;
        }

        return frames;
    }

    private sealed record Mode(
        string Name, int Length, int Count, Func<IModemSender> Sender, Func<IModemReceiver> Receiver);
}
