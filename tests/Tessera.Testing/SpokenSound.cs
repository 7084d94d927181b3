using System.Numerics;
using System.Runtime.InteropServices;

namespace Tessera.Testing;

/// <summary>
/// Finds a sound in a recording by correlation: piece by piece, so that a lost packet or one too many costs a piece and not
/// the whole.
/// </summary>
public static class SpokenSound
{
    private const int Piece = 2000;
    private const int Probe = 320;
    private const int Slack = 480;
    private const double Alike = 0.8;
    private const double Enough = 0.7;

    /// <param name="from">The sample from which it may begin.</param>
    /// <returns>Where the sound ends in the recording; null where it is not in it.</returns>
    public static int? Find(ReadOnlySpan<short> recording, ReadOnlySpan<short> sound, int from = 0)
    {
        var (heard, said) = (Floats(recording), Floats(sound));
        var pieces = Pieces(said);
        var first = Loudest(said);
        var probe = said.AsSpan(first, Probe);
        var energy = Dot(probe, probe);
        var before = Energies(heard);
        for (var at = from + first; at + said.Length - first <= heard.Length; at++)
        {
            var both = energy * (before[at + Probe] - before[at]);
            if (both < 1 || Dot(heard.AsSpan(at, Probe), probe) <= Alike * Math.Sqrt(both)) continue;
            if (Follows(heard, said, pieces, at - first)) return at - first + said.Length;
        }

        return null;
    }

    /// <summary>Enough of the pieces are where they belong.</summary>
    private static bool Follows(float[] heard, float[] said, List<int> pieces, int offset)
    {
        var found = 0;
        foreach (var piece in pieces)
        {
            var probe = said.AsSpan(piece, Math.Min(Piece, said.Length - piece));
            for (var at = Math.Max(0, offset + piece - Slack); at <= offset + piece + Slack; at++)
            {
                if (at + probe.Length > heard.Length) break;
                if (Likeness(heard.AsSpan(at, probe.Length), probe) <= Alike) continue;
                found++;
                break;
            }
        }

        return found >= Enough * pieces.Count;
    }

    /// <summary>Where the pieces begin that are no pause.</summary>
    private static List<int> Pieces(float[] said)
    {
        var loudest = 0.0;
        for (var at = 0; at < said.Length; at += Piece) loudest = Math.Max(loudest, Energy(said, at));
        return [.. Enumerable.Range(0, (said.Length + Piece - 1) / Piece).Select(piece => piece * Piece)
            .Where(at => Energy(said, at) > loudest / 10)];
    }

    private static int Loudest(float[] said) =>
        Enumerable.Range(0, said.Length / Probe).Select(probe => probe * Probe)
            .MaxBy(at => Dot(said.AsSpan(at, Probe), said.AsSpan(at, Probe)));

    /// <summary>The energy of all samples before each.</summary>
    private static double[] Energies(float[] heard)
    {
        var before = new double[heard.Length + 1];
        for (var at = 0; at < heard.Length; at++) before[at + 1] = before[at] + (heard[at] * heard[at]);
        return before;
    }

    private static double Energy(float[] said, int at)
    {
        var piece = said.AsSpan(at, Math.Min(Piece, said.Length - at));
        return Dot(piece, piece);
    }

    private static double Likeness(ReadOnlySpan<float> heard, ReadOnlySpan<float> said)
    {
        var both = Dot(heard, heard) * Dot(said, said);
        return both < 1 ? 0 : Dot(heard, said) / Math.Sqrt(both);
    }

    private static double Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var ls = MemoryMarshal.Cast<float, Vector<float>>(left);
        var rs = MemoryMarshal.Cast<float, Vector<float>>(right);
        var sum = Vector<float>.Zero;
        for (var i = 0; i < ls.Length; i++) sum += ls[i] * rs[i];
        double rest = Vector.Sum(sum);
        for (var i = ls.Length * Vector<float>.Count; i < left.Length; i++) rest += left[i] * right[i];
        return rest;
    }

    private static float[] Floats(ReadOnlySpan<short> samples)
    {
        var floats = new float[samples.Length];
        for (var i = 0; i < samples.Length; i++) floats[i] = samples[i];
        return floats;
    }
}
