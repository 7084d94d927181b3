using System.Buffers;
using Xunit;

namespace Tessera.Wire.Tests;

/// <summary>All codes of 3GPP TS 23.038 §6.2.1 and §6.2.1.1, written out in rows as the standard has them.</summary>
public class GsmAlphabetTests
{
    private const string Rows = """
        @ £ $ ¥ è é ù ì ò Ç LF Ø ø CR Å å
        Δ _ Φ Γ Λ Ω Π Ψ Σ Θ Ξ ESC Æ æ ß É
        SP ! " # ¤ % & ' ( ) * + , - . /
        0 1 2 3 4 5 6 7 8 9 : ; < = > ?
        ¡ A B C D E F G H I J K L M N O
        P Q R S T U V W X Y Z Ä Ö Ñ Ü §
        ¿ a b c d e f g h i j k l m n o
        p q r s t u v w x y z ä ö ñ ü à
        """;

    [Fact]
    public void Basic_table()
    {
        var names = Rows.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(128, names.Length);
        for (var code = 0; code < names.Length; code++)
        {
            if (names[code] is "ESC") continue;
            var character = names[code] switch { "SP" => " ", "LF" => "\n", "CR" => "\r", var name => name };
            Assert.Equal(character, GsmAlphabet.Read([(byte)code]));
            Assert.Equal([(byte)code], Codes(character));
        }
    }

    [Theory]
    [InlineData(0x0A, "\f")]
    [InlineData(0x14, "^")]
    [InlineData(0x28, "{")]
    [InlineData(0x29, "}")]
    [InlineData(0x2F, "\\")]
    [InlineData(0x3C, "[")]
    [InlineData(0x3D, "~")]
    [InlineData(0x3E, "]")]
    [InlineData(0x40, "|")]
    [InlineData(0x65, "€")]
    public void Extension_table(byte code, string character)
    {
        Assert.Equal(character, GsmAlphabet.Read([0x1B, code]));
        Assert.Equal([0x1B, code], Codes(character));
    }

    [Theory]
    [InlineData(new byte[] { 0x1B, 0x41 }, "A")]
    [InlineData(new byte[] { 0x1B, 0x1B }, " ")]
    [InlineData(new byte[] { 0x41, 0x1B }, "A")]
    [InlineData(new byte[] { 0xC1 }, "A")]
    public void What_the_tables_do_not_have_is_shown_all_the_same(byte[] codes, string text) =>
        Assert.Equal(text, GsmAlphabet.Read(codes));

    [Theory]
    [InlineData("ç")]
    [InlineData("а")] // Cyrillic
    [InlineData("\u001B")]
    [InlineData("\0")]
    public void A_character_without_a_code_is_refused(string text)
    {
        Assert.False(GsmAlphabet.Covers(text));
        Assert.Throws<ArgumentException>(() => Codes(text));
    }

    private static byte[] Codes(string text)
    {
        var output = new ArrayBufferWriter<byte>();
        GsmAlphabet.Write(text, output);
        return output.WrittenSpan.ToArray();
    }
}
