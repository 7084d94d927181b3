using Tessera.Smpp.Centre;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Smpp.Tests.Centre;

public class ImsiTests
{
    [Theory]
    [InlineData("001010000000001", "08 09 10 10 00 00 00 00 10")]
    [InlineData("208123456789012", "08 29 80 21 43 65 87 09 21")]
    [InlineData("20812345678901", "08 21 80 21 43 65 87 09 F1")]
    [InlineData("310150", "04 31 01 51 F0 FF FF FF FF")]
    public void Digits_are_coded_as_in_the_file(string digits, string hex)
    {
        WireFormat.Holds(Imsi.Parse(digits), hex);
        Assert.Equal(digits, Imsi.Parse(digits).ToString());
    }

    [Theory]
    [InlineData("00 09 10 10 00 00 00 00 10")]
    [InlineData("09 09 10 10 00 00 00 00 10")]
    [InlineData("08 08 10 10 00 00 00 00 10")]
    [InlineData("08 09 10 10 00 00 00 00 F0")]
    [InlineData("08 09 1A 10 00 00 00 00 10")]
    [InlineData("07 09 10 10 00 00 00 00 10")]
    [InlineData("02 09 10 FF FF FF FF FF FF")]
    [InlineData("FF FF FF FF FF FF FF FF FF")]
    public void What_is_no_identity_is_refused(string hex) =>
        Assert.Throws<WireFormatException>(() => Bytes.FromHex(hex).Read<Imsi>());

    [Theory]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("1234567890123456")]
    [InlineData("12345x")]
    public void Other_text_is_no_identity(string text) => Assert.Throws<FormatException>(() => Imsi.Parse(text));

    [Theory]
    [InlineData("+33612345678", "91 33 16 32 54 76 F8")]
    [InlineData("447785016005", "91 44 77 58 10 06 50")]
    [InlineData("123", "91 21 F3")]
    public void A_number_is_coded_as_an_address(string number, string hex)
    {
        var octets = Bytes.FromHex(hex);
        var msisdn = Msisdn.Parse(number);

        Assert.Equal(octets, Bytes.Of(output => msisdn.Write(new ByteWriter(output))));
        Assert.Equal(msisdn, Read(octets));
        Assert.Equal(number.TrimStart('+'), Read(octets).Digits);
    }

    [Theory]
    [InlineData("")]
    [InlineData("91")]
    [InlineData("81 33 16")]
    [InlineData("91 F3")]
    [InlineData("91 3F 16")]
    [InlineData("91 33 1A")]
    [InlineData("91 33 16 32 54 76 98 33 16")]
    public void What_is_no_number_is_refused(string hex) =>
        Assert.Throws<WireFormatException>(() => Read(Bytes.FromHex(hex)));

    private static Msisdn Read(Bytes octets)
    {
        var reader = new ByteReader(octets.Span);
        return Msisdn.Read(ref reader);
    }
}
