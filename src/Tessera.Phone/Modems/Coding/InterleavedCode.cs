using System.Runtime.InteropServices;

namespace Tessera.Phone.Modems.Coding;

/// <summary>
/// A message and its parity as one run of octets that are dealt in turn to as few Reed-Solomon codewords as hold them:
/// octet i belongs to codeword i mod <see cref="Codewords"/>. So a gap in the run is shared evenly among them.
/// </summary>
/// <param name="Length">Octets of the run.</param>
/// <param name="Message">How many of them, from the first on, are the message; the others are parity.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct InterleavedCode(int Length, int Message)
{
    public int Codewords => (Length + ReedSolomon.MaxLength - 1) / ReedSolomon.MaxLength;

    /// <summary>A gap of that many octets, wherever it is, can be filled.</summary>
    public bool Covers(int gap) => (Length - Message) / Codewords >= Share(gap, 0);

    /// <summary>Fills in what stands behind the message.</summary>
    public void Encode(Span<byte> run)
    {
        Span<byte> word = stackalloc byte[ReedSolomon.MaxLength];
        for (var turn = 0; turn < Codewords; turn++)
        {
            var (length, message) = (Share(Length, turn), Share(Message, turn));
            Gather(run, turn, word[..length]);
            ReedSolomon.Encode(word[..message], word[message..length]);
            Scatter(word[..length], run, turn);
        }
    }

    /// <summary>Corrects a run in place.</summary>
    /// <param name="erased">For each octet, whether it is known to be worthless.</param>
    /// <returns>Whether every codeword is one again.</returns>
    public bool TryCorrect(Span<byte> run, ReadOnlySpan<bool> erased)
    {
        Span<byte> word = stackalloc byte[ReedSolomon.MaxLength];
        Span<int> erasures = stackalloc int[ReedSolomon.MaxLength];
        for (var turn = 0; turn < Codewords; turn++)
        {
            var (length, message) = (Share(Length, turn), Share(Message, turn));
            Gather(run, turn, word[..length]);
            var count = 0;
            for (var i = 0; i < length; i++)
            {
                if (erased[(i * Codewords) + turn]) erasures[count++] = i;
            }

            if (!ReedSolomon.TryCorrect(word[..length], length - message, erasures[..count])) return false;
            Scatter(word[..length], run, turn);
        }

        return true;
    }

    private int Share(int octets, int turn) => Math.Max(0, octets - turn + Codewords - 1) / Codewords;

    private void Gather(ReadOnlySpan<byte> run, int turn, Span<byte> word)
    {
        for (var i = 0; i < word.Length; i++) word[i] = run[(i * Codewords) + turn];
    }

    private void Scatter(ReadOnlySpan<byte> word, Span<byte> run, int turn)
    {
        for (var i = 0; i < word.Length; i++) run[(i * Codewords) + turn] = word[i];
    }
}
