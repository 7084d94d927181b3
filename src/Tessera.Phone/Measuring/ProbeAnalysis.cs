using System.Numerics;
using Tessera.Phone.Modems;
using Tessera.Phone.Modems.Ofdm;
using Tessera.Phone.Sound;
using Tessera.Wire;

namespace Tessera.Phone.Measuring;

/// <summary>Finds what a line did to a <see cref="Probe"/>, from the sound that was heard of it.</summary>
public static class ProbeAnalysis
{
    /// <summary>What a carrier of amplitude one makes in a transform of 128 samples, with that of a symbol.</summary>
    private const double Scale = Carriers.Size / 2 * BurstSymbols.Amplitude;

    /// <summary>Where nothing changes at all.</summary>
    private const double MostSignalToNoise = 99;

    /// <summary>Samples around the place where the last row should be.</summary>
    private const int Reach = 80;

    /// <summary>Samples behind a probe that receivers need to decide its last frame.</summary>
    private const int Tail = 1600;

    /// <summary>Looks for the probe of a side in a recorded sound.</summary>
    /// <returns>Null where there is none.</returns>
    public static LineReport? Of(ReadOnlySpan<short> sound, CallSide sender) =>
        ProbeSearch.Find(sound, 0, int.MaxValue, Probe.Trainings) is { } first
            ? Of(sound, [], first, sender)
            : null;

    /// <param name="concealed">For each 20 ms of the sound, whether they were made up; none for a file.</param>
    /// <param name="first">Where its first training symbol begins.</param>
    internal static LineReport Of(
        ReadOnlySpan<short> sound, IReadOnlyList<bool> concealed, int first, CallSide sender)
    {
        bool IsLost(int from, int length)
        {
            var last = Math.Min((from + length - 1) / AudioBlock.Length, concealed.Count - 1);
            for (var packet = from / AudioBlock.Length; packet <= last; packet++)
            {
                if (concealed[packet]) return true;
            }

            return false;
        }

        var begin = Math.Max(0, first - (Probe.Silence * AudioBlock.Length));
        var end = Math.Min(sound.Length, begin + Probe.Length + Tail);
        var rows = Rows(sound, first, Probe.Trainings, IsLost);
        var coarse = Slope(rows[..(rows.Length / 2)], rows[(rows.Length / 2)..]);
        var response = Mean(rows, coarse);
        var (signal, noise) = Powers(rows, response, coarse);
        var silence = sound[begin..Math.Max(begin, first - AudioBlock.Length)];
        var (passed, quality) = Frames(sound[begin..end], begin, IsLost, sender);
        var packets = Probe.Length / AudioBlock.Length;
        var lost = Enumerable.Range(0, packets)
            .Count(packet => IsLost(begin + (packet * AudioBlock.Length) + Reach, 1));
        return new LineReport
        {
            Level = LevelOf(sound.Slice(first, Probe.Trainings * AudioBlock.Length), signal, noise),
            Noise = Level.Of(silence),
            SignalToNoise = Math.Min(MostSignalToNoise, 10 * Math.Log10(signal / Math.Max(noise, double.Epsilon))),
            Drift = Drift(sound, first, rows, coarse, IsLost),
            Packets = packets,
            Lost = lost,
            Quality = quality,
            Passed = passed,
            Response = Relative(response),
        };
    }

    private static Complex[]?[] Rows(
        ReadOnlySpan<short> sound, int first, int symbols, Func<int, int, bool> isLost)
    {
        var rows = new Complex[]?[symbols];
        var samples = new float[Carriers.Size];
        for (var symbol = 0; symbol < symbols; symbol++)
        {
            var at = first + (symbol * AudioBlock.Length) + Burst.Early;
            if (at + samples.Length > sound.Length || isLost(at, samples.Length)) continue;
            for (var i = 0; i < samples.Length; i++) samples[i] = sound[at + i];
            var heard = new Complex[Carriers.Count];
            Transform.Forward(samples, heard);
            for (var i = 0; i < heard.Length; i++)
                heard[i] *= Complex.Conjugate(Carriers.Training[i]) * Probe.SignOf(symbol);
            rows[symbol] = heard;
        }

        return rows;
    }

    /// <summary>By how many samples a symbol is later than the one before, from two rows of as many symbols.</summary>
    private static double Slope(Complex[]?[] first, Complex[]?[] second) =>
        Later(Mean(first, 0), Mean(second, 0)) / first.Length;

