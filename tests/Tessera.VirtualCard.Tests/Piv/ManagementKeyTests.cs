using Tessera.Cards;
using Tessera.Cards.Piv;
using Tessera.VirtualCard.Piv;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Piv;

public class ManagementKeyTests
{
    private static readonly Bytes LongKey =
        Bytes.FromHex("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F");

    [Theory]
    [InlineData(PivAlgorithm.TripleDes)]
    [InlineData(PivAlgorithm.Aes128)]
    [InlineData(PivAlgorithm.Aes192)]
    [InlineData(PivAlgorithm.Aes256)]
    public void Who_enciphers_the_challenge_or_deciphers_the_witness_is_the_manager(PivAlgorithm algorithm)
    {
        var key = LongKey.Span[..algorithm.KeyLength()];
        using var card = Keyed(algorithm, key);
        Assert.Equal(StatusWord.SecurityStatusNotSatisfied, card.Put("5FC102", [1]));

        Assert.Equal(StatusWord.Success, card.Authenticate(algorithm, key));
        Assert.Equal(StatusWord.Success, card.Put("5FC102", [1]));

        card.Reset();
        Assert.Equal(StatusWord.SecurityStatusNotSatisfied, card.Put("5FC102", [2]));
        var (answer, challenge) = Mutual(card, algorithm, key);
        Assert.Equal(HostCipher.Encipher(algorithm, key, challenge), PivCard.Result(answer));
        Assert.Equal(StatusWord.Success, card.Put("5FC102", [2]));
    }

    [Fact]
    public void A_wrong_answer_makes_nobody_the_manager_and_unmakes_who_was()
    {
        using var card = PivCard.New().Managed();

        Assert.Equal(
            StatusWord.SecurityStatusNotSatisfied, card.Authenticate(PivAlgorithm.TripleDes, LongKey.Span[..24]));
        Assert.Equal(StatusWord.SecurityStatusNotSatisfied, card.Put("5FC102", [1]));
        var (answer, _) = Mutual(card, PivAlgorithm.TripleDes, LongKey.Span[..24]);
        Assert.Equal(new ResponseApdu(StatusWord.SecurityStatusNotSatisfied), answer);
        Assert.Equal(StatusWord.SecurityStatusNotSatisfied, card.Put("5FC102", [1]));
    }

    [Fact]
    public void A_challenge_serves_once_and_the_very_next_time()
    {
        using var card = PivCard.New();
        var challenge = card.Send(0x87, 0x03, 0x9B, "7C028100").Data.Span[4..].ToArray();
        var answer = PivCard.Template(
            0x82, HostCipher.Encipher(PivAlgorithm.TripleDes, PivCard.DefaultKey.Span, challenge));
        card.Send(0x87, 0x03, 0x9B, "7C028000");

        Assert.Equal(StatusWord.SecurityStatusNotSatisfied, card.Send(0x87, 0x03, 0x9B, answer).Status);

        Assert.Equal(StatusWord.Success, card.Authenticate(PivAlgorithm.TripleDes, PivCard.DefaultKey.Span));
        Assert.Equal(StatusWord.SecurityStatusNotSatisfied, card.Send(0x87, 0x03, 0x9B, answer).Status);
    }

    /// <summary>A card that enciphers what it is given would answer its own challenge.</summary>
    [Fact]
    public void The_card_enciphers_nothing_for_a_host_that_has_not_shown_the_key()
    {
        using var card = PivCard.New();

        Assert.Equal("6A80", card.Send("008703 9B 0E 7C0C 8200 8108 A1A2A3A4A5A6A7A8 00"));
        Assert.Equal("6982", card.Send("008703 9B 16 7C14 8008 B1B2B3B4B5B6B7B8 8108 A1A2A3A4A5A6A7A8 00"));
    }

    [Fact]
    public void Random_octets_come_by_the_default_algorithm_whatever_the_key_is_of()
    {
        // Sample: as OpenSC asks.
        const string Ask = "0087009B047C02810000";
        foreach (var algorithm in new[] { PivAlgorithm.TripleDes, PivAlgorithm.Aes256 })
        {
            using var card = Keyed(algorithm, LongKey.Span[..algorithm.KeyLength()]);
            var (first, second) = (card.Send(Ask), card.Send(Ask));

            Assert.Matches("^7C0A8108[0-9A-F]{16}9000$", first);
            Assert.NotEqual(first, second, StringComparer.Ordinal);
        }
    }

    [Theory]
    [InlineData("0087089B 04 7C028100 00", "6A86")]
    [InlineData("0087119B 04 7C028100 00", "6A86")]
    [InlineData("0087039B 02 7C00 00", "6A80")]
    [InlineData("0087039B 04 7C028500 00", "6A80")]
    [InlineData("0087039B 04 7C028300 00", "6A80")]
    [InlineData("0087039B 06 7C0481008100 00", "6A80")]
    [InlineData("0087039B 04 7C038100 00", "6A80")]
    [InlineData("0087039B 05 7C028100FF 00", "6A80")]
    [InlineData("0087039B 04 7D028100 00", "6A80")]
    [InlineData("0087039B 00", "6A80")]
    public void What_is_no_question_is_refused(string command, string answer)
    {
        using var card = PivCard.New();

        Assert.Equal(answer, card.Send(command));
    }

    [Fact]
    public void The_manager_puts_a_new_key_in_place_of_the_old()
    {
        using var card = PivCard.New().Managed();
        Assert.Equal("6A80", card.Send("00FFFFFF 13 089B11 000102030405060708090A0B0C0D0E0F"));
        Assert.Equal("6A80", card.Send("00FFFFFF 12 089B0F 000102030405060708090A0B0C0D0E"));
        Assert.Equal("6A80", card.Send("00FFFFFF 13 119B10 000102030405060708090A0B0C0D0E0F"));
        Assert.Equal("6A80", card.Send("00FFFFFF 13 089A10 000102030405060708090A0B0C0D0E0F"));
        Assert.Equal("6A86", card.Send("00FF0000 13 089B10 000102030405060708090A0B0C0D0E0F"));

        Assert.Equal("9000", card.Send("00FFFFFF 13 089B10 000102030405060708090A0B0C0D0E0F"));

        card.Reset();
        Assert.Equal(StatusWord.IncorrectP1P2, card.Send(0x87, 0x03, 0x9B, "7C028100").Status);
        Assert.Equal(StatusWord.Success, card.Authenticate(PivAlgorithm.Aes128, LongKey.Span[..16]));
    }

    private static (ResponseApdu Answer, byte[] Challenge) Mutual(
        PivCard card, PivAlgorithm algorithm, ReadOnlySpan<byte> key)
    {
        var witness = card.Send(0x87, (byte)algorithm, 0x9B, "7C028000").Data.Span[4..];
        var shown = Convert.ToHexString(HostCipher.Decipher(algorithm, key, witness));
        var challenge = LongKey.Span[..(shown.Length / 2)].ToArray();
        var length = challenge.Length;
        var template = $"7C{(2 * length) + 6:X2}80{length:X2}{shown}81{length:X2}{Convert.ToHexString(challenge)}8200";
        return (card.Send(0x87, (byte)algorithm, 0x9B, template), challenge);
    }

    private static PivCard Keyed(PivAlgorithm algorithm, ReadOnlySpan<byte> key) => PivCard.Open(
        PivCard.NewImage(new PivPersonalisation
        {
            ManagementAlgorithm = algorithm,
            ManagementKey = new SecretKey(key),
            Guid = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"),
            Expires = new DateOnly(2030, 1, 1),
            Serial = 1,
        }));
}
