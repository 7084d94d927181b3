using Tessera.Sms.Messages;
using Tessera.Sms.Parts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Sms.Tests.Parts;

public class ReassemblerTests
{
    private static readonly Address Anna = Address.Parse("+3311111111");
    private static readonly Address Bert = Address.Parse("+3322222222");
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    private readonly Reassembler _reassembler = new(new ReassemblerLimits
    {
        Messages = 3, MessagesOfOne = 2, Octets = 20, Age = TimeSpan.FromMinutes(5),
    });

    [Fact]
    public void A_message_of_one_part_passes()
    {
        var whole = new UserData(Bytes.FromHex("B1"));

        Assert.Equal(whole, _reassembler.Take(Anna, DataCodingScheme.Octets, whole, Start));
    }

    [Fact]
    public void Parts_come_in_any_order_and_more_than_once()
    {
        Assert.Null(Take(Anna, 7, 3, 3, "B3"));
        Assert.Null(Take(Anna, 7, 3, 1, "B1"));
        Assert.Null(Take(Anna, 7, 3, 3, "B3"));
        Assert.Equal("B1B2B3", Take(Anna, 7, 3, 2, "B2"));
        Assert.Equal(0, _reassembler.Count);
    }

    [Fact]
    public void The_header_of_the_first_part_is_that_of_the_message()
    {
        var parts = Segmenter.Command(new Bytes(new byte[300]), 7);
        var reassembler = new Reassembler();
        Assert.Null(reassembler.Take(Anna, DataCodingScheme.SimDownload, parts[2], Start));
        Assert.Null(reassembler.Take(Anna, DataCodingScheme.SimDownload, parts[1], Start));

        var whole = reassembler.Take(Anna, DataCodingScheme.SimDownload, parts[0], Start)!;

        Assert.Equal("027000", Bytes.Of(whole.Header).ToString());
        Assert.Equal(300, whole.Content.Length);
    }

    [Fact]
    public void Senders_codings_and_sizes_of_references_are_kept_apart()
    {
        Assert.Null(Take(Anna, 7, 2, 1, "A1"));
        Assert.Null(Take(Bert, 7, 2, 2, "B2"));
        Assert.Null(_reassembler.Take(Anna, DataCodingScheme.Ucs2, Part(7, 2, 2, "C2"), Start));
        Assert.Equal("A1A2", Take(Anna, 7, 2, 2, "A2"));

        Assert.Null(Take(Bert, 9, 2, 1, "B1"));
        Assert.Null(_reassembler.Take(Bert, DataCodingScheme.Octets, Part(9, 2, 2, "D2", wide: true), Start));
    }

    [Fact]
    public void A_part_that_contradicts_begins_the_message_anew()
    {
        Assert.Null(Take(Anna, 7, 3, 1, "A1"));
        Assert.Null(Take(Anna, 7, 2, 1, "B1")); // another total
        Assert.Equal("B1B2", Take(Anna, 7, 2, 2, "B2"));

        Assert.Null(Take(Anna, 7, 2, 1, "A1"));
        Assert.Null(Take(Anna, 7, 2, 1, "C1")); // another content
        Assert.Equal("C1C2", Take(Anna, 7, 2, 2, "C2"));
        Assert.Equal((0, 0), (_reassembler.Count, _reassembler.Octets));
    }

    [Fact]
    public void What_waits_too_long_is_forgotten()
    {
        Assert.Null(Take(Anna, 7, 2, 1, "A1"));
        Assert.Null(Take(Anna, 7, 2, 2, "A2", after: 5));
        Assert.Equal(1, _reassembler.Count);

        Assert.Equal("A1A2", Take(Anna, 7, 2, 1, "A1", after: 9));
        Assert.Null(Take(Anna, 8, 2, 1, "A1", after: 9));
        _reassembler.Expire(Start.AddMinutes(14));
        Assert.Equal((0, 0), (_reassembler.Count, _reassembler.Octets));
    }

    [Fact]
    public void One_sender_pushes_out_its_own_oldest()
    {
        Assert.Null(Take(Bert, 1, 2, 1, "B1"));
        Assert.Null(Take(Anna, 1, 2, 1, "A1"));
        Assert.Null(Take(Anna, 2, 2, 1, "A1"));
        Assert.Null(Take(Anna, 3, 2, 1, "A1"));

        Assert.Equal(3, _reassembler.Count);
        Assert.Equal("B1B2", Take(Bert, 1, 2, 2, "B2"));
        Assert.Equal("A1A2", Take(Anna, 2, 2, 2, "A2"));
        Assert.Null(Take(Anna, 1, 2, 2, "A2"));
    }

    [Fact]
    public void Above_the_limits_the_oldest_goes()
    {
        for (var sender = 0; sender < 9; sender++) Assert.Null(Take(Address.Parse($"{100 + sender}"), 1, 2, 1, "AA"));
        Assert.Equal(3, _reassembler.Count);
        Assert.Null(Take(Address.Parse("105"), 1, 2, 2, "BB"));
        Assert.Equal("AABB", Take(Address.Parse("108"), 1, 2, 2, "BB"));

        Assert.Null(Take(Anna, 2, 2, 1, "00112233445566778899001122334455"));
        Assert.Null(Take(Bert, 2, 2, 1, "0011223344556677"));
        Assert.True(_reassembler.Octets <= 20);
        Assert.Equal("001122334455667788", Take(Bert, 2, 2, 2, "88"));
    }

    private static UserData Part(int reference, byte total, byte number, string hex, bool wide = false)
    {
        var place = new Concatenation((ushort)reference, total, number, wide);
        return new UserData(new UserDataHeader([place.ToElement()]), Bytes.FromHex(hex));
    }

    private string? Take(Address sender, int reference, byte total, byte number, string hex, int after = 0)
    {
        var part = Part(reference, total, number, hex);
        return _reassembler.Take(sender, DataCodingScheme.Octets, part, Start.AddMinutes(after))?.Content.ToString();
    }
}
