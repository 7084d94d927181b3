using Tessera.Cards;
using Tessera.Cards.Store;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Store;

public sealed class StoreAppletTests : IDisposable
{
    private static readonly Bytes Nonce = Bytes.FromHex("E1E2E3E4E5E6E7E8");

    private readonly PurseIssuer _issuer = new();
    private readonly TestCard _card = TestCard.Demonstration();

    public StoreAppletTests() => _card.Send(StoreCommands.Select);

    public void Dispose()
    {
        _card.Dispose();
        _issuer.Dispose();
    }

    [Fact]
    public void A_demonstration_card_is_born_with_its_language()
    {
        Assert.Equal("010001029000", _card.Send("8060000000"));
        Assert.Equal(Bytes.CopyOf("en"u8), Read(1).Content);
    }

    [Fact]
    public void A_field_is_written_and_read_and_only_rises()
    {
        Assert.Equal(StatusWord.Success, Write(7, 5, "A1A2A3"));
        Assert.Equal((5, "A1A2A3"), (Read(7).Version, Read(7).Content.ToString()));

        Assert.Equal(StatusWord.ConditionsNotSatisfied, Write(7, 5, "B1"));
        Assert.Equal(StatusWord.ConditionsNotSatisfied, Write(7, 4, "B1"));
        Assert.Equal(StatusWord.ConditionsNotSatisfied, Write(9, 0, "B1"));
        Assert.Equal(StatusWord.Success, Write(7, 0xFFFF, ""));
        Assert.Equal((0xFFFF, ""), (Read(7).Version, Read(7).Content.ToString()));
        Assert.Equal(StatusWord.ConditionsNotSatisfied, Write(7, 0xFFFF, "B1"));
        Assert.Equal("0100010207FFFF009000", _card.Send("8060000000"));
    }

    [Fact]
    public void Sixteen_fields_have_room_and_an_emptied_one_keeps_its_place()
    {
        var longest = new string('A', 256);
        for (byte field = 0x90; field > 0x81; field--) Assert.Equal(StatusWord.Success, Write(field, 1, longest));

        Assert.Equal(StatusWord.Success, Write(0x90, 2, ""));
        Assert.Equal(StatusWord.NotEnoughMemory, Write(0x81, 1, "B1"));
        Assert.Equal(StatusWord.Success, Write(1, 2, "6465"));
        var fields = FieldVersion.ReadList(_card.Send(StoreCommands.List).Data);
        Assert.Equal(16, fields.Count);
        Assert.Equal(new FieldVersion(1, 2, 2), fields[0]);
        Assert.Equal(new FieldVersion(0x82, 1, 128), fields[1]);
        Assert.Equal(new FieldVersion(0x90, 2, 0), fields[15]);
    }

    [Fact]
    public void A_code_for_another_field_version_content_or_card_is_refused()
    {
        using var key = StoreMac.WritingKey(_issuer.StoreKey, TestCard.Id, 7);
        var content = Bytes.FromHex("A1A2");
        var mac = StoreMac.Write(key, TestCard.Id, 7, 5, content);

        Assert.Equal("6988", Send(8, 5, mac, content));
        Assert.Equal("6988", Send(7, 6, mac, content));
        Assert.Equal("6988", Send(7, 5, mac, Bytes.FromHex("A1A3")));
        Assert.Equal("6988", Send(7, 5, StoreMac.Write(key, new CardId(1), 7, 5, content), content));
        Assert.False(Read(7).IsThere);
        Assert.Equal("9000", Send(7, 5, mac, content));
    }

