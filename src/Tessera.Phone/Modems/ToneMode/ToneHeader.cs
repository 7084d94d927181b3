using Tessera.Phone.Modems.Coding;

namespace Tessera.Phone.Modems.ToneMode;

/// <summary>The seven tones behind the preamble of a frame, which say how long it is.</summary>
/// <remarks>
/// <code>
/// tones 0-2  version (2 bits, 0), length - 1 (7 bits)
/// tones 3-6  parity: the Reed-Solomon code of 7 tones over GF(8) with x^3 + x + 1 and the roots 1, x, x^2, x^3
/// </code>
/// There are 128 headers, so the receiver takes the one that was heard best: any four tones may be missing.
/// </remarks>
internal static class ToneHeader
{
    public const int Length = 7;

    private const int Message = 3;

    private static readonly int[][] Words = [.. Enumerable.Range(0, ToneFrame.MaxLength).Select(Word)];

    /// <summary>The header of a frame of that many octets.</summary>
    public static ReadOnlySpan<int> For(int length) => Words[length - 1];

    /// <summary>The length that was heard best.</summary>
    public static int Read(IReadOnlyList<ToneSymbol> symbols)
    {
        var (best, length) = (double.MinValue, 0);
        for (var word = 0; word < Words.Length; word++)
        {
            var share = 0.0;
            for (var i = 0; i < Length; i++) share += symbols[i].Share(Words[word][i]);
            if (share > best) (best, length) = (share, word + 1);
        }

        return length;
    }

    /// <summary>Message first; the parity is what is left when the message is divided by the generator.</summary>
    private static int[] Word(int message)
    {
        var field = GaloisField.Tribits;
        var word = new int[Length];
        for (var i = 0; i < Message; i++) word[i] = (message >> (3 * (Message - 1 - i))) & 7;

        // (x + 1)(x + a)(x + a^2)(x + a^3), from high to low.
        byte[] generator = [1];
        for (var root = 0; root < Length - Message; root++)
        {
            byte[] next = [.. generator, 0];
            for (var i = 0; i < generator.Length; i++) next[i + 1] ^= field.Multiply(generator[i], field.Power(root));
            generator = next;
        }

        var rest = word.ToArray();
        for (var i = 0; i < Message; i++)
        {
            var factor = (byte)rest[i];
            for (var j = 0; j < generator.Length; j++) rest[i + j] ^= field.Multiply(factor, generator[j]);
        }

        rest.AsSpan(Message).CopyTo(word.AsSpan(Message));
        return word;
    }
}
