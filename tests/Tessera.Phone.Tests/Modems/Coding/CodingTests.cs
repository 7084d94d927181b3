using System.Text;
using Tessera.Phone.Modems.Coding;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Modems.Coding;

public class CodingTests
{
    private static readonly byte[] Digits = Encoding.ASCII.GetBytes("123456789");

    /// <summary>The check values of the catalogues.</summary>
    [Fact]
    public void The_checks_of_nine_digits_are_those_of_the_catalogue()
    {
        Assert.Equal(0xA1, Crc.Crc8(Digits));
        Assert.Equal(0x906E, Crc.X25(Digits));
        Assert.Equal(0xE3069283, Crc.Castagnoli(Digits));
    }

    /// <summary>RFC 9260, appendix A and RFC 3720, appendix B.4.</summary>
    [Fact]
    public void The_checks_of_32_octets_are_those_of_the_rfc()
    {
        Assert.Equal(0x8A9136AA, Crc.Castagnoli(new byte[32]));
        Assert.Equal(0x46DD794Eu, Crc.Castagnoli([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
    }

    /// <summary>ETSI EN 300 429, clause 5.1: the first octets of the sequence.</summary>
    [Fact]
    public void The_scrambler_is_that_of_dvb()
    {
        var octets = new byte[8];
        Scrambler.Apply(octets);
        Assert.Equal(Bytes.FromHex("03F6083430B8A393").ToArray(), octets);
        Scrambler.Apply(octets);
        Assert.Equal(new byte[8], octets);
        Assert.Throws<ArgumentException>(() => Scrambler.Apply(new byte[4097]));
    }

    [Theory]
    [InlineData(126, 94, 32)]
    [InlineData(315, 260, 53)]
    [InlineData(600, 400, 198)]
    public void A_gap_that_is_covered_is_filled_wherever_it_is(int length, int message, int gap)
    {
        var code = new InterleavedCode(length, message);
        Assert.True(code.Covers(gap));
        var sent = new byte[length];
        new Random(length).NextBytes(sent);
        code.Encode(sent);
        for (var from = 0; from + gap <= length; from++)
        {
            var heard = sent.ToArray();
            var erased = new bool[length];
            heard.AsSpan(from, gap).Clear();
            erased.AsSpan(from, gap).Fill(true);
            Assert.True(code.TryCorrect(heard, erased));
            Assert.Equal(sent, heard);
        }
    }

    [Fact]
    public void A_gap_longer_than_the_parity_is_not_covered()
    {
        Assert.False(new InterleavedCode(126, 94).Covers(33));
        Assert.True(new InterleavedCode(315, 260).Covers(54));
        Assert.False(new InterleavedCode(315, 260).Covers(55));
    }
}
