using System.Numerics;
using System.Security.Cryptography;

namespace Tessera.VirtualCard.Piv;

/// <summary>
/// The private-key operation of RSA on a whole block (RFC 8017 §5.1.2, second form), as the host padded it.
/// </summary>
/// <remarks>
/// The platform offers RSA with a padding of its own only. The result is checked with the public key before anybody
/// sees it: one fault in one half would give the factors away.
/// </remarks>
internal static class RsaPrivateOperation
{
    /// <param name="block">As long as the modulus and below it.</param>
    /// <exception cref="CryptographicException">The key is no whole key.</exception>
    public static byte[] Run(RSAParameters key, ReadOnlySpan<byte> block)
    {
        var result = new byte[block.Length];
        using (var p = new MontgomeryModulus(key.P))
        using (var q = new MontgomeryModulus(key.Q))
            Run(p, q, key, block, result);

        var check = BigInteger.ModPow(Unsigned(result), Unsigned(key.Exponent), Unsigned(key.Modulus));
        return check == Unsigned(block)
            ? result
            : throw new CryptographicException("An RSA key on the card does not fit together.");
    }

    /// <summary>Whether the block is below the modulus.</summary>
    public static bool IsBelow(ReadOnlySpan<byte> block, ReadOnlySpan<byte> modulus) =>
        block.SequenceCompareTo(modulus) < 0;

    private static void Run(
        MontgomeryModulus p, MontgomeryModulus q, RSAParameters key, ReadOnlySpan<byte> block, Span<byte> result)
    {
        var words = p.Words;
        Span<ulong> first = stackalloc ulong[words];
        Span<ulong> second = stackalloc ulong[words];
        Span<ulong> other = stackalloc ulong[words];
        Span<ulong> whole = stackalloc ulong[2 * words];

        HalfPower(p, block, key.DP, first);
        HalfPower(q, block, key.DQ, second);

        // Garner: second + q ((first - second) / q mod p).
        p.Reduce(second, other);
        p.Difference(first, other, first);
        p.ToForm(first, other);
        MontgomeryModulus.Read(key.InverseQ, first);
        p.Multiply(other, first, other);
        MontgomeryModulus.Read(key.Q, first);
        whole.Clear();
        second.CopyTo(whole);
        MultiplyInto(whole, other, first);
        MontgomeryModulus.Write(whole, result);

        MontgomeryModulus.Erase(first);
        MontgomeryModulus.Erase(second);
        MontgomeryModulus.Erase(other);
        MontgomeryModulus.Erase(whole);
    }

    /// <summary>The block, twice as long as the modulus, to the power of the exponent.</summary>
    private static void HalfPower(
        MontgomeryModulus modulus, ReadOnlySpan<byte> block, ReadOnlySpan<byte> exponent, Span<ulong> result)
    {
        Span<ulong> number = stackalloc ulong[modulus.Words];
        Span<ulong> low = stackalloc ulong[modulus.Words];
        MontgomeryModulus.Read(block[..(block.Length / 2)], number);
        modulus.ToForm(number, number);
        modulus.ToForm(number, number);
        MontgomeryModulus.Read(block[(block.Length / 2)..], low);
        modulus.ToForm(low, low);
        modulus.Add(number, low, number);
        modulus.Power(number, exponent, result);
        modulus.FromForm(result, result);
        MontgomeryModulus.Erase(number);
        MontgomeryModulus.Erase(low);
    }

    /// <summary>Adds the product to the sum, which has room for it.</summary>
    public static void MultiplyInto(Span<ulong> sum, ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right)
    {
        for (var i = 0; i < left.Length; i++)
        {
            ulong carry = 0;
            for (var j = 0; j < right.Length; j++)
                sum[i + j] = MontgomeryModulus.MultiplyAdd(sum[i + j], left[i], right[j], ref carry);
            for (var j = i + right.Length; j < sum.Length; j++)
                sum[j] = MontgomeryModulus.MultiplyAdd(sum[j], 0, 0, ref carry);
        }
    }

    private static BigInteger Unsigned(ReadOnlySpan<byte> bigEndian) =>
        new(bigEndian, isUnsigned: true, isBigEndian: true);
}