    [Theory]
    [InlineData("8060020000", "6A86")]
    [InlineData("8060000100", "6A86")]
    [InlineData("8060010001A1", "6700")]
    [InlineData("8060000001A1", "6700")]
    [InlineData("8062000008E1E2E3E4E5E6E7E800", "6A86")]
    [InlineData("8062020708E1E2E3E4E5E6E7E800", "6A86")]
    [InlineData("8062000707E1E2E3E4E5E6E700", "6700")]
    [InlineData("8062010700", "6700")]
    [InlineData("8064000709E1E2E3E4E5E6E7E8E9", "6700")]
    [InlineData("806400000AE1E2E3E4E5E6E7E8E9EA", "6A86")]
    [InlineData("806402070AE1E2E3E4E5E6E7E8E9EA", "6A86")]
    [InlineData("806400070AE1E2E3E4E5E6E7E8E9EA", "6988")]
    [InlineData("0060000000", "6E00")]
    [InlineData("0062000700", "6E00")]
    [InlineData("8066000702E1E2", "6700")]
    [InlineData("806600070BE1E2E3E4E5E6E7E8E9EAEB", "6700")]
    [InlineData("806600000CE1E2E3E4E5E6E7E8E9EA0181", "6A86")]
    [InlineData("806602070CE1E2E3E4E5E6E7E8E9EA0181", "6A86")]
    [InlineData("806600070CE1E2E3E4E5E6E7E8E9EA0581", "6A80")]
    [InlineData("806600070CE1E2E3E4E5E6E7E8E9EA0181", "6988")]
    [InlineData("806601070CE1E2E3E4E5E6E7E8E9EA0181", "6988")]
    [InlineData("0064000700", "6E00")]
    [InlineData("0066000700", "6E00")]
    [InlineData("8068000000", "6D00")]
    [InlineData("805C000000", "6D00")]
    public void Refuses(string command, string answer) => Assert.Equal(answer, _card.Send(command));

    [Fact]
    public void Content_has_at_most_128_octets()
    {
        Assert.Equal("6700", _card.Send("80640007 8B" + new string('A', 2 * 139)));
        Assert.Equal(StatusWord.Success, Write(7, 1, new string('A', 256)));
    }

    [Fact]
    public async Task A_field_may_take_the_longest_way()
    {
        Write(7, 1, new string('A', 256));

        var client = await StoreClient.SelectAsync(new CardChannel(_card), TestContext.Current.CancellationToken);
        var field = await client!.ReadAsync(7, Nonce, isSecured: false, TestContext.Current.CancellationToken);

        Assert.Equal(128, field.Content.Length);
    }

    /// <summary>The power goes at every step of a WRITE, at several octets of it.</summary>
    [Fact]
    public void A_cut_leaves_the_old_field_or_the_new_one()
    {
        Write(7, 5, "A1A2A3");
        var image = _card.Image;
        var write = Command(7, 6, "B1B2B3B4");
        var versions = new List<int>();
        for (var step = 0; ; step++)
        {
            foreach (var tear in new[] { 0, 1, 9, 20, 1000 })
            {
                var medium = new CutMedium(image);
                using var card = TestCard.Open(medium);
                card.Send(StoreCommands.Select);
                medium.CutAfter(step, _ => tear);
                if (!TrySend(card, write))
                {
                    using var again = TestCard.Open(medium.Image);
                    again.Send(StoreCommands.Select);
                    var field = again.Send(StoreCommands.Read(7, Nonce)).Data.Read<StoredField>();
                    Assert.Equal(field.Version == 5 ? "A1A2A3" : "B1B2B3B4", field.Content.ToString());
                    versions.Add(field.Version);
                    continue;
                }

                Assert.Equal([5, 6], versions.Distinct().Order());
                return;
            }
        }
    }

    private static bool TrySend(TestCard card, CommandApdu command)
    {
        try
        {
            return card.Send(command).Status.IsSuccess;
        }
        catch (PowerLostException)
        {
            return false;
        }
    }

    private CommandApdu Command(byte field, ushort version, string content)
    {
        using var key = StoreMac.WritingKey(_issuer.StoreKey, TestCard.Id, field);
        var octets = Bytes.FromHex(content);
        var mac = StoreMac.Write(key, TestCard.Id, field, version, octets);
        return StoreCommands.Write(field, new FieldWrite(version, mac, octets));
    }

    private StatusWord Write(byte field, ushort version, string content) =>
        _card.Send(Command(field, version, content)).Status;

    private string Send(byte field, ushort version, Bytes mac, Bytes content) =>
        _card.Send(StoreCommands.Write(field, new FieldWrite(version, mac, content))).Status.ToString();

    private StoredField Read(byte field)
    {
        var read = _card.Send(StoreCommands.Read(field, Nonce)).Data.Read<StoredField>();
        using var key = StoreMac.ReadingKey(_issuer.StoreKey, TestCard.Id, field);
        Assert.Equal(StoreMac.Read(key, TestCard.Id, field, read.Version, read.Content, Nonce), read.Mac);
        return read;
    }
}
