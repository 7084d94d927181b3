using Tessera.Cards;
using Tessera.Lab.Shelf;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Xunit;

namespace Tessera.Lab.Tests;

public class CuttableMediumTests
{
    [Fact]
    public void The_power_goes_at_the_chosen_write_and_nothing_is_read_or_written_after_it()
    {
        using var medium = new CuttableMedium(new MemoryMedium());
        medium.Write(0, [1, 2, 3]);
        medium.CutAfter(writes: 1, octets: 2);
        medium.Write(3, [4]);

        Assert.Throws<IOException>(() => medium.Write(4, [5, 6, 7]));
        Assert.Throws<IOException>(() => medium.Write(7, [8]));
        Assert.Throws<IOException>(() => medium.Read(0, new byte[1]));
        Assert.Throws<IOException>(medium.Flush);
        Assert.Equal(3, medium.Writes);
    }

    [Fact]
    public void What_was_written_before_the_cut_and_the_torn_octets_are_there()
    {
        var image = new MemoryMedium();
        using var medium = new CuttableMedium(image);
        medium.Write(0, [0, 0, 0, 0]);
        medium.CutAfter(writes: 0, octets: 2);

        Assert.Throws<IOException>(() => medium.Write(0, [5, 6, 7, 8]));

        var octets = new byte[4];
        image.Read(0, octets);
        Assert.Equal([5, 6, 0, 0], octets);
    }

    [Fact]
    public void A_card_whose_power_was_cut_works_again_from_its_image()
    {
        var image = new MemoryMedium();
        using (var personalisation = Personalisation.Demonstration(new CardId(7))) CardImage.Create(image, personalisation);
        var medium = new CuttableMedium(image);
        using (var card = CardImage.Open(medium))
        {
            card.Reset();
            Verify(card, "00A4040009F05445535345524101");
            medium.CutAfter(writes: 0);
            Assert.Throws<IOException>(() => Verify(card, "0020008008313131313131FFFF"));
        }

        using var again = CardImage.Open(image);
        again.Reset();
        Verify(again, "00A4040009F05445535345524101");
        Assert.EndsWith("63C3", Verify(again, "00200080"), StringComparison.Ordinal);
    }

    private static string Verify(VirtualCard.Os.CardOs card, string command) =>
        card.Transmit(Convert.FromHexString(command)).ToString();
}
