using Tessera.Phone.Data;
using Tessera.Wire;

namespace Tessera.Phone.Measuring;

/// <summary>What one direction of a line did to a <see cref="Probe"/>, as its receiver found it.</summary>
/// <remarks>
/// <code>
/// time       4    samples: of the answerer from the probe it heard to its own, of the caller the round trip
/// level      2    signed, 0.1 dBm0
/// noise      2    signed, 0.1 dBm0
/// snr        2    signed, 0.1 dB
/// drift      2    signed, 0.1 ppm
/// packets    2
/// lost       2
/// jitter     2    0.1 ms
/// quality    4    of QPSK, 16-QAM, 64-QAM, 256-QAM in dB, 0 where no frame arrived
/// passed     1    bit n-1: rung n
/// response  17    signed, 0.5 dB: carriers 0, 3, ... 48
/// </code>
/// </remarks>
public sealed record LineReport : IWireFormat<LineReport>
{
    /// <summary>Points of <see cref="Response"/>.</summary>
    public const int Points = 17;

    private const double Tenths = 10;
    private const double Halves = 2;

    /// <summary>Samples; see the layout.</summary>
    internal uint Time { get; init; }

    /// <summary>Of the training symbols, in dBm0; they are sent with -13.</summary>
    public double Level { get; init; } = Sound.Level.Silence;

    /// <summary>What was heard in silence, in dBm0.</summary>
    public double Noise { get; init; } = Sound.Level.Silence;

    /// <summary>
    /// Training symbols against what changed from one to the next, in dB. What a code does to all of them alike is in
    /// <see cref="Quality"/>.
    /// </summary>
    public double SignalToNoise { get; init; }

    /// <summary>By how many millionths the clock of the sender is faster.</summary>
    public double Drift { get; init; }

    /// <summary>Packets in which the probe was heard.</summary>
    public int Packets { get; init; }

    /// <summary>How many of them were made up.</summary>
    public int Lost { get; init; }

    /// <summary>How unevenly packets came, in ms (RFC 3550 §6.4.1).</summary>
    public double Jitter { get; init; }

    /// <summary>
    /// Points against their errors in dB, of QPSK, 16-QAM, 64-QAM and 256-QAM; 0 where no frame arrived.
    /// </summary>
    public Bytes Quality { get; init; } = new(new byte[Probe.Constellations]);

    /// <summary>The rungs of which a frame arrived, a bit each.</summary>
    public byte Passed { get; init; }

    /// <summary>Gain in dB beside the mean of all, at 312.5 Hz and each 187.5 Hz above it.</summary>
    public Sequence<double> Response { get; init; } = [.. new double[Points]];

    /// <summary>Whether anything of the probe was heard.</summary>
    public bool IsHeard => Passed != 0 || SignalToNoise != 0;

    /// <summary>The rung to begin with on such a line; null where none passes.</summary>
    public LineRung? Best => Probe.Rungs.OrderBy(rung => rung.Number).LastOrDefault(IsGood);

    /// <summary>The modems that pass.</summary>
    public IEnumerable<Modems.ModemMode> Modems =>
        Probe.Rungs.Where(rung => (Passed & rung.Bit) != 0).Select(rung => rung.Modem).Distinct();

    public static LineReport Read(ref ByteReader reader) => new()
    {
        Time = reader.ReadUInt32("time"),
        Level = (short)reader.ReadUInt16("level") / Tenths,
        Noise = (short)reader.ReadUInt16("noise") / Tenths,
        SignalToNoise = (short)reader.ReadUInt16("snr") / Tenths,
        Drift = (short)reader.ReadUInt16("drift") / Tenths,
        Packets = reader.ReadUInt16("packets"),
        Lost = reader.ReadUInt16("lost"),
        Jitter = reader.ReadUInt16("jitter") / Tenths,
        Quality = reader.ReadBytes(Probe.Constellations, "quality"),
        Passed = reader.ReadByte("passed"),
        Response = [.. reader.ReadBytes(Points, "response").ToArray().Select(point => (sbyte)point / Halves)],
    };

    public void Write(ByteWriter writer)
    {
        writer.WriteUInt32(Time);
        writer.WriteUInt16(Signed(Level));
        writer.WriteUInt16(Signed(Noise));
        writer.WriteUInt16(Signed(SignalToNoise));
        writer.WriteUInt16(Signed(Drift));
        writer.WriteUInt16(Unsigned(Packets));
        writer.WriteUInt16(Unsigned(Lost));
        writer.WriteUInt16(Unsigned(Jitter * Tenths));
        writer.WriteBytes(Quality);
        writer.WriteByte(Passed);
        foreach (var point in Response)
            writer.WriteByte((byte)(sbyte)Math.Clamp(Math.Round(point * Halves), sbyte.MinValue, sbyte.MaxValue));
    }

    private bool IsGood(LineRung rung)
    {
        if ((Passed & rung.Bit) == 0 || (rung.NeedsCleanLine && Lost > 0)) return false;
        return rung.Number < 5 || Quality.Span[rung.Number - 5] >= rung.Quality;
    }

    private static ushort Signed(double value) =>
        (ushort)(short)Math.Clamp(Math.Round(value * Tenths), short.MinValue, short.MaxValue);

    private static ushort Unsigned(double value) => (ushort)Math.Clamp(Math.Round(value), 0, ushort.MaxValue);
}
