namespace Tessera.Phone.Modems.Coding;

/// <summary>
/// Reed-Solomon codes over octets (field 11D, roots from the zeroth power on), shortened to any length up to 255.
/// The parity stands behind the message; e errors and s erasures are corrected where 2e + s is not more than it.
/// </summary>
/// <remarks>
/// The code with more parity is part of the code with less: every codeword of 40 octets of parity is one of 32 as well.
/// </remarks>
public static class ReedSolomon
{
    public const int MaxLength = 255;

    private static readonly GaloisField Field = GaloisField.Octets;
    private static readonly byte[][] Generators = new byte[MaxLength][];

    /// <summary>Fills in the parity of a message.</summary>
    public static void Encode(ReadOnlySpan<byte> message, Span<byte> parity)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(message.Length + parity.Length, MaxLength, nameof(message));
        parity.Clear();
        if (parity.IsEmpty) return;
        var generator = Generator(parity.Length);
        foreach (var octet in message)
        {
            var feedback = (byte)(octet ^ parity[0]);
            parity[1..].CopyTo(parity);
            parity[^1] = 0;
            if (feedback == 0) continue;
            for (var i = 0; i < parity.Length; i++) parity[i] ^= Field.Multiply(feedback, generator[i]);
        }
    }

    /// <summary>Corrects a codeword in place; one that cannot be corrected stays as it is.</summary>
    /// <param name="codeword">The message and its parity.</param>
    /// <param name="parity">How many octets of it are parity.</param>
    /// <param name="erasures">Where octets are known to be worthless, each place once.</param>
    public static bool TryCorrect(Span<byte> codeword, int parity, ReadOnlySpan<int> erasures)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(codeword.Length, MaxLength, nameof(codeword));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parity, codeword.Length);
        Span<byte> syndromes = stackalloc byte[parity];
        if (Syndromes(codeword, syndromes)) return true;
        if (erasures.Length > parity) return false;

        Span<byte> locator = stackalloc byte[parity + 1];
        var degree = Locate(syndromes, erasures, codeword.Length, locator);
        return degree > 0 && Repair(codeword, syndromes, locator[..(degree + 1)]);
    }

    /// <summary>The coefficients of the generator below the highest, which is one, from high to low.</summary>
    private static byte[] Generator(int parity)
    {
        if (Volatile.Read(ref Generators[parity - 1]) is { } known) return known;
        var generator = new byte[parity + 1];
        generator[0] = 1;
        for (var root = 0; root < parity; root++)
        {
            for (var i = root + 1; i > 0; i--)
                generator[i] ^= Field.Multiply(generator[i - 1], Field.Power(root));
        }

        var below = generator[1..];
        Volatile.Write(ref Generators[parity - 1], below);
        return below;
    }

    /// <summary>The codeword at each root; true if all are zero, which is what makes it a codeword.</summary>
    private static bool Syndromes(ReadOnlySpan<byte> codeword, Span<byte> syndromes)
    {
        var all = 0;
        for (var root = 0; root < syndromes.Length; root++)
        {
            var at = Field.Power(root);
            byte sum = 0;
            foreach (var octet in codeword) sum = (byte)(Field.Multiply(sum, at) ^ octet);
            syndromes[root] = sum;
            all |= sum;
        }

        return all == 0;
    }

    /// <summary>
    /// Berlekamp and Massey, begun with the erasures: the polynomial whose roots are the wrong places.
    /// </summary>
    /// <returns>Its degree, or 0 if there is none.</returns>
    private static int Locate(
        ReadOnlySpan<byte> syndromes, ReadOnlySpan<int> erasures, int length, Span<byte> locator)
    {
        locator.Clear();
        locator[0] = 1;
        for (var known = 0; known < erasures.Length; known++)
        {
            var place = Field.Power(length - 1 - erasures[known]);
            for (var i = known + 1; i > 0; i--) locator[i] ^= Field.Multiply(locator[i - 1], place);
        }

        Span<byte> other = stackalloc byte[locator.Length];
        Span<byte> next = stackalloc byte[locator.Length];
        locator.CopyTo(other);
        var errors = erasures.Length;
        for (var step = erasures.Length + 1; step <= syndromes.Length; step++)
        {
            byte discrepancy = 0;
            for (var i = 0; i < step; i++) discrepancy ^= Field.Multiply(locator[i], syndromes[step - 1 - i]);
            other[..^1].CopyTo(other[1..]);
            other[0] = 0;
            if (discrepancy == 0) continue;

            for (var i = 0; i < next.Length; i++)
                next[i] = (byte)(locator[i] ^ Field.Multiply(discrepancy, other[i]));
            if (2 * errors <= step + erasures.Length - 1)
            {
                errors = step + erasures.Length - errors;
                for (var i = 0; i < other.Length; i++) other[i] = Field.Divide(locator[i], discrepancy);
            }

            next.CopyTo(locator);
        }

        var degree = locator.LastIndexOfAnyExcept((byte)0);
        return degree == errors ? degree : 0;
    }

    /// <summary>
    /// Chien's search for the roots and Forney's values; nothing is changed unless all roots are in the codeword.
    /// </summary>
    private static bool Repair(Span<byte> codeword, ReadOnlySpan<byte> syndromes, ReadOnlySpan<byte> locator)
    {
        var degree = locator.Length - 1;
        Span<byte> evaluator = stackalloc byte[degree];
        for (var i = 0; i < degree; i++)
        {
            for (var j = 0; j <= i; j++) evaluator[i] ^= Field.Multiply(syndromes[i - j], locator[j]);
        }

        Span<int> places = stackalloc int[degree];
        Span<byte> values = stackalloc byte[degree];
        var found = 0;
        for (var place = 0; place < codeword.Length && found < degree; place++)
        {
            var power = codeword.Length - 1 - place;
            var inverse = Field.Power(-power);
            if (At(locator, inverse) != 0) continue;
            var slope = Slope(locator, inverse);
            if (slope == 0) return false;
            values[found] = Field.Multiply(Field.Power(power), Field.Divide(At(evaluator, inverse), slope));
            places[found++] = place;
        }

        if (found < degree) return false;
        for (var i = 0; i < degree; i++) codeword[places[i]] ^= values[i];
        return true;
    }

    private static byte At(ReadOnlySpan<byte> polynomial, byte x)
    {
        byte sum = 0;
        for (var i = polynomial.Length - 1; i >= 0; i--) sum = (byte)(Field.Multiply(sum, x) ^ polynomial[i]);
        return sum;
    }

    /// <summary>The formal derivative: of powers of two only the odd terms are left.</summary>
    private static byte Slope(ReadOnlySpan<byte> polynomial, byte x)
    {
        byte sum = 0;
        var square = Field.Multiply(x, x);
        for (var i = (polynomial.Length - 1) | 1; i > 0; i -= 2)
            sum = (byte)(Field.Multiply(sum, square) ^ (i < polynomial.Length ? polynomial[i] : 0));
        return sum;
    }
}
