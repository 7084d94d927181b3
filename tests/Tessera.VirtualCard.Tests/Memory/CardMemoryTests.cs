using Tessera.Testing;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Memory;

public class CardMemoryTests
{
    private const byte First = 0x07;
    private const byte Second = 0x42;

    [Fact]
    public void Keeps_what_was_committed()
    {
        var medium = Formatted();
        using (var memory = CardMemory.Open(medium))
        {
            using var change = memory.Begin();
            change.Write(First, [1, 2, 3]);
            change.Commit();
        }

        using var reopened = CardMemory.Open(new CutMedium(medium.Image));

        Assert.Equal("010203", Hex(reopened.Read(First)));
        Assert.Equal("B1B2", Hex(reopened.Read(Second)));
    }

    [Fact]
    public void Forgets_what_was_not_committed()
    {
        using var memory = CardMemory.Open(Formatted());
        using (var change = memory.Begin()) change.Write(First, [1, 2, 3]);

        Assert.Equal("A1", Hex(memory.Read(First)));
    }

    [Fact]
    public void Takes_one_transaction_at_a_time()
    {
        using var memory = CardMemory.Open(Formatted());
        using var change = memory.Begin();

        Assert.Throws<InvalidOperationException>(memory.Begin);
        change.Dispose();
        memory.Begin().Dispose();
    }

    [Fact]
    public void Refuses_more_than_there_is_room_for()
    {
        using var memory = CardMemory.Open(Formatted());
        using var change = memory.Begin();

        Assert.Throws<ArgumentException>(() => change.Write(First, new byte[9]));
        Assert.Throws<KeyNotFoundException>(() => change.Write(0x08, [1]));
        change.Write(First, new byte[8]);
    }

    [Fact]
    public void Refuses_a_transaction_longer_than_its_log()
    {
        var medium = new CutMedium();
        CardMemory.Format(medium, [new NewCell(1, 16000, Bytes.Empty), new NewCell(2, 16000, Bytes.Empty)]);
        using var memory = CardMemory.Open(medium);
        using var change = memory.Begin();
        change.Write(1, new byte[16000]);

        var room = RedoLog.MaxChanges - 16000 - (2 * Cell.HeadOf(1));
        Assert.Throws<ArgumentException>(() => change.Write(2, new byte[room + 1]));
        change.Write(2, new byte[room]);
        change.Commit();
    }

    [Fact]
    public void Is_of_no_use_after_the_medium_failed()
    {
        var medium = Formatted();
        using var memory = CardMemory.Open(medium);
        medium.CutAfter(0, _ => 0);
        var change = memory.Begin();
        change.Write(First, [1]);

        Assert.Throws<PowerLostException>(change.Commit);
        Assert.Throws<IOException>(() => memory.Read(First).Length);
        Assert.Throws<IOException>(memory.Begin);
    }

    /// <summary>Each step of a commit is cut, at each octet; and what was not flushed is drawn in a lottery.</summary>
    [Fact]
    public void A_cut_leaves_the_state_before_or_after_and_never_between()
    {
        var image = Formatted().Image;
        var (before, after) = (0, 0);
        for (var seed = -1; seed < 8; seed++)
        {
            for (var (step, tear) = (0, 0); ; (step, tear) = NextCut(step, tear))
            {
                var medium = new CutMedium(image);
                using var memory = CardMemory.Open(medium);
                medium.CutAfter(step, _ => tear, seed < 0 ? null : new Random(seed));
                if (TryChange(memory)) break;

                using var reopened = CardMemory.Open(new CutMedium(medium.Image));
                if (Hex(reopened.Read(First)) is "A1")
                {
                    Assert.Equal("B1B2", Hex(reopened.Read(Second)));
                    before++;
                }
                else
                {
                    Assert.Equal("010203", Hex(reopened.Read(First)));
                    Assert.Equal("04050607", Hex(reopened.Read(Second)));
                    after++;
                }
            }
        }

        Assert.True(before > 100, $"{before} before");
        Assert.True(after > 100, $"{after} after");
    }

    /// <summary>An opening that completes a cut transaction may be cut itself.</summary>
    [Fact]
    public void A_cut_while_opening_loses_nothing()
    {
        var medium = Formatted();
        using (var memory = CardMemory.Open(medium))
        {
            medium.CutAfter(2, _ => 5);
            Assert.False(TryChange(memory));
        }

        for (var step = 0; ; step++)
        {
            var opened = new CutMedium(medium.Image);
            opened.CutAfter(step, length => length / 2, new Random(step));
            try
            {
                CardMemory.Open(opened).Dispose();
                Assert.Equal(3, step);
                return;
            }
            catch (PowerLostException)
            {
                using var reopened = CardMemory.Open(new CutMedium(opened.Image));
                Assert.Equal("010203", Hex(reopened.Read(First)));
                Assert.Equal("04050607", Hex(reopened.Read(Second)));
            }
        }
    }

    [Fact]
    public void A_cut_while_formatting_leaves_a_whole_card_or_none()
    {
        var (none, whole) = (0, 0);
        for (var seed = 0; seed < 8; seed++)
        {
            for (var step = 0; ; step++)
            {
                var medium = new CutMedium();
                medium.CutAfter(step, length => length / 2, seed == 0 ? null : new Random(seed));
                try
                {
                    Format(medium);
                    break;
                }
                catch (PowerLostException)
                {
                    if (IsWholeCard(medium.Image)) whole++;
                    else none++;
                }
            }
        }

        Assert.True(none > 8 && whole > 0, $"{none} none, {whole} whole");
    }

