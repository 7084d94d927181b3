using System.Security.Cryptography;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Keys;

public class CardKeysTests
{
    private const string Master = "00112233445566778899AABBCCDDEEFF";

    // NXP AN10922 §2.2.1; the others were computed with OpenSSL: AES-CBC over D, K1 and K2 as the note has them.
    [Theory]
    [InlineData("04782E21801D803042F54E585020416275", "A8DD63A3B89D54B37CA802473FDA9175")]
    [InlineData("00", "281049D52ECBC8F60961993D34DE3D54")]
    [InlineData("00010203040506", "E8B7F67C78C34AF1446E331EF7E6D3FF")]
    [InlineData("000102030405060708090A0B0C0D0E", "5A3C7F6F0687F24F82DEE7EDA0970D08")]
    [InlineData("000102030405060708090A0B0C0D0E0F", "FEED9FBD36CDB16819A72D30BCF9240B")]
    [InlineData("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E", "21C28CD89BB3147F66C7DBD4851CAB20")]
    public void Diversified_key(string input, string expected)
    {
        using var master = Key(Master);
        using var key = An10922.Diversify(master, Bytes.FromHex(input).Span);

        Assert.Equal(Bytes.FromHex(expected), Bytes.CopyOf(key.Reveal()));
    }

    [Fact]
    public void Refuses_inputs_of_other_lengths()
    {
        using var master = Key(Master);

        Assert.Throws<ArgumentOutOfRangeException>(() => An10922.Diversify(master, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => An10922.Diversify(master, new byte[32]));
    }

    [Fact]
    public void Keys_of_a_card_are_those_of_its_id_and_the_applet()
    {
        using var masters = new MasterKeys(1, Key(Master), Key(Master), SecretKey.Generate());
        using var keys = CardKeys.Of(masters, CardId.Parse("0123456789ABCDEF"));
        using var purse = An10922.Diversify(masters.Purse, Bytes.FromHex("0123456789ABCDEF F05445535345524101").Span);
        using var store = An10922.Diversify(masters.Store, Bytes.FromHex("0123456789ABCDEF F05445535345524102").Span);

        Assert.Equal(Bytes.CopyOf(purse.Reveal()), Bytes.CopyOf(keys.Purse.Reveal()));
        Assert.Equal(Bytes.CopyOf(store.Reveal()), Bytes.CopyOf(keys.Store.Reveal()));
    }

    [Fact]
    public void All_keys_are_gone_when_disposed()
    {
        var masters = MasterKeys.Generate(1);
        Assert.False(CryptographicOperations.FixedTimeEquals(masters.Purse.Reveal(), masters.Store.Reveal()));
        var keys = CardKeys.Of(masters, new CardId(1));

        masters.Dispose();
        keys.Dispose();

        foreach (var key in new[] { masters.Purse, masters.Store, keys.Purse, keys.Store, masters.Ota })
            Assert.Throws<ObjectDisposedException>(() => key.Reveal().Length);
    }

    private static SecretKey Key(string hex) => new(Bytes.FromHex(hex).Span);
}
