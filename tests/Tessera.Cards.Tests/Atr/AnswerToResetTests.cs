using Tessera.Cards.Atr;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Atr;

public class AnswerToResetTests
{
    // T=0 only, without TCK; T=1 with TCK; T=0 and T=1 of a contactless card (PC/SC part 3); T=0 and T=15; inverse
    // convention.
    public static TheoryData<string> Cards =>
    [
        "3B 05 A1A2A3A4A5",
        "3B DA 18 FF 81 B1 FE 75 1F 03 0031C573C001400090000C",
        "3B 8F 80 01 804F0CA000000306030001000000006A",
        "3B 9F 96 80 1F C7 8031A073BE21136743200718000001A5",
        "3F 65 25 0052096A 9000",
    ];

    [Theory]
    [MemberData(nameof(Cards))]
    public void Reads_and_writes_the_same_octets_and_refuses_every_truncation(string hex) =>
        WireFormat.Holds(Bytes.FromHex(hex).Read<AnswerToReset>(), hex);

    [Fact]
    public void Parts_of_an_answer()
    {
        var atr = Bytes.FromHex("3B DA 18 FF 81 B1 FE 75 1F 03 0031C573C001400090000C").Read<AnswerToReset>();

        Assert.False(atr.IsInverse);
        Assert.Equal(
            [
                new InterfaceOctets(0x18, null, 0xFF, 0x81),
                new InterfaceOctets(null, null, null, 0xB1),
                new InterfaceOctets(0xFE, 0x75, null, 0x1F),
                new InterfaceOctets(0x03, null, null, null),
            ],
            atr.Interface);
        Assert.Equal([1], atr.Protocols);
        Assert.Equal(Bytes.FromHex("0031C573C00140009000"), atr.Historical);
        Assert.Equal(new CardCapabilities(CommandChaining: false, ExtendedLengths: true), atr.Capabilities);
    }

    [Theory]
    [InlineData("3B 05 A1A2A3A4A5", 0)]
    [InlineData("3B 8F 80 01 804F0CA000000306030001000000006A", 0, 1)]
    [InlineData("3B 9F 96 80 1F C7 8031A073BE21136743200718000001A5", 0)]
    public void Protocols(string hex, params int[] protocols) =>
        Assert.Equal(protocols, Bytes.FromHex(hex).Read<AnswerToReset>().Protocols);

    [Theory]
    [InlineData("", null, null)]
    [InlineData("80 73 C0 01 C0", true, true)]
    [InlineData("80 31 C0 73 C0 01 80", true, false)]
    [InlineData("00 73 00 00 40 05 9000", false, true)]
    [InlineData("80 72 C0 01", null, null)]
    [InlineData("80 73 C0 01", null, null)]
    [InlineData("00 90", null, null)]
    [InlineData("A1 73 C0 01 C0", null, null)]
    public void Capabilities_of_historical_octets(string historical, bool? chaining, bool? extended)
    {
        var capabilities = CardCapabilities.OfHistorical(Bytes.FromHex(historical).Span);

        Assert.Equal((chaining, extended), (capabilities?.CommandChaining, capabilities?.ExtendedLengths));
    }

    [Theory]
    [InlineData("3C 00", "TS")]
    [InlineData("3B 80 0F 0F", "TD1")]
    [InlineData("3B 80 81 00 01", "TD2")]
    [InlineData("3B 80 01 80", "TCK")]
    [InlineData("3B 00 00", "AnswerToReset")]
    public void Says_what_is_wrong(string hex, string field) => Assert.Equal(
        field, Assert.Throws<WireFormatException>(() => Bytes.FromHex(hex).Read<AnswerToReset>()).Field);

    [Fact]
    public void Is_at_most_33_octets_long()
    {
        const string Groups = "F1 010203 F1 010203 F1 010203 ";
        var tooLong = Bytes.FromHex("3B FF 010203" + Groups + "01 A1A2A3A4A5A6A7A8A9AAABACADAEAF 00").ToArray();
        tooLong[^1] = tooLong.Skip(1).Aggregate((byte)0, (sum, octet) => (byte)(sum ^ octet));

        Assert.Equal(
            "ATR", Assert.Throws<WireFormatException>(() => new Bytes(tooLong).Read<AnswerToReset>()).Field);
    }

    [Fact]
    public void Noise_is_never_worse_than_wrong()
    {
        var random = new Random(3816);
        for (var i = 0; i < 20_000; i++)
        {
            var noise = new byte[random.Next(40)];
            random.NextBytes(noise);
            if (noise.Length > 0) noise[0] = 0x3B;
            try
            {
                var atr = new Bytes(noise).Read<AnswerToReset>();
                Assert.NotEmpty(atr.Protocols);
                Assert.True(atr.Capabilities is null || atr.Historical.Length >= 5);
            }
            catch (WireFormatException refused)
            {
                Assert.InRange(refused.Offset, 0, noise.Length);
            }
        }
    }
}
