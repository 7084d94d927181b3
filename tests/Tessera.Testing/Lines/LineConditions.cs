using Tessera.Phone.Modems;

namespace Tessera.Testing.Lines;

/// <summary>What a telephone line does to the sound that crosses it, in the order of the properties.</summary>
public sealed record LineConditions
{
    /// <summary>A line that changes nothing.</summary>
    public static readonly LineConditions Clean = new();

    /// <summary>Gain in dB; a loss is negative.</summary>
    public double Gain { get; init; }

    /// <summary>Whether only 300 to 3400 Hz pass.</summary>
    public bool BandFilter { get; init; }

    /// <summary>By how many millionths the clock of the sender is faster than that of the receiver.</summary>
    public double Drift { get; init; }

    /// <summary>
    /// White noise from 0 to 4000 Hz, so many dB below a signal that was sent at <see cref="Modem.SignalLevel"/>;
    /// infinity for none.
    /// </summary>
    public double SignalToNoise { get; init; } = double.PositiveInfinity;

    public Companding Companding { get; init; } = Companding.None;

    public PacketLoss Loss { get; init; } = PacketLoss.None;

    public Concealment Concealment { get; init; } = Concealment.Repeat;

    /// <summary>Packets from the sender to the buffer of the receiver.</summary>
    public int Latency { get; init; }

    /// <summary>Packets by which each one is late at most; all delays up to that are equally likely.</summary>
    public int Jitter { get; init; }

    /// <summary>Packets the receiver waits for late ones. A packet that is later is lost.</summary>
    public int JitterBuffer { get; init; }

    /// <summary>The stages of a line with them.</summary>
    public IEnumerable<ILineStage> Stages(int seed)
    {
        if (Gain != 0) yield return new LineGain(Gain);
        if (BandFilter) yield return new BandFilter();
        if (Drift != 0) yield return new ClockDrift(Drift);
        if (!double.IsPositiveInfinity(SignalToNoise))
            yield return new WhiteNoise(Modem.SignalLevel + Gain - SignalToNoise, seed);
        if (Companding != Companding.None) yield return new CompandedLine(Companding);
        if (Loss != PacketLoss.None || Latency + Jitter + JitterBuffer > 0)
            yield return new PacketPath(Loss, Concealment, Latency, Jitter, JitterBuffer, ~seed);
    }
}
