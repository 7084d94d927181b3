using Tessera.Cards.Pcsc;
using Tessera.Cards.Pins;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Pcsc;

/// <summary>Octets of PC/SC part 10 as drivers take them.</summary>
public sealed class PinPadBlockTests
{
    // Field by field from the structures of pcsc-lite's reader.h: 30 s, ASCII in a block of 8, 6 to 8 digits.
    [Fact]
    public void A_PIN_is_verified_by_the_block_of_part_10() => Assert.Equal(
        "1E00820800080602010904000000000D0000000020008008FFFFFFFFFFFFFFFF",
        PinPadBlocks.Verify(PinPlace.Verify(), 30).ToString());

    [Fact]
    public void A_PIN_is_changed_by_the_block_of_part_10() => Assert.Equal(
        "1E008208000008080603020309040001020000001500000000240080" + "10" + new string('F', 32),
        PinPadBlocks.Modify(PinPlace.Change(), 30).ToString());

    [Theory]
    [InlineData("060442330006070442330007", 2)]
    [InlineData("0604423300060704423300", 1)]
    [InlineData("060542330006", 0)]
    [InlineData("", 0)]
    public void Features_are_read_as_far_as_they_are_whole(string answer, int count)
    {
        var features = ReaderFeatures.Read(Bytes.FromHex(answer).Span);

        Assert.Equal(count, features.Count);
        if (count > 0) Assert.Equal(0x42330006u, features[ReaderFeature.VerifyPinDirect]);
    }
}
