using Tessera.Cards.Biometrics;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Biometrics;

/// <summary>docs/protocols/finger.md §1, §2.</summary>
public class FingerTemplateTests
{
    private static readonly FingerMinutia[] Three =
    [
        new(0x52, 0x31, MinutiaType.Bifurcation, 0x3F), new(0x41, 0x30, MinutiaType.Ending, 0x05),
        new(0x63, 0x30, MinutiaType.Other, 0x2A),
    ];

    [Fact]
    public void Minutiae_stand_by_y_then_x_whatever_order_they_come_in()
    {
        using var finger = FingerTemplate.Of(Three);

        WireFormat.Holds(finger, "7F2E0B 8109 413045 63302A 5231BF");
        Assert.Equal(3, finger.Count);
        Assert.Equal([Three[1], Three[2], Three[0]], Enumerable.Range(0, 3).Select(i => finger[i]));
        Assert.Equal(Bytes.FromHex("00210081 0E 7F2E0B 8109 413045 63302A 5231BF"), Bytes.Of(FingerCommands.Of(finger)));
        Assert.Equal(Bytes.FromHex("00210081"), Bytes.Of(FingerCommands.Status));
    }

    [Fact]
    public void A_minutia_is_three_octets() => WireFormat.Holds(Three[0], "5231BF");

    [Theory]
    [InlineData(1, 8, "7F2E058103")]
    [InlineData(41, 128, "7F2E7D817B")]
    [InlineData(42, 132, "7F2E8180817E")]
    [InlineData(43, 136, "7F2E8184818181")]
    [InlineData(60, 187, "7F2E81B78181B4")]
    public void Lengths_are_in_their_shortest_form(int minutiae, int length, string head)
    {
        using var finger = FingerTemplate.Of(Row(minutiae));

        var octets = Bytes.Of(finger).ToString();

        Assert.StartsWith(head, octets, StringComparison.Ordinal);
        Assert.Equal(2 * length, octets.Length);
        WireFormat.Holds(finger, octets);
        Assert.InRange(length, FingerTemplate.MinLength, FingerTemplate.MaxLength);
    }

    [Theory]
    [InlineData("7F2E02 8100", "none")]
    [InlineData("7F2E08 8106 413045 413045", "one place")]
    [InlineData("7F2E08 8106 633045 413045", "x")]
    [InlineData("7F2E08 8106 413145 633045", "y")]
    [InlineData("7F2E05 8103 4130C5", "type 3")]
    [InlineData("7F2E04 8102 4130", "no whole minutia")]
    [InlineData("7F2E07 8103 413045 8000", "left over")]
    [InlineData("7F2E05 9003 413045", "another object")]
    [InlineData("7F2D05 8103 413045", "another template")]
    [InlineData("7F2E8105 8103 413045", "no shortest form")]
    [InlineData("7F2E05 8104 413045", "too short")]
    public void What_is_no_template_is_refused(string octets, string why) =>
        Assert.True(
            Record.Exception(() => Bytes.FromHex(octets).Read<FingerTemplate>()) is WireFormatException, why);

    [Fact]
    public void Sixty_one_minutiae_are_too_many()
    {
        var minutiae = Row(61).SelectMany(minutia => Bytes.Of(minutia).ToArray()).ToArray();

        Assert.Throws<WireFormatException>(() =>
            Bytes.Of(new Tlv(0x7F2E, Bytes.Of(new Tlv(0x81, new Bytes(minutiae))))).Read<FingerTemplate>());
        Assert.Throws<ArgumentException>(() => FingerTemplate.Of(Row(61)));
        Assert.Throws<ArgumentException>(() => FingerTemplate.Of([]));
        Assert.Throws<ArgumentException>(() => FingerTemplate.Of([Three[0], Three[0]]));
        Assert.Throws<ArgumentException>(() => FingerTemplate.Of([new(1, 2, MinutiaType.Ending, 64)]));
        Assert.Throws<ArgumentException>(() => FingerTemplate.Of([new(1, 2, (MinutiaType)3, 4)]));
    }

    [Fact]
    public void Nothing_of_a_finger_is_left_or_printed()
    {
        var finger = FingerTemplate.Of(Three);
        var command = FingerCommands.Of(finger);
        Assert.DoesNotContain("4130", $"{finger} {command}", StringComparison.Ordinal);

        finger.Dispose();

        Assert.Equal(new Bytes(new byte[14]), command.Data);
        Assert.Throws<ObjectDisposedException>(() => finger.Reveal().Length);
    }

    private static IEnumerable<FingerMinutia> Row(int count) =>
        Enumerable.Range(1, count).Select(i => new FingerMinutia((byte)i, (byte)(i / 7), MinutiaType.Ending, (byte)(i % 64)));
}