    /// <summary>By how many samples what was heard second is later.</summary>
    private static double Later(Complex[] first, Complex[] second)
    {
        var (product, square) = (0.0, 0.0);
        for (var i = 0; i < first.Length; i++)
        {
            var off = second[i] * Complex.Conjugate(first[i]);
            var carrier = Carriers.First + i;
            product += off.Magnitude * carrier * off.Phase;
            square += off.Magnitude * carrier * carrier;
        }

        return square > 0 ? -product / square * Carriers.Size / (2 * Math.PI) : 0;
    }

    private static Complex[] Mean(Complex[]?[] rows, double slope)
    {
        var (mean, count) = (new Complex[Carriers.Count], 0);
        for (var symbol = 0; symbol < rows.Length; symbol++)
        {
            if (rows[symbol] is not { } row) continue;
            count++;
            for (var i = 0; i < row.Length; i++) mean[i] += row[i] * Turn(i, slope * symbol);
        }

        for (var i = 0; i < mean.Length; i++) mean[i] /= Math.Max(1, count);
        return mean;
    }

    /// <summary>Takes back a delay of so many samples.</summary>
    private static Complex Turn(int carrier, double delay) =>
        Complex.FromPolarCoordinates(1, 2 * Math.PI * (Carriers.First + carrier) * delay / Carriers.Size);

    private static (double Signal, double Noise) Powers(Complex[]?[] rows, Complex[] response, double slope)
    {
        var (signal, noise, count) = (0.0, 0.0, 0);
        foreach (var carrier in response) signal += Square(carrier);
        for (var symbol = 0; symbol < rows.Length; symbol++)
        {
            if (rows[symbol] is not { } row) continue;
            count++;
            for (var i = 0; i < row.Length; i++) noise += Square((row[i] * Turn(i, slope * symbol)) - response[i]);
        }

        // The mean of few rows is a little like each of them.
        noise /= Math.Max(1, count - 1);
        return (Math.Max(signal - (noise / Math.Max(1, count)), double.Epsilon), noise);
    }

    /// <summary>The level of the row without its noise.</summary>
    private static double LevelOf(ReadOnlySpan<short> row, double signal, double noise) =>
        Level.Of(row) + (10 * Math.Log10(signal / (signal + noise)));

    private static double Drift(
        ReadOnlySpan<short> sound, int first, Complex[]?[] rows, double coarse, Func<int, int, bool> isLost)
    {
        var expected = first + Probe.Distance;
        if (ProbeSearch.Find(sound, expected - Reach, expected + Reach, Probe.LastTrainings) is not { } last)
            return -coarse / AudioBlock.Length * 1e6;

        var symbols = Probe.LastTrainings;
        var before = Mean(rows[..symbols], coarse);
        var behind = Mean(Rows(sound, last, symbols, isLost), coarse);
        return -(last - expected + Later(before, behind)) / Probe.Distance * 1e6;
    }

    private static (byte Passed, Bytes Quality) Frames(
        ReadOnlySpan<short> sound, int begin, Func<int, int, bool> isLost, CallSide sender)
    {
        var side = sender == CallSide.Caller ? CallSide.Answerer : CallSide.Caller;
        var expected = Probe.Frames.ToDictionary(frame => Probe.Frame(frame.Rung, frame.Number), frame => frame.Rung);
        var heard = expected.Values.Distinct().ToDictionary(rung => rung, _ => new List<double>());
        foreach (var modem in Probe.Modems)
        {
            var receiver = modem.CreateReceiver(side);
            for (var at = 0; at < sound.Length; at += AudioBlock.Length)
            {
                var packet = sound[at..Math.Min(sound.Length, at + AudioBlock.Length)];
                receiver.Write(packet, isLost(begin + at, packet.Length));
                while (receiver.TryRead(out var frame))
                {
                    if (expected.TryGetValue(frame.Payload, out var rung)) heard[rung].Add(frame.Quality);
                }
            }
        }

        var passed = heard.Where(rung => rung.Value.Count > 0).Aggregate(0, (bits, rung) => bits | 1 << (rung.Key - 1));
        var quality = Enumerable.Range(5, Probe.Constellations).Select(rung => heard[(byte)rung])
            .Select(values => values.Count == 0 ? (byte)0 : (byte)Math.Clamp(Math.Round(values.Average()), 1, 99));
        return ((byte)passed, new Bytes((byte[])[.. quality]));
    }

    private static Sequence<double> Relative(Complex[] response)
    {
        var gains = response.Select(carrier => 20 * Math.Log10(Math.Max(carrier.Magnitude / Scale, 1e-6))).ToArray();
        var mean = 10 * Math.Log10(response.Average(Square) / (Scale * Scale));
        return [.. Enumerable.Range(0, LineReport.Points).Select(point => gains[3 * point] - mean)];
    }

    private static double Square(Complex value) => (value.Real * value.Real) + (value.Imaginary * value.Imaginary);
}
