using Tessera.Cards.Store;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Store;

public sealed class FieldDefinitionTests : IDisposable
{
    private static readonly CardId Card = CardId.Parse("0123456789ABCDEF");
    private static readonly Bytes Nonce = Bytes.FromHex("A1A2A3A4A5A6A7A8");
    private static readonly FieldDefinition Private = new(FieldType.Text, FieldReading.Holder, IsMandatory: true);

    private readonly SecretKey _key = new([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);

    public void Dispose() => _key.Dispose();

    [Fact]
    public void Definition() => WireFormat.Holds(Private, "01 81");

    [Fact]
    public void Entry_of_a_list_with_definitions() =>
        WireFormat.Holds(new DefinedField(new FieldVersion(0x07, 0x0123, 0x45), Private), "07 0123 45 01 81");

    [Theory]
    [InlineData("0500")]
    [InlineData("0003")]
    [InlineData("0040")]
    public void Refuses_a_definition_that_is(string octets) =>
        Assert.Throws<WireFormatException>(() => Bytes.FromHex(octets).Read<FieldDefinition>());

    [Fact]
    public void A_list_with_definitions_has_rising_fields()
    {
        Assert.Equal(2, DefinedField.ReadList(Bytes.FromHex("010002030181 020002030000")).Count);
        Assert.Throws<WireFormatException>(() => DefinedField.ReadList(Bytes.FromHex("020002030181 020002030000")));
    }

    [Fact]
    public void Commands_of_secured_contents()
    {
        var define = new FieldDefine(0x0123, Bytes.FromHex("B1B2B3B4B5B6B7B8"), Private, Bytes.FromHex("C1C2C3"));

        Assert.Equal(Bytes.FromHex("80600100 00"), Bytes.Of(StoreCommands.ListDefinitions));
        Assert.Equal(
            Bytes.FromHex("80620107 08 A1A2A3A4A5A6A7A8 00"), Bytes.Of(StoreCommands.Read(7, Nonce, isSecured: true)));
        Assert.Equal(
            Bytes.FromHex("80660107 0F 0123 B1B2B3B4B5B6B7B8 0181 C1C2C3"),
            Bytes.Of(StoreCommands.Define(7, define, isSecured: true)));
        Assert.Equal(define, StoreCommands.Define(7, define).Data.Read<FieldDefine>());
        Assert.Throws<ArgumentOutOfRangeException>(() => StoreCommands.Define(0, define));
    }

    [Fact]
    public void What_is_secured_is_opened_with_the_key_of_card_and_field_and_with_no_other()
    {
        var content = Bytes.CopyOf("Bob 0171 2345678"u8);
        var codes = new FieldCodes(_key, Card, 7);
        var other = new FieldCodes(_key, Card, 8);
        var write = codes.Write(5, content, isSecured: true);
        var define = codes.Define(5, Private, content, isSecured: true);
        var answer = codes.Answer(5, content, Nonce, isSecured: true);

        Assert.Equal(content, codes.Open(write, isSecured: true));
        Assert.Equal(content, codes.Open(define, isSecured: true));
        Assert.Equal(content, codes.Open(answer, Nonce, isSecured: true)!.Content);
        Assert.Null(other.Open(write, isSecured: true));
        Assert.Null(codes.Open(write, isSecured: false));
        Assert.Null(codes.Open(write with { Version = 6 }, isSecured: true));
        Assert.Null(codes.Open(define with { Definition = default }, isSecured: true));
        Assert.Null(codes.Open(answer, Bytes.FromHex("A1A2A3A4A5A6A7A9"), isSecured: true));
    }

    [Fact]
    public void The_same_content_never_looks_the_same_again()
    {
        var content = Bytes.CopyOf("Bob 0171 2345678"u8);
        var codes = new FieldCodes(_key, Card, 7);
        Bytes[] seen =
        [
            content,
            codes.Write(5, content, isSecured: true).Content,
            codes.Write(6, content, isSecured: true).Content,
            codes.Define(5, Private, content, isSecured: true).Content,
            codes.Answer(5, content, Nonce, isSecured: true).Content,
            codes.Answer(5, content, Bytes.FromHex("A1A2A3A4A5A6A7A9"), isSecured: true).Content,
            new FieldCodes(_key, Card, 8).Write(5, content, isSecured: true).Content,
        ];

        Assert.Equal(seen.Length, seen.Distinct().Count());
    }

    [Theory]
    [InlineData(FieldType.Text, "Bus", "427573")]
    [InlineData(FieldType.Number, "0", "00")]
    [InlineData(FieldType.Number, "65536", "010000")]
    [InlineData(FieldType.Number, "18446744073709551615", "FFFFFFFFFFFFFFFF")]
    [InlineData(FieldType.Date, "2026-11-22", "20261122")]
    public void Values_are_written_and_read_as_people_do(FieldType type, string text, string content)
    {
        Assert.Equal(Bytes.FromHex(content), FieldValue.Parse(type, text));
        Assert.Equal(text, FieldValue.Text(type, Bytes.FromHex(content)));
    }

    [Theory]
    [InlineData(FieldType.Text, "FF")]
    [InlineData(FieldType.Number, "")]
    [InlineData(FieldType.Number, "010203040506070809")]
    [InlineData(FieldType.Date, "20261322")]
    [InlineData(FieldType.Date, "2026112A")]
    [InlineData(FieldType.Octets, "01")]
    public void Contents_that_are_no_such_value_have_no_words(FieldType type, string content) =>
        Assert.Null(FieldValue.Text(type, Bytes.FromHex(content)));

    [Theory]
    [InlineData(FieldType.Number, "-1")]
    [InlineData(FieldType.Number, "12a")]
    [InlineData(FieldType.Date, "2026-11-31")]
    [InlineData(FieldType.Octets, "123")]
    public void Texts_that_are_no_such_value_are_refused(FieldType type, string text) =>
        Assert.Throws<FormatException>(() => FieldValue.Parse(type, text));
}
