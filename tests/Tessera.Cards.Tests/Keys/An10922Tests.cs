using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Keys;

/// <summary>
/// The examples of NXP AN10922 as public implementations reproduce them
/// (hst125fan/nxp-key-diversification, revk/DESFireAES, skythen, redfroggy).
/// </summary>
public class An10922Tests
{
    private const string Uid = "04782E21801D803042F54E585020416275";

    [Theory]
    [InlineData("00112233445566778899AABBCCDDEEFF", "A8DD63A3B89D54B37CA802473FDA9175")]
    [InlineData(
        "00112233445566778899AABBCCDDEEFF0102030405060708", "CE39C8E1CD82D9A7BEDBE9D74AF59B23176755EE7586E12C")]
    [InlineData(
        "00112233445566778899AABBCCDDEEFF0102030405060708090A0B0C0D0E0F00",
        "4FC6EEC820B4C54314990B8611662DB695E7880982C0001E6067488346100AED")]
    public void Aes_keys_of_every_length(string master, string expected)
    {
        using var key = Key(master);
        using var diversified = An10922.Diversify(key, Bytes.FromHex(Uid).Span);

        Assert.Equal(Bytes.FromHex(expected), Bytes.CopyOf(diversified.Reveal()));
    }

    [Theory]
    [InlineData(
        "00112233445566778899AABBCCDDEEFF", "04782E21801D803042F54E58502041", "16F9587D9E8910C96B9648D006107DD7")]
    [InlineData(
        "00112233445566778899AABBCCDDEEFF0102030405060708", "04782E21801D803042F54E5850",
        "2E0DD03774D3FA9B5705AB0BDA91CA0B55B8E07FCDBF10EC")]
    public void Triple_des_keys_of_both_kinds(string master, string input, string expected)
    {
        using var key = Key(master);
        using var diversified = An10922Tdea.Diversify(key, Bytes.FromHex(input).Span);

        Assert.Equal(Bytes.FromHex(expected), Bytes.CopyOf(diversified.Reveal()));
    }

    // Computed apart from us, by AES-CBC over D as the note has it (pyca/cryptography).
    [Theory]
    [InlineData(24, "578E3B255258CBF12CDC89A68B0EADCB54529065D907AE1D")]
    [InlineData(32, "8C2E7BDB6AD11C78416335760B32434C6DAEE5004338F8734CE8C1B68505A6B2")]
    public void A_short_input_is_padded_to_two_blocks(int length, string expected)
    {
        using var master = new SecretKey(
            Bytes.FromHex("00112233445566778899AABBCCDDEEFF0102030405060708090A0B0C0D0E0F00").Span[..length]);
        using var diversified = An10922.Diversify(master, [1, 2, 3, 4, 5]);

        Assert.Equal(Bytes.FromHex(expected), Bytes.CopyOf(diversified.Reveal()));
    }

    [Fact]
    public void Refuses_triple_des_of_other_lengths_and_single_des()
    {
        using var aes = Key("00112233445566778899AABBCCDDEEFF0102030405060708090A0B0C0D0E0F00");
        using var twice = Key("00112233445566770011223344556677");
        using var master = Key("00112233445566778899AABBCCDDEEFF");

        Assert.Throws<ArgumentException>(() => An10922Tdea.Diversify(aes, [1]));
        Assert.Throws<ArgumentException>(() => An10922Tdea.Diversify(twice, [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => An10922Tdea.Diversify(master, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => An10922Tdea.Diversify(master, new byte[16]));
    }

    private static SecretKey Key(string hex) => new(Bytes.FromHex(hex).Span);
}
