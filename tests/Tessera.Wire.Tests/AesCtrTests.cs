using Xunit;

namespace Tessera.Wire.Tests;

public class AesCtrTests
{
    /// <summary>SP 800-38A F.5.1 (AES-128) and F.5.5 (AES-256).</summary>
    [Theory]
    [InlineData(
        "2B7E151628AED2A6ABF7158809CF4F3C",
        "874D6191B620E3261BEF6864990DB6CE9806F66B7970FDFF8617187BB9FFFDFF" +
        "5AE4DF3EDBD5D35E5B4F09020DB03EAB1E031DDA2FBE03D1792170A0F3009CEE")]
    [InlineData(
        "603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4",
        "601EC313775789A5B7A7F504BBF3D228F443E3CA4D62B59ACA84E990CACAF5C5" +
        "2B0930DAA23DE94CE87017BA2D84988DDFC9C58DB67AADA613C2DD08457941A6")]
    public void Published_vectors(string key, string cipher)
    {
        using var secret = new SecretKey(Bytes.FromHex(key).Span);
        var octets = Bytes.FromHex(
            "6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E51" +
            "30C81C46A35CE411E5FBC1191A0A52EFF69F2445DF4F9B17AD2B417BE66C3710").ToArray();
        var counter = Bytes.FromHex("F0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF");

        AesCtr.Apply(secret, counter.Span, octets);
        Assert.Equal(cipher, Convert.ToHexString(octets));

        var cut = octets[..37];
        AesCtr.Apply(secret, counter.Span, cut);
        Assert.Equal("6BC1BEE22E409F96E93D7E117393172A", Convert.ToHexString(cut[..16]));
        Assert.Equal("30C81C46A3", Convert.ToHexString(cut[32..]));
    }

    [Fact]
    public void The_counter_carries_into_all_its_octets()
    {
        using var key = new SecretKey(new byte[16]);
        var two = new byte[32];
        AesCtr.Apply(key, Bytes.FromHex("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF").Span, two);
        var second = new byte[16];
        AesCtr.Apply(key, new byte[16], second);

        Assert.Equal(second, two[16..]);
        Assert.Throws<ArgumentException>(() => AesCtr.Apply(key, new byte[15], second));
    }
}
