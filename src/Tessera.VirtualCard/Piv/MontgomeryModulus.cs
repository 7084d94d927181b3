using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Tessera.VirtualCard.Piv;

/// <summary>Arithmetic modulo a secret prime: what it does and touches depends on the length alone.</summary>
/// <remarks>
/// Numbers are words of 64 bits, the lowest first, as many as the modulus has; R is 2 to the power of their bits. A
/// number in Montgomery's form is x R. No branch and no index depends on a number.
/// </remarks>
internal sealed class MontgomeryModulus : IDisposable
{
    private const int WordLength = sizeof(ulong);
    private const int WindowBits = 4;
    private const int WindowSize = 1 << WindowBits;

    private readonly ulong[] _modulus;
    private readonly ulong[] _square;
    private readonly ulong[] _scratch;
    private readonly ulong _inverse;

    /// <param name="modulus">Odd, big endian, whole words, its highest bit set.</param>
    public MontgomeryModulus(ReadOnlySpan<byte> modulus)
    {
        if (modulus.IsEmpty || modulus.Length % WordLength != 0 || modulus[0] < 0x80 || (modulus[^1] & 1) == 0)
        {
            throw new ArgumentException(
                "The modulus is odd, of whole words, and its highest bit is set.", nameof(modulus));
        }

        Words = modulus.Length / WordLength;
        _modulus = new ulong[Words];
        _square = new ulong[Words];
        _scratch = new ulong[Words + 2];
        Read(modulus, _modulus);
        _inverse = NegativeInverse(_modulus[0]);

        // R - n is R mod n, because n has its highest bit; doubled once for each bit of R it is R² mod n.
        Subtract(_square, _modulus, _square);
        for (var bit = 0; bit < Words * WordLength * 8; bit++) Add(_square, _square, _square);
    }

    /// <summary>Words of each number.</summary>
    public int Words { get; }

    public static void Read(ReadOnlySpan<byte> bigEndian, Span<ulong> words)
    {
        for (var i = 0; i < words.Length; i++)
            words[i] = BinaryPrimitives.ReadUInt64BigEndian(bigEndian[^((i + 1) * WordLength)..]);
    }

    public static void Write(ReadOnlySpan<ulong> words, Span<byte> bigEndian)
    {
        for (var i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt64BigEndian(bigEndian[^((i + 1) * WordLength)..], words[i]);
    }

    /// <summary>sum + factor × other + carry: the low word, and the high one as carry.</summary>
    public static ulong MultiplyAdd(ulong sum, ulong factor, ulong other, ref ulong carry)
    {
        var high = Math.BigMul(factor, other, out var low);
        low = AddWithCarry(low, sum, ref high);
        low = AddWithCarry(low, carry, ref high);
        carry = high;
        return low;
    }

    /// <summary>x R, of any x of as many words.</summary>
    public void ToForm(ReadOnlySpan<ulong> number, Span<ulong> result) => Multiply(number, _square, result);

    /// <summary>x of x R.</summary>
    public void FromForm(ReadOnlySpan<ulong> form, Span<ulong> result)
    {
        Span<ulong> one = stackalloc ulong[Words];
        one.Clear();
        one[0] = 1;
        Multiply(form, one, result);
    }

    /// <summary>left × right / R. One may be any number of as many words, the other is below the modulus.</summary>
    public void Multiply(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right, Span<ulong> result)
    {
        var sum = _scratch.AsSpan();
        sum.Clear();
        for (var i = 0; i < Words; i++)
        {
            ulong carry = 0;
            for (var j = 0; j < Words; j++) sum[j] = MultiplyAdd(sum[j], left[j], right[i], ref carry);
            ulong high = 0;
            sum[Words] = AddWithCarry(sum[Words], carry, ref high);
            sum[Words + 1] = high;

            var factor = sum[0] * _inverse;
            carry = 0;
            _ = MultiplyAdd(sum[0], factor, _modulus[0], ref carry);
            for (var j = 1; j < Words; j++) sum[j - 1] = MultiplyAdd(sum[j], factor, _modulus[j], ref carry);
            high = 0;
            sum[Words - 1] = AddWithCarry(sum[Words], carry, ref high);
            sum[Words] = sum[Words + 1] + high;
        }

        Reduce(sum[..Words], sum[Words], result);
    }

    /// <summary>left + right, both below the modulus.</summary>
    public void Add(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right, Span<ulong> result)
    {
        ulong carry = 0;
        for (var i = 0; i < Words; i++)
        {
            ulong next = 0;
            var sum = AddWithCarry(left[i], right[i], ref next);
            result[i] = AddWithCarry(sum, carry, ref next);
            carry = next;
        }

        Reduce(result, carry, result);
    }

    /// <summary>left - right, both below the modulus.</summary>
    public void Difference(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right, Span<ulong> result)
    {
        var mask = 0 - Subtract(left, right, result);
        ulong carry = 0;
        for (var i = 0; i < Words; i++)
        {
            ulong next = 0;
            var sum = AddWithCarry(result[i], _modulus[i] & mask, ref next);
            result[i] = AddWithCarry(sum, carry, ref next);
            carry = next;
        }
    }

    /// <summary>A number of as many words, brought below the modulus.</summary>
    public void Reduce(ReadOnlySpan<ulong> number, Span<ulong> result) => Reduce(number, 0, result);

    /// <summary>A number to the power of another: both in and out in Montgomery's form.</summary>
    /// <param name="exponent">Big endian; its length is no secret.</param>
    public void Power(ReadOnlySpan<ulong> number, ReadOnlySpan<byte> exponent, Span<ulong> result)
    {
        Span<ulong> powers = stackalloc ulong[WindowSize * Words];
        Span<ulong> chosen = stackalloc ulong[Words];
        chosen.Clear();
        chosen[0] = 1;
        ToForm(chosen, powers[..Words]);
        for (var i = 1; i < WindowSize; i++)
            Multiply(powers.Slice((i - 1) * Words, Words), number, powers.Slice(i * Words, Words));

        powers[..Words].CopyTo(result);
        foreach (var octet in exponent)
        {
            for (var shift = 8 - WindowBits; shift >= 0; shift -= WindowBits)
            {
                for (var i = 0; i < WindowBits; i++) Multiply(result, result, result);
                Choose(powers, (ulong)(octet >> shift) & (WindowSize - 1), chosen);
                Multiply(result, chosen, result);
            }
        }

        Erase(powers);
        Erase(chosen);
    }

    public static void Erase(Span<ulong> words) => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(words));