    [Fact]
    public void Refuses_to_format_over_another_image() => Assert.Throws<ArgumentException>(() => Format(Formatted()));

    /// <summary>Any octet that matters, flipped: the image is refused, or what it held is still all there.</summary>
    [Fact]
    public void A_damaged_image_is_refused_by_name_place_and_reason()
    {
        var medium = Formatted();
        using (var memory = CardMemory.Open(medium)) Assert.True(TryChange(memory));

        var refused = 0;
        for (var at = 0; at < medium.Image.Length; at += at is > 64 and < 900 ? 32 : 1)
        {
            var image = medium.Image.ToArray();
            image[at] ^= 0x40;
            try
            {
                using var memory = CardMemory.Open(new CutMedium(image));
                Assert.Equal("010203", Hex(memory.Read(First)));
                Assert.Equal("04050607", Hex(memory.Read(Second)));
            }
            catch (DamagedImageException damage)
            {
                Assert.StartsWith("test image at octet ", damage.Message, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.True(refused > 60, $"{refused} refused");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(-1)]
    public void An_image_of_another_length_is_refused(int length)
    {
        var image = Formatted().Image;
        var cut = length < 0 ? image[..^1] : image[..length];

        Assert.Throws<DamagedImageException>(() => CardMemory.Open(new CutMedium(cut)));
        Assert.Throws<DamagedImageException>(() => CardMemory.Open(new CutMedium([.. image, 0])));
    }

    [Fact]
    public void A_cell_that_is_damaged_is_refused()
    {
        var medium = Formatted();
        medium.Write(ImageHeader.Length + RedoLog.Length + 3, [0xEE]);

        var damage = Assert.Throws<DamagedImageException>(() => CardMemory.Open(medium));

        Assert.Equal(ImageHeader.Length + RedoLog.Length, damage.Offset);
        Assert.Equal("test image at octet 17408: cell 07 does not match its checksum", damage.Message);
    }

    private static bool IsWholeCard(byte[] image)
    {
        try
        {
            using var memory = CardMemory.Open(new CutMedium(image));
            Assert.Equal("A1B1B2", Hex(memory.Read(First)) + Hex(memory.Read(Second)));
            return true;
        }
        catch (DamagedImageException)
        {
            return false;
        }
    }

    private static CutMedium Formatted()
    {
        var medium = new CutMedium();
        Format(medium);
        return medium;
    }

    private static void Format(CutMedium medium) => CardMemory.Format(
        medium, [new NewCell(First, 8, Bytes.FromHex("A1")), new NewCell(Second, 8, Bytes.FromHex("B1B2"))]);

    private static bool TryChange(CardMemory memory)
    {
        try
        {
            using var change = memory.Begin();
            change.Write(First, [1, 2, 3]);
            change.Write(Second, [4, 5, 6, 7]);
            change.Commit();
            return true;
        }
        catch (PowerLostException)
        {
            return false;
        }
    }

    private static string Hex(ReadOnlySpan<byte> octets) => Convert.ToHexString(octets);

    private static (int Step, int Tear) NextCut(int step, int tear) => tear < 32 ? (step, tear + 1) : (step + 1, 0);
}

public class MediumTests
{
    [Fact]
    public void A_file_holds_a_card_and_a_second_use_of_it_is_refused()
    {
        using var folder = new TempFolder();
        var path = folder.File("card.image");
        using (var medium = FileMedium.Create(path))
        using (var card = Personalisation.Demonstration(TestCard.Id)) CardImage.Create(medium, card);

        using (var card = CardImage.Open(FileMedium.Open(path)))
        {
            Assert.Equal(TestCard.Id, card.Id);
            Assert.Throws<IOException>(() => FileMedium.Open(path));
        }

        CardImage.Open(FileMedium.Open(path)).Dispose();
        Assert.Throws<IOException>(() => FileMedium.Create(path));
    }

    [Fact]
    public void A_file_that_is_no_card_is_named_and_not_kept_open()
    {
        using var folder = new TempFolder();
        var path = folder.File("letter.txt");
        File.WriteAllText(path, new string('x', 4096));

        var damage = Assert.Throws<DamagedImageException>(() => CardImage.Open(FileMedium.Open(path)));

        Assert.Equal($"{path} at octet 0: not a card image", damage.Message);
        File.Delete(path);
    }

    [Fact]
    public void Only_its_owner_reads_the_file_of_a_card()
    {
        using var folder = new TempFolder();
        var path = folder.File("card.image");
        FileMedium.Create(path).Dispose();

        if (OperatingSystem.IsWindows()) Assert.Skip("Windows has no file modes.");
        else Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void Memory_outlives_the_card_that_was_opened_on_it()
    {
        var medium = new MemoryMedium();
        using (var card = Personalisation.Demonstration(TestCard.Id)) CardImage.Create(medium, card);
        CardImage.Open(medium).Dispose();

        using var again = CardImage.Open(medium);

        Assert.Equal(TestCard.Id, again.Id);
    }
}
