using Tessera.VirtualCard.Piv;
using Tessera.VirtualCard.Tests.Support;
using Xunit;

namespace Tessera.VirtualCard.Tests.Files;

/// <summary>docs/protocols/card.md §6.</summary>
public sealed class DemonstrationFilesTests : IDisposable
{
    private readonly TestCard _card =
        TestCard.Open(TestCard.NewImage(Personalisation.DemonstrationWithFiles(TestCard.Id)));

    public void Dispose() => _card.Dispose();

    [Fact]
    public void EF_DIR_lists_the_applications_and_EF_ATR_what_the_card_can_do()
    {
        Assert.StartsWith(
            "6112 4F09F05445535345524101 50055075727365 6112 4F09F05445535345524102 500553746F7265"
                .Replace(" ", "", StringComparison.Ordinal)
            + "6113 4F0AF0544553534552411001 50054E6F746573 00".Replace(" ", "", StringComparison.Ordinal),
            _card.Send("00B09E0000"), StringComparison.Ordinal);
        Assert.StartsWith("4301F84703F7C1DB7F6608020220090202800100", _card.Send("00B09D0000"), StringComparison.Ordinal);
    }

    [Fact]
    public void EF_DIR_of_a_PIV_card_names_that_application_too()
    {
        using var card = TestCard.Open(TestCard.NewImage(Personalisation.DemonstrationWithFiles(
            TestCard.Id, piv: PivPersonalisation.Demonstration(TestCard.Id, DateTimeOffset.UnixEpoch, []))));

        Assert.Contains("6112 4F0BA000000308000010000100 5003504956".Replace(" ", "", StringComparison.Ordinal) + "6113",
            card.Send("00B09E0000"), StringComparison.Ordinal);
    }

    [Fact]
    public void Its_files_take_what_the_document_says()
    {
        Assert.Equal("9000", _card.Send("00A4040C 0A F0544553534552411001"));
        Assert.StartsWith("4120636172642069", _card.Send("00B0810000"), StringComparison.Ordinal);
        Assert.Equal("6982", _card.Send("00D68100 01 42"));
        Assert.Equal("9000", _card.Send("00200080 08 313233343536FFFF"));
        Assert.Equal("9000", _card.Send("00D68100 01 42"));

        Assert.Equal("6982", _card.Send("00E20018 02 AABB"));
        Assert.Equal("9000", _card.Send("00200001 08 3132333435363738"));
        Assert.Equal("9000", _card.Send("00E20018 02 AABB"));
        Assert.Equal("AABB9000", _card.Send("00B2011C00"));
        Assert.Equal("9000", _card.Send("00E20020 10 000102030405060708090A0B0C0D0E0F"));
        Assert.Equal("9000", _card.Send("00DA00C2 02 1234"));
        Assert.Equal("12349000", _card.Send("00CA00C200"));
        Assert.Equal("6982", _card.Send("00E00000 09 6207 820138 83026000"));
        Assert.Equal("9000", _card.Send("002C0001 10 3837363534333231 3030303030303030"));
    }

    /// <summary>The file of a real card is longer than the log of a transaction.</summary>
    [Fact]
    public void A_file_of_any_length_is_born_with_its_content()
    {
        var content = new byte[0x7FFF];
        new Random(5).NextBytes(content);
        var lab = Personalisation.Demonstration(TestCard.Id);
        using var card = TestCard.Open(TestCard.NewImage(new Personalisation
        {
            Card = lab.Card,
            Keys = lab.Keys,
            KeyVersion = lab.KeyVersion,
            Pin = lab.Pin,
            Puk = lab.Puk,
            Files = new InitialFile(Wire.Bytes.FromHex("820178 83023F00"))
            {
                Children = [new InitialFile(Wire.Bytes.FromHex("80027FFF 820141 83024001"), new Wire.Bytes(content))],
            },
        }));

        Assert.Equal(Convert.ToHexString(content) + "9000", card.Send("00B08100 000000"));
        Assert.Equal("9000", card.Send("000E0000"));
        Assert.Equal(new string('0', 0x7FFF * 2) + "9000", card.Send("00B08100 000000"));
    }

    [Theory]
    [InlineData("820138 83023F00", "is the MF")]
    [InlineData("820178 83025000", "is the MF")]
    [InlineData("820178", "have no identifier")]
    public void A_card_with_files_that_cannot_be_is_not_made(string master, string reason)
    {
        using var lab = Personalisation.Demonstration(TestCard.Id);
        var error = Assert.Throws<ArgumentException>(() => CardImage.Create(new CutMedium(), new Personalisation
        {
            Card = lab.Card,
            Keys = lab.Keys,
            KeyVersion = lab.KeyVersion,
            Pin = lab.Pin,
            Puk = lab.Puk,
            Files = new InitialFile(Wire.Bytes.FromHex(master)),
        }));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
