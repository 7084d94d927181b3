using System.Numerics;

namespace Tessera.Phone.Modems.Fsk;

/// <summary>
/// The 64 bits before a coded frame, by which a receiver finds it and knows its length: one of 128 words, of which any
/// two differ in 32 bits or in all.
/// </summary>
/// <remarks>
/// Bit n of the word of length L is bit n of <see cref="Base"/>, turned over once for each bit that n and
/// L - 1 have in common among the low six, and once more for the bit of L - 1 that is 64.
/// </remarks>
internal static class FrameWord
{
    public const int Bits = 64;

    private const int Halves = Bits;
    private const ulong Base = 0xD9A431AD6BE61975;

    /// <summary>The lower bit of each pair whose places differ in that bit.</summary>
    private static readonly ulong[] Pairs =
    [
        0x5555555555555555, 0x3333333333333333, 0x0F0F0F0F0F0F0F0F, 0x00FF00FF00FF00FF, 0x0000FFFF0000FFFF,
        0x00000000FFFFFFFF,
    ];

    private static readonly ulong[] Words = [.. Enumerable.Range(0, Halves).Select(Word)];

    /// <summary>The word of a frame of 1 to 128 octets; its highest bit is sent first.</summary>
    public static ulong For(int length) =>
        length <= Halves ? Words[length - 1] : ~Words[length - 1 - Halves];

    /// <summary>The length whose word the bits are most like.</summary>
    /// <param name="heard">The last 64 bits, the last one lowest.</param>
    /// <param name="known">A one for each of them that was heard, and not made up.</param>
    /// <returns>The length, by how many bits more it agrees than it does not, and whether that is enough.</returns>
    public static (int Length, int Score, bool IsFound) Find(ulong heard, ulong known)
    {
        // 40 of 64: one in 20,000 rows of chance is so like a word. Of a word that lost a packet 38 bits are left.
        var all = BitOperations.PopCount(known);
        var mostWrong = ((3 * all) - 96) / 8;
        if (mostWrong < 0 || !MayBeWord(heard ^ Base, known, mostWrong)) return default;

        var (length, wrong) = (0, all);
        for (var word = 0; word < Words.Length; word++)
        {
            var differ = BitOperations.PopCount((heard ^ Words[word]) & known);
            if (differ < wrong) (length, wrong) = (word + 1, differ);
            if (all - differ < wrong) (length, wrong) = (word + 1 + Halves, all - differ);
        }

        return (length, all - (2 * wrong), wrong <= mostWrong);
    }

    /// <summary>
    /// Two bits whose places differ in one bit are alike in all such pairs of a word, or in none; so a wrong bit spoils
    /// one pair of each kind. That tells most rows from words at little cost.
    /// </summary>
    private static bool MayBeWord(ulong bits, ulong known, int mostWrong)
    {
        for (var kind = 0; kind < Pairs.Length; kind++)
        {
            var pairs = Pairs[kind] & known & (known >> (1 << kind));
            var unlike = BitOperations.PopCount((bits ^ (bits >> (1 << kind))) & pairs);
            if (Math.Min(unlike, BitOperations.PopCount(pairs) - unlike) > mostWrong) return false;
        }

        return true;
    }

    private static ulong Word(int turns)
    {
        var word = Base;
        for (var n = 0; n < Bits; n++)
        {
            if ((BitOperations.PopCount((uint)(n & turns)) & 1) != 0) word ^= 1UL << (Bits - 1 - n);
        }

        return word;
    }
}
