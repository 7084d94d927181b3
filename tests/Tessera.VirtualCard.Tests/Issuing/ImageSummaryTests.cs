using Tessera.Cards.SecureChannels;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Tests.Support;
using Xunit;

namespace Tessera.VirtualCard.Tests.Issuing;

public class ImageSummaryTests
{
    [Fact]
    public void It_tells_what_a_card_is_and_none_of_its_secrets()
    {
        var blank = ImageSummary.Read(new CutMedium(new IssuedCard { IsSim = true }.Blank()));
        Assert.Equal((IssuedCard.Chip, CardLifeCycle.Initialized, true), (blank.Card, blank.Life, blank.IsSim));
        Assert.Equal(["purse", "store", "toolkit", "issuer domain"], blank.Applets);

        var image = TestCard.NewImage();
        var card = ImageSummary.Read(new CutMedium(image));
        Assert.Equal((TestCard.Id, CardLifeCycle.Secured, image.Length), (card.Card, card.Life, card.Octets));
        Assert.Equal(0, card.Pages);
        Assert.InRange(card.Used, 100, card.Octets);
    }

    [Fact]
    public void A_damaged_image_is_told_as_such()
    {
        var image = TestCard.NewImage();

        Assert.Contains(
            "5000 octets long, the header says",
            Assert.Throws<DamagedImageException>(() => ImageSummary.Read(new CutMedium(image.AsSpan(0, 5000)))).Message,
            StringComparison.Ordinal);
        image[17_412] ^= 0x01;
        Assert.Throws<DamagedImageException>(() => ImageSummary.Read(new CutMedium(image)));
    }
}
