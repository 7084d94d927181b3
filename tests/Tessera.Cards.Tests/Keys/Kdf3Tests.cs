using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Keys;

/// <summary>Vectors of GlobalPlatformPro's tests (KDF3) and of pySim's (SCP03_KCV_Test).</summary>
public class Kdf3Tests
{
    [Theory]
    [InlineData(1, "9AAC5D0B3601F89438A0D9D0B6B256CFB47E6462DFA5228D3420C4AC7C224781")]
    [InlineData(2, "8C6D4ADE2AADE2BDF66EF24537F7AF9806C71A5CF0269CDA323B54BD4C6EBA99")]
    [InlineData(3, "0DFB0D477168F625F751767F35C4BF73697D40A5F41D625432DE8A7D607778BF")]
    public void Keys_of_a_card(byte purpose, string expected)
    {
        using var master = Key("8C72C72CF908411653018807950D82FBAD947562F0828A0B10B8B9606ABF3BCD");
        using var key = Kdf3.Derive(master, purpose, Bytes.FromHex("D9B1DE5D0362DEDCE4FB").Span);

        Assert.Equal(Bytes.FromHex(expected), Bytes.CopyOf(key.Reveal()));
    }

    [Theory]
    [InlineData(32, "2972D2", "036F94", "5D57B8")]
    [InlineData(24, "1DE8EA", "47C00C", "C04D76")]
    [InlineData(16, "E79C05", "D1BD77", "3FDE8C")]
    public void Check_values_of_keys_of_every_length(int length, params string[] expected)
    {
        var octets = Bytes.FromHex("404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F");
        using var master = new SecretKey(octets.Span[..length]);

        for (byte purpose = 1; purpose <= 3; purpose++)
        {
            using var key = Kdf3.Derive(master, purpose, Bytes.FromHex("00010203040506070809").Span);
            Assert.Equal(length, key.Length);
            Assert.Equal(expected[purpose - 1], KeyCheckValue.Of(key).ToString());
        }
    }

    [Theory]
    [InlineData("000102030405060708090A0B0C0D0E0F", "C35280")]
    [InlineData("101112131415161718191A1B1C1D1E1F", "013808")]
    [InlineData("202122232425262728292A2B2C2D2E2F", "840DE5")]
    public void Check_value_of_an_aes_key(string key, string expected)
    {
        using var secret = Key(key);
        Assert.Equal(expected, KeyCheckValue.Of(secret).ToString());
    }

    // The well-known test key of GlobalPlatform cards, 40..4F, as card managers print it (GlobalPlatformPro: 8BAF47).
    [Fact]
    public void Check_value_of_a_triple_des_key()
    {
        using var secret = Key("404142434445464748494A4B4C4D4E4F");
        using var longer = new SecretKey(new byte[32]);

        Assert.Equal("8BAF47", KeyCheckValue.OfTdea(secret).ToString());
        Assert.Throws<ArgumentException>(() => KeyCheckValue.OfTdea(longer));
    }

    [Fact]
    public void Refuses_other_purposes_and_lengths()
    {
        using var master = Key("404142434445464748494A4B4C4D4E4F");

        Assert.Throws<ArgumentOutOfRangeException>(() => Kdf3.Derive(master, 0, new byte[10]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Kdf3.Derive(master, 4, new byte[10]));
        Assert.Throws<ArgumentException>(() => Kdf3.Derive(master, 1, new byte[9]));
    }

    private static SecretKey Key(string hex) => new(Bytes.FromHex(hex).Span);
}