    public void Dispose()
    {
        Erase(_modulus);
        Erase(_square);
        Erase(_scratch);
    }

    /// <summary>Reads all of the table, whichever is wanted.</summary>
    private static void Choose(ReadOnlySpan<ulong> table, ulong wanted, Span<ulong> chosen)
    {
        chosen.Clear();
        for (var i = 0; i < WindowSize; i++)
        {
            var other = (ulong)i ^ wanted;
            var mask = ((other | (0 - other)) >> 63) - 1;
            for (var j = 0; j < chosen.Length; j++) chosen[j] |= table[(i * chosen.Length) + j] & mask;
        }
    }

    /// <summary>The number with its carry, less the modulus where that is not greater.</summary>
    private void Reduce(ReadOnlySpan<ulong> number, ulong carry, Span<ulong> result)
    {
        Span<ulong> less = stackalloc ulong[Words];
        var borrow = Subtract(number, _modulus, less);
        var keep = 0 - (borrow & (carry ^ 1));
        for (var i = 0; i < Words; i++) result[i] = (number[i] & keep) | (less[i] & ~keep);
        Erase(less);
    }

    private static ulong Subtract(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right, Span<ulong> result)
    {
        ulong borrow = 0;
        for (var i = 0; i < result.Length; i++)
        {
            var (a, b) = (left[i], right[i]);
            var difference = a - b - borrow;
            borrow = ((~a & b) | ((~a | b) & difference)) >> 63;
            result[i] = difference;
        }

        return borrow;
    }

    /// <summary>Adds the carry to what there is: out of the highest bits, because a comparison may branch.</summary>
    private static ulong AddWithCarry(ulong left, ulong right, ref ulong carry)
    {
        var sum = left + right;
        carry += ((left & right) | ((left | right) & ~sum)) >> 63;
        return sum;
    }

    /// <summary>-1/n modulo 2^64: each step doubles the bits that are right; n itself has the first three.</summary>
    private static ulong NegativeInverse(ulong odd)
    {
        var inverse = odd;
        for (var bits = 3; bits < 64; bits *= 2) inverse *= 2 - (odd * inverse);
        return 0 - inverse;
    }
}
