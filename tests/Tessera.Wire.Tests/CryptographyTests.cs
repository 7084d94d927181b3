using Xunit;

namespace Tessera.Wire.Tests;

public class CryptographyTests
{
    // RFC 4493 §4.
    [Theory]
    [InlineData("", "BB1D6929E95937287FA37D129B756746")]
    [InlineData("6BC1BEE22E409F96E93D7E117393172A", "070A16B46B4D4144F79BDD9DD04A287C")]
    [InlineData(
        "6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411",
        "DFA66747DE9AE63030CA32611497C827")]
    [InlineData(
        "6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411E5FBC1191A0A52EFF69F2445DF4F9B17AD2B417BE66C3710",
        "51F0BEBF7E3B9D92FC49741779363CFE")]
    public void Cmac(string message, string mac)
    {
        using var key = new SecretKey(Bytes.FromHex("2B7E151628AED2A6ABF7158809CF4F3C").Span);

        Assert.Equal(mac, Convert.ToHexString(AesCmac.Compute(key, Bytes.FromHex(message).Span)));
        Assert.True(AesCmac.Verify(key, Bytes.FromHex(message).Span, Bytes.FromHex(mac.AsSpan(0, 16)).Span));
        Assert.False(AesCmac.Verify(key, Bytes.FromHex(message + "00").Span, Bytes.FromHex(mac.AsSpan(0, 16)).Span));
    }

    [Fact]
    public void Secret_keys_do_not_print_and_are_gone_when_disposed()
    {
        var key = new SecretKey(Bytes.FromHex("2B7E151628AED2A6ABF7158809CF4F3C").Span);

        Assert.DoesNotContain("2B", key.ToString(), StringComparison.Ordinal);
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Reveal().Length);
    }

    [Theory]
    [InlineData(15)]
    [InlineData(0)]
    [InlineData(33)]
    public void Refuses_keys_of_other_lengths(int length) =>
        Assert.Throws<ArgumentException>(() => new SecretKey(new byte[length]));
}
