using Tessera.Phone.Modems.Coding;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Modems.Coding;

public class ReedSolomonTests
{
    /// <summary>The QR code uses this field and these roots: "HELLO WORLD".</summary>
    [Theory]
    [InlineData("205B0B78D172DC4D4340EC11EC11EC11", "C4232777EBD7E7E25D17")]
    public void Parity_is_that_of_the_qr_code(string message, string parity)
    {
        var expected = Bytes.FromHex(parity);
        var made = new byte[expected.Length];
        ReedSolomon.Encode(Bytes.FromHex(message).Span, made);
        Assert.Equal(expected.ToArray(), made);
    }

    /// <summary>ISO/IEC 18004, annex A: the generator of degree 7 is x^7 + a^87 x^6 + a^229 x^5 + ... + a^21.</summary>
    [Fact]
    public void The_parity_of_one_is_the_generator()
    {
        var parity = new byte[7];
        ReedSolomon.Encode([1], parity);
        Assert.Equal(new[] { 87, 229, 146, 149, 238, 102, 21 }.Select(Power), parity);
    }

    [Fact]
    public void Any_errors_and_erasures_within_the_parity_are_corrected()
    {
        var random = new Random(1);
        for (var round = 0; round < 3000; round++)
        {
            var parity = random.Next(1, 80);
            var sent = Codeword(random, random.Next(1, ReedSolomon.MaxLength - parity + 1), parity);
            var erasures = random.Next(0, parity + 1);
            var errors = random.Next(0, ((parity - erasures) / 2) + 1);
            var places = Places(random, sent.Length);
            var heard = sent.ToArray();
            foreach (var place in places.Take(erasures)) heard[place] = (byte)random.Next(256);
            foreach (var place in places.Skip(erasures).Take(errors)) heard[place] ^= (byte)random.Next(1, 256);

            Assert.True(ReedSolomon.TryCorrect(heard, parity, places.AsSpan(0, Math.Min(erasures, places.Length))));
            Assert.Equal(sent, heard);
        }
    }

    [Fact]
    public void More_errors_than_the_parity_corrects_are_found_out_or_make_another_codeword()
    {
        var random = new Random(2);
        var found = 0;
        for (var round = 0; round < 1000; round++)
        {
            var sent = Codeword(random, 90, 16);
            var heard = sent.ToArray();
            foreach (var place in Places(random, sent.Length).Take(random.Next(9, 40)))
                heard[place] ^= (byte)random.Next(1, 256);
            var before = heard.ToArray();
            if (ReedSolomon.TryCorrect(heard, 16, []))
            {
                Assert.True(IsCodeword(heard, 16));
                continue;
            }

            Assert.Equal(before, heard);
            found++;
        }

        Assert.True(found > 990, $"{found}");
    }

    [Fact]
    public void More_erasures_than_parity_are_no_codeword()
    {
        var random = new Random(3);
        var sent = Codeword(random, 20, 4);
        var heard = sent.ToArray();
        foreach (var place in (ReadOnlySpan<int>)[1, 5, 9, 13, 17]) heard[place] ^= 0x5A;
        Assert.False(ReedSolomon.TryCorrect(heard, 4, [1, 5, 9, 13, 17]));
    }

    [Fact]
    public void A_codeword_of_more_parity_is_one_of_less()
    {
        var random = new Random(4);
        var sent = Codeword(random, 60, 40);
        for (var less = 1; less <= 40; less++) Assert.True(IsCodeword(sent, less));
    }

    [Fact]
    public void Noise_is_never_more_than_no_codeword()
    {
        var random = new Random(5);
        for (var round = 0; round < 2000; round++)
        {
            var heard = new byte[random.Next(1, ReedSolomon.MaxLength + 1)];
            random.NextBytes(heard);
            var parity = random.Next(0, heard.Length + 1);
            var erasures = Places(random, heard.Length).AsSpan(0, random.Next(0, heard.Length + 1));
            if (ReedSolomon.TryCorrect(heard, parity, erasures)) Assert.True(IsCodeword(heard, parity));
        }
    }

    [Fact]
    public void A_word_that_is_too_long_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ReedSolomon.Encode(new byte[250], new byte[6]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReedSolomon.TryCorrect(new byte[256], 6, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReedSolomon.TryCorrect(new byte[5], 6, []));
    }

    private static byte[] Codeword(Random random, int length, int parity)
    {
        var word = new byte[length + parity];
        random.NextBytes(word);
        ReedSolomon.Encode(word.AsSpan(0, length), word.AsSpan(length));
        return word;
    }

    private static bool IsCodeword(byte[] word, int parity)
    {
        var expected = new byte[parity];
        ReedSolomon.Encode(word.AsSpan(0, word.Length - parity), expected);
        return word.AsSpan(word.Length - parity).SequenceEqual(expected);
    }

    private static int[] Places(Random random, int count)
    {
        var places = Enumerable.Range(0, count).ToArray();
        random.Shuffle(places);
        return places;
    }

    private static byte Power(int exponent)
    {
        var value = 1;
        for (; exponent > 0; exponent--) value = (value << 1) ^ (value >= 0x80 ? 0x11D : 0);
        return (byte)value;
    }
}
