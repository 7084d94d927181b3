using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Xunit;

namespace Tessera.Wire.Tests;

public class AesBlocksTests
{
    private static readonly Bytes Plain = Bytes.FromHex("00112233445566778899AABBCCDDEEFF");

    // FIPS 197 appendix C, by the processor's instructions, if it has them, and by the platform.
    [Theory]
    [InlineData(16, "69C4E0D86A7B0430D8CDB78070B4C55A", true)]
    [InlineData(24, "DDA97CA4864CDFE06EAF70A0EC0D7191", true)]
    [InlineData(32, "8EA2B7CA516745BFEAFC49904B496089", true)]
    [InlineData(16, "69C4E0D86A7B0430D8CDB78070B4C55A", false)]
    [InlineData(24, "DDA97CA4864CDFE06EAF70A0EC0D7191", false)]
    [InlineData(32, "8EA2B7CA516745BFEAFC49904B496089", false)]
    public void Example_vectors(int keyLength, string cipher, bool byProcessor)
    {
        using var key = new SecretKey([.. Enumerable.Range(0, keyLength).Select(i => (byte)i)]);
        using var encryption = AesBlocks.ForEncryption(key, byProcessor);
        using var decryption = AesBlocks.ForDecryption(key, byProcessor);

        Assert.Equal(cipher, Hex(encryption.Encrypt(Vector128.Create(Plain.Span))));
        Assert.Equal(Plain.ToString(), Hex(decryption.Decrypt(Vector128.Create(Bytes.FromHex(cipher).Span))));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    [InlineData(32)]
    public void Chains_as_the_platform_does(int keyLength)
    {
        for (var blocks = 0; blocks < 40; blocks++)
        {
            using var key = SecretKey.Generate(keyLength);
            using var aes = key.CreateAes();
            var plain = RandomNumberGenerator.GetBytes(blocks * AesCbc.Block);
            var octets = plain.ToArray();

            AesCbc.Encrypt(key, octets);
            Assert.Equal(aes.EncryptCbc(plain, new byte[AesCbc.Block], PaddingMode.None), octets);
            AesCbc.Decrypt(key, octets);
            Assert.Equal(plain, octets);
        }
    }

    [Theory]
    [InlineData(15)]
    [InlineData(17)]
    public void Takes_whole_blocks_only(int length)
    {
        using var key = SecretKey.Generate();

        Assert.Throws<ArgumentException>(() => AesCbc.Encrypt(key, new byte[length]));
        Assert.Throws<ArgumentException>(() => AesCbc.Decrypt(key, new byte[length]));
    }

    // SP 800-38B examples for AES-192 and AES-256.
    [Theory]
    [InlineData("8E73B0F7DA0E6452C810F32B809079E562F8EAD2522C6B7B", "", "D17DDF46ADAACDE531CAC483DE7A9367")]
    [InlineData(
        "8E73B0F7DA0E6452C810F32B809079E562F8EAD2522C6B7B", "6BC1BEE22E409F96E93D7E117393172A",
        "9E99A7BF31E710900662F65E617C5184")]
    [InlineData(
        "603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4", "", "028962F61B7BF89EFC6B551F4667D983")]
    [InlineData(
        "603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4", "6BC1BEE22E409F96E93D7E117393172A",
        "28A7023F452E8F82BD4BF28D8C37C35C")]
    public void Cmac_under_longer_keys(string key, string message, string mac)
    {
        using var secret = new SecretKey(Bytes.FromHex(key).Span);

        Assert.Equal(mac, Convert.ToHexString(AesCmac.Compute(secret, Bytes.FromHex(message).Span)));
    }

    private static string Hex(Vector128<byte> block)
    {
        var octets = new byte[AesBlocks.Length];
        block.CopyTo(octets);
        return Convert.ToHexString(octets);
    }
}
