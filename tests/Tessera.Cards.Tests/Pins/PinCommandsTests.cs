using Tessera.Cards.Pins;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Pins;

public class PinCommandsTests
{
    [Fact]
    public void Verify()
    {
        using var pin = PinBlock.OfPin("123456");
        using var command = PinCommands.Verify(pin);

        Assert.Equal(Bytes.FromHex("00200080 08 313233343536FFFF"), Bytes.Of(command.Apdu));
    }

    [Fact]
    public void Change_and_reset_carry_two_blocks()
    {
        using var pin = PinBlock.OfPin("1234567");
        using var puk = PinBlock.OfPuk("87654321");
        using var newPin = PinBlock.OfPin("00009999");
        using var change = PinCommands.ChangeReferenceData(pin, newPin);
        using var reset = PinCommands.ResetRetryCounter(puk, newPin);

        Assert.Equal(Bytes.FromHex("00240080 10 31323334353637FF 3030303039393939"), Bytes.Of(change.Apdu));
        Assert.Equal(Bytes.FromHex("002C0080 10 3837363534333231 3030303039393939"), Bytes.Of(reset.Apdu));
    }

    [Fact]
    public void Status_and_clear_have_no_data()
    {
        Assert.Equal(Bytes.FromHex("00200080"), Bytes.Of(PinCommands.Status));
        Assert.Equal(Bytes.FromHex("0020FF80"), Bytes.Of(PinCommands.Clear));
    }

    [Theory]
    [InlineData("12345")]
    [InlineData("123456789")]
    [InlineData("12345a")]
    [InlineData("12345٣")]
    [InlineData("")]
    public void Refuses_what_is_no_pin(string digits)
    {
        Assert.Throws<ArgumentException>(() => PinBlock.OfPin(digits));
        Assert.Throws<ArgumentException>(() => PinBlock.OfPuk(digits));
    }

    [Fact]
    public void A_puk_has_eight_digits() => Assert.Throws<ArgumentException>(() => PinBlock.OfPuk("1234567"));

    [Fact]
    public void Nothing_of_a_pin_is_left_or_printed()
    {
        var pin = PinBlock.OfPin("123456");
        var command = PinCommands.Verify(pin);
        Assert.DoesNotContain("3132", $"{pin} {command} {command.Apdu}", StringComparison.Ordinal);

        pin.Dispose();
        command.Dispose();

        Assert.Throws<ObjectDisposedException>(() => pin.Reveal().Length);
        Assert.Equal(new Bytes(new byte[8]), command.Apdu.Data);
    }
}
