using Tessera.Cards.Store;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Store;

public class StoreTests
{
    private static readonly CardId Card = CardId.Parse("0123456789ABCDEF");
    private static readonly Bytes Nonce = Bytes.FromHex("A1A2A3A4A5A6A7A8");

    [Fact]
    public void List_entry() => WireFormat.Holds(new FieldVersion(0x07, 0x0123, 0x45), "07 0123 45");

    [Theory]
    [InlineData("", "80600000 00")]
    [InlineData("07", "80620007 08 A1A2A3A4A5A6A7A8 00")]
    public void Commands_without_a_code(string field, string apdu) => Assert.Equal(
        Bytes.FromHex(apdu),
        Bytes.Of(field.Length == 0 ? StoreCommands.List : StoreCommands.Read(Convert.ToByte(field, 16), Nonce)));

    [Fact]
    public void Write_command()
    {
        var write = new FieldWrite(0x0123, Bytes.FromHex("B1B2B3B4B5B6B7B8"), Bytes.FromHex("C1C2C3"));

        Assert.Equal(
            Bytes.FromHex("80640007 0D 0123 B1B2B3B4B5B6B7B8 C1C2C3"), Bytes.Of(StoreCommands.Write(7, write)));
        Assert.Equal(write, StoreCommands.Write(7, write).Data.Read<FieldWrite>());
    }

    [Theory]
    [InlineData("0123 C1C2C3 B1B2B3B4B5B6B7B8", 0x0123, "C1C2C3")]
    [InlineData("0123 B1B2B3B4B5B6B7B8", 0x0123, "")]
    [InlineData("0000 B1B2B3B4B5B6B7B8", 0, "")]
    public void Answer_to_read(string answer, int version, string content)
    {
        var field = Bytes.FromHex(answer).Read<StoredField>();

        Assert.Equal(
            new StoredField((ushort)version, Bytes.FromHex(content), Bytes.FromHex("B1B2B3B4B5B6B7B8")), field);
        Assert.Equal(version != 0, field.IsThere);
        Assert.Equal(Bytes.FromHex(answer), Bytes.Of(field));
    }

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("0123 B1B2B3B4B5B6B7")]
    [InlineData("0000 C1 B1B2B3B4B5B6B7B8")]
    public void Refuses_an_answer_to_read_that_is(string answer) =>
        Assert.Throws<WireFormatException>(() => Bytes.FromHex(answer).Read<StoredField>());

    [Fact]
    public void Content_has_at_most_128_octets()
    {
        static Bytes WithContent(int length) => Bytes.CopyOf([1, 2, .. new byte[length + StoreMac.Length]]);

        Assert.Equal(128, WithContent(128).Read<StoredField>().Content.Length);
        Assert.Equal(128, WithContent(128).Read<FieldWrite>().Content.Length);
        Assert.Throws<WireFormatException>(() => WithContent(129).Read<StoredField>());
        Assert.Throws<WireFormatException>(() => WithContent(129).Read<FieldWrite>());
    }

    [Fact]
    public void List_has_rising_fields() => Assert.Equal(
        [new FieldVersion(1, 2, 3), new FieldVersion(0x80, 0xFFFF, 0x80)],
        FieldVersion.ReadList(Bytes.FromHex("01000203 80FFFF80")));

    [Theory]
    [InlineData("01000203 010004")]
    [InlineData("02000203 01000203")]
    [InlineData("01000203 01000203")]
    [InlineData("00000203")]
    [InlineData("01000003")]
    [InlineData("01000281")]
    public void Refuses_a_list_that_is(string answer) =>
        Assert.Throws<WireFormatException>(() => FieldVersion.ReadList(Bytes.FromHex(answer)));

    [Fact]
    public void Refuses_a_list_of_more_than_16_fields()
    {
        var list = Enumerable.Range(1, 17).SelectMany(id => new byte[] { (byte)id, 0, 1, 0 }).ToArray();

        Assert.Equal(16, FieldVersion.ReadList(new Bytes(list.AsMemory(0, 64))).Count);
        Assert.Throws<WireFormatException>(() => FieldVersion.ReadList(new Bytes(list)));
    }

    [Fact]
    public void A_code_names_direction_card_field_version_content_and_nonce()
    {
        using var key = new SecretKey(new byte[16]);
        var content = Bytes.FromHex("C1C2");
        var other = CardId.Parse("0123456789ABCDEE");
        Bytes[] codes =
        [
            StoreMac.Write(key, Card, 7, 1, content),
            StoreMac.Write(key, other, 7, 1, content),
            StoreMac.Write(key, Card, 8, 1, content),
            StoreMac.Write(key, Card, 7, 2, content),
            StoreMac.Write(key, Card, 7, 1, Bytes.FromHex("C1C200")),
            StoreMac.Read(key, Card, 7, 1, content, Bytes.Empty),
            StoreMac.Read(key, Card, 7, 1, content, Nonce),
            StoreMac.Read(key, Card, 7, 1, content, Bytes.FromHex("A1A2A3A4A5A6A7A9")),
        ];

        Assert.Equal(codes.Length, codes.Distinct().Count());
    }

    [Fact]
    public void Every_field_and_direction_has_its_own_key()
    {
        using var card = new SecretKey(new byte[16]);
        using var writing = StoreMac.WritingKey(card, Card, 7);
        using var reading = StoreMac.ReadingKey(card, Card, 7);
        using var another = StoreMac.ReadingKey(card, Card, 8);

        Assert.Equal(3, new[] { writing, reading, another }.Select(k => Bytes.CopyOf(k.Reveal())).Distinct().Count());
    }
}
