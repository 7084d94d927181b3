using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Files;

public sealed class AuthenticationTests : IDisposable
{
    private const string HostChallenge = "B0B1B2B3B4B5B6B7B8B9BABBBCBDBEBF";

    private readonly TestCard _card = FileCard.Open();

    public void Dispose() => _card.Dispose();

    /// <summary>The host proves that it has key 1 of the MF.</summary>
    internal static void Authenticate(TestCard card)
    {
        var challenge = card.Send("0084000010")[..32];
        Assert.Equal("9000", card.Send("00820001 10" + Mac("02", challenge)));
    }

    [Fact]
    public void A_challenge_is_as_long_as_it_is_asked_for_and_never_the_same()
    {
        Assert.Equal(8 + 2, Bytes.FromHex(_card.Send("0084000008")).Length);
        Assert.Equal(16 + 2, Bytes.FromHex(_card.Send("0084000000")).Length);
        Assert.NotEqual(Bytes.FromHex(_card.Send("0084000010")), Bytes.FromHex(_card.Send("0084000010")));
        Assert.Equal("6A86", _card.Send("0084000110"));
        Assert.Equal("6A86", _card.Send("0084010010"));
        Assert.Equal("6700", _card.Send("00840000 01 00"));
    }

    [Fact]
    public void The_card_proves_that_it_has_the_key()
    {
        Assert.Equal(Mac("01", HostChallenge) + "9000", _card.Send("00880001 10" + HostChallenge + "00"));
        Assert.Equal("6700", _card.Send("00880001 07" + HostChallenge[..14] + "00"));
        Assert.Equal("6A88", _card.Send("00880002 10" + HostChallenge + "00"));
        Assert.Equal("6A86", _card.Send("00880101 10" + HostChallenge + "00"));
    }

    [Fact]
    public void The_host_proves_that_it_has_the_key_over_a_challenge_that_serves_once()
    {
        Assert.Equal("6985", _card.Send("00820001 10" + Mac("02", HostChallenge)));
        var challenge = _card.Send("0084000010")[..32];
        Assert.Equal("9000", _card.Send("00820001 10" + Mac("02", challenge)));
        Assert.Equal("6985", _card.Send("00820001 10" + Mac("02", challenge)));

        var short4 = _card.Send("0084000004")[..8];
        Assert.Equal("6985", _card.Send("00820001 10" + Mac("02", short4)));
        Assert.Equal("6700", _card.Send("00820001 08 0102030405060708"));
    }

    /// <summary>Otherwise a card would answer its own challenge.</summary>
    [Fact]
    public void An_answer_of_the_card_is_none_of_the_host()
    {
        var challenge = _card.Send("0084000010")[..32];
        var own = _card.Send("00880001 10" + challenge + "00")[..32];

        _card.Send("0084000010");
        Assert.Equal("63C3", _card.Send("00820001 10" + own));
    }

    [Fact]
    public void Four_wrong_answers_block_the_key()
    {
        for (var left = 3; left >= 0; left--)
        {
            _card.Send("0084000010");
            Assert.Equal($"63C{left}", _card.Send("00820001 10" + HostChallenge));
        }

        var challenge = _card.Send("0084000010")[..32];
        Assert.Equal("6983", _card.Send("00820001 10" + Mac("02", challenge)));
    }

    [Fact]
    public void Both_prove_it_in_one_command()
    {
        var challenge = _card.Send("0084000010")[..32];
        var proof = Mac("03", challenge + HostChallenge);

        var answer = _card.Send("00820001 20" + HostChallenge + proof + "00");

        Assert.Equal(Mac("04", HostChallenge + challenge) + "9000", answer);
        _card.Send("00A4080C 04 50005006");
        Assert.Equal("9000", _card.Send("00D60000 01 A0"));
        Assert.Equal("63C3", WrongMutual());
        Assert.Equal("6982", _card.Send("00D60000 01 A0"));
    }

    private string WrongMutual()
    {
        _card.Send("0084000010");
        return _card.Send("00820001 20" + HostChallenge + HostChallenge + "00");
    }

    private static string Mac(string direction, string challenges)
    {
        using var key = new SecretKey(FileCard.Key.Span);
        var mac = new byte[AesCmac.Length];
        AesCmac.Compute(key, Bytes.FromHex(direction + "0123456789ABCDEF" + challenges).Span, mac);
        return Convert.ToHexString(mac);
    }
}
