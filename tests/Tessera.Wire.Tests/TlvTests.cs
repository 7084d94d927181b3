using Tessera.Testing;
using Xunit;

namespace Tessera.Wire.Tests;

public class TlvTests
{
    [Theory]
    [InlineData(0x22, "0102030405", "22 05 0102030405")]
    [InlineData(0x5F50, "A1", "5F50 01 A1")]
    public void Round_trip(int tag, string value, string hex) =>
        WireFormat.Holds(new Tlv((ushort)tag, Bytes.FromHex(value)), hex);

    [Theory]
    [InlineData(0x7F, "227F")]
    [InlineData(0x80, "228180")]
    [InlineData(198, "2281C6")]
    [InlineData(256, "22820100")]
    [InlineData(65535, "2282FFFF")]
    [InlineData(65536, "2283010000")]
    public void Length_takes_the_shortest_form(int length, string head)
    {
        var tlv = new Tlv(0x22, new Bytes(new byte[length]));

        var encoded = Bytes.Of(tlv);

        Assert.StartsWith(head, encoded.ToString(), StringComparison.Ordinal);
        Assert.Equal(tlv, encoded.Read<Tlv>());
    }

    [Theory]
    [InlineData("22 80 00 00")]
    [InlineData("22 81 7F")]
    [InlineData("22 82 00 80")]
    [InlineData("22 84 00 00 00 01 AA")]
    [InlineData("1F 80 00")]
    [InlineData("1F 1E 00")]
    public void Refuses_other_forms(string hex) =>
        Assert.Throws<WireFormatException>(() => Bytes.FromHex(hex).Read<Tlv>());
}
