using System.Numerics;
using System.Security.Cryptography;
using Tessera.VirtualCard.Piv;
using Xunit;

namespace Tessera.VirtualCard.Tests.Piv;

public class RsaPrivateOperationTests
{
    /// <summary>Against the arithmetic of the platform, which is not constant in time but right.</summary>
    [Fact]
    public void It_is_the_power_of_the_block_by_the_private_exponent()
    {
        using var rsa = RSA.Create(1024);
        var key = rsa.ExportParameters(includePrivateParameters: true);
        var (n, p) = (Unsigned(key.Modulus!), Unsigned(key.P!));
        BigInteger[] edges =
            [0, 1, 2, n - 1, n - 2, p, p * 2, n - p, p - 1, p + 1, Unsigned(key.Q!), BigInteger.One << 512, n >> 1];
        var random = new Random(1);
        foreach (var block in edges.Concat(Enumerable.Range(0, 8).Select(_ => Random(random, 128) % n)))
            Compare(key, block);
    }

    [Theory]
    [InlineData(2048)]
    [InlineData(3072)]
    public void It_is_so_for_keys_as_long_as_those_of_a_card(int bits)
    {
        using var rsa = RSA.Create(bits);
        var key = rsa.ExportParameters(includePrivateParameters: true);

        Compare(key, Unsigned(key.Modulus!) - 1);
        Compare(key, Random(new Random(bits), bits / 8) % Unsigned(key.Modulus!));
    }

    /// <summary>A fault in one half, signed, would let anybody compute a factor.</summary>
    [Fact]
    public void A_key_with_a_fault_in_it_gives_no_result()
    {
        using var rsa = RSA.Create(2048);
        var key = rsa.ExportParameters(includePrivateParameters: true);
        key.DP![40] ^= 0x10;

        Assert.Throws<CryptographicException>(() => RsaPrivateOperation.Run(key, Octets(12345, 256)));
    }

    [Fact]
    public void Whether_a_block_is_below_the_modulus_is_told_to_the_last_bit()
    {
        byte[] modulus = [0x80, 0x00, 0x03];

        Assert.True(RsaPrivateOperation.IsBelow([0x80, 0x00, 0x02], modulus));
        Assert.False(RsaPrivateOperation.IsBelow([0x80, 0x00, 0x03], modulus));
        Assert.False(RsaPrivateOperation.IsBelow([0x80, 0x01, 0x00], modulus));
        Assert.True(RsaPrivateOperation.IsBelow([0x7F, 0xFF, 0xFF], modulus));
    }

    [Theory]
    [InlineData("7FFFFFFFFFFFFFFF")]
    [InlineData("FFFFFFFFFFFFFFFE")]
    [InlineData("FFFFFFFFFFFFFF")]
    [InlineData("")]
    public void A_modulus_has_whole_words_its_highest_and_its_lowest_bit(string hex) =>
        Assert.Throws<ArgumentException>(() => new MontgomeryModulus(Convert.FromHexString(hex)));

    private static void Compare(RSAParameters key, BigInteger block)
    {
        var result = RsaPrivateOperation.Run(key, Octets(block, key.Modulus!.Length));

        Assert.Equal(BigInteger.ModPow(block, Unsigned(key.D!), Unsigned(key.Modulus)), Unsigned(result));
    }

    private static BigInteger Random(Random random, int length)
    {
        var octets = new byte[length];
        random.NextBytes(octets);
        return Unsigned(octets);
    }

    private static BigInteger Unsigned(byte[] octets) => new(octets, isUnsigned: true, isBigEndian: true);

    private static byte[] Octets(BigInteger number, int length)
    {
        var octets = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[length - octets.Length], .. octets];
    }
}
