using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Wire;
using Xunit;

namespace Tessera.Gateway.Tests.Packets;

public class CardMessageTests
{
    [Theory]
    [InlineData(1, 98)]
    [InlineData(2, 242)]
    [InlineData(3, 370)]
    [InlineData(255, 34130)]
    public void A_script_has_the_room_that_the_protocol_names(int parts, int octets) =>
        Assert.Equal(octets, SmsRoom.Script(parts));

    [Fact]
    public void The_longest_script_fits_and_one_octet_more_takes_another_message()
    {
        using var masters = MasterKeys.Generate(1);
        for (var parts = 1; parts <= 12; parts++)
        {
            Assert.Equal(parts, Cut(masters, SmsRoom.Script(parts)).Count);
            Assert.Equal(parts + 1, Cut(masters, SmsRoom.Script(parts) + 1).Count);
        }
    }

    [Fact]
    public void Messages_have_the_headers_of_the_protocol()
    {
        using var masters = MasterKeys.Generate(1);

        Assert.StartsWith("027000", Assert.Single(Cut(masters, 40)).ToString(), StringComparison.Ordinal);
        var parts = Cut(masters, 200);
        Assert.StartsWith("070003AB02017000", parts[0].ToString(), StringComparison.Ordinal);
        Assert.StartsWith("050003AB0202", parts[1].ToString(), StringComparison.Ordinal);
        Assert.All(parts, part => Assert.InRange(part.Length, 7, 140));
    }

    [Theory]
    [InlineData("")]
    [InlineData("03700000")]
    [InlineData("0271000102")]
    [InlineData("0470007000")]
    [InlineData("03700101AA")]
    [InlineData("0500030102010A")]
    [InlineData("0700030102027000AA")]
    [InlineData("0A0003010201700005020102")]
    [InlineData("00AABB")]
    public void What_is_no_message_of_the_road_is_none(string hex) => Assert.Null(CardMessage.Read(Bytes.FromHex(hex)));

    [Fact]
    public void Noise_is_no_message_and_nothing_worse()
    {
        var noise = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var octets = new byte[noise.Next(150)];
            noise.NextBytes(octets);
            if (octets.Length > 2 && noise.Next(2) == 0) (octets[0], octets[1], octets[2]) = (5, 0, 3);
            var read = CardMessage.Read(new Bytes(octets));
            Assert.True(read is null || read.Content.Length < octets.Length);
        }
    }

    private static IReadOnlyList<Bytes> Cut(MasterKeys masters, int length) => CardMessage.Cut(
        CardPacket.Wrap(masters, new CardId(1), 1, new Bytes(RandomNumberGenerator.GetBytes(length))), 0xAB);
}
