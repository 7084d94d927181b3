using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests;

public class ApduTests
{
    // ISO/IEC 7816-3 §12.1.3: cases 1, 2S, 3S, 4S, 2E, 3E, 4E.
    [Theory]
    [InlineData("00A40400", 0, null)]
    [InlineData("00A40400 05", 0, 5)]
    [InlineData("00A40400 00", 0, 256)]
    [InlineData("00A40400 02 C1C1", 2, null)]
    [InlineData("00A40400 02 C1C1 05", 2, 5)]
    [InlineData("00A40400 02 C1C1 00", 2, 256)]
    [InlineData("00A40400 00 0101", 0, 257)]
    [InlineData("00A40400 00 0000", 0, 65536)]
    [InlineData("00A40400 00 0002 C1C1 0101", 2, 257)]
    [InlineData("00A40400 00 0002 C1C1 0000", 2, 65536)]
    public void Case(string hex, int length, int? le)
    {
        var command = new CommandApdu(0x00, 0xA4, 0x04, 0x00, Filled(length), le);

        Assert.Equal(Bytes.FromHex(hex), Bytes.Of(command));
        Assert.Equal(command, Bytes.FromHex(hex).Read<CommandApdu>());
    }

    [Fact]
    public void Every_case_survives_the_wire_at_every_boundary()
    {
        int[] lengths = [0, 1, 2, 254, 255, 256, 257, 65534, 65535];
        int?[] expected = [null, 1, 2, 255, 256, 257, 65535, 65536];
        foreach (var length in lengths)
        {
            foreach (var le in expected)
            {
                var command = new CommandApdu(0x81, 0xCB, 0x3F, 0xFE, Filled(length), le);
                Assert.Equal(command, Bytes.Of(command).Read<CommandApdu>());
            }
        }
    }

    [Fact]
    public void Any_command_survives_the_wire()
    {
        var random = new Random(78164);
        for (var i = 0; i < 2_000; i++)
        {
            var header = new byte[4];
            random.NextBytes(header);
            var data = new byte[random.Next(random.Next(2) == 0 ? 300 : 70) * random.Next(2)];
            random.NextBytes(data);
            int? le = random.Next(3) == 0 ? null : random.Next(1, random.Next(2) == 0 ? 257 : 65537);
            var command = new CommandApdu(header[0], header[1], header[2], header[3], new Bytes(data), le);

            Assert.Equal(command, Bytes.Of(command).Read<CommandApdu>());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("00A404")]
    [InlineData("00A40400 02 C1")]
    [InlineData("00A40400 02 C1C1 0505")]
    [InlineData("00A40400 00 01")]
    [InlineData("00A40400 00 0000 C1")]
    [InlineData("00A40400 00 0002 C1")]
    [InlineData("00A40400 00 0002 C1C1 01")]
    [InlineData("00A40400 00 0002 C1C1 010101")]
    public void Refuses_lengths_that_lie(string hex) =>
        Assert.Throws<WireFormatException>(() => Bytes.FromHex(hex).Read<CommandApdu>());

    [Fact]
    public void Truncations_and_noise_are_never_worse_than_wrong()
    {
        var random = new Random(78163);
        for (var i = 0; i < 20_000; i++)
        {
            var noise = new byte[random.Next(20)];
            random.NextBytes(noise);
            if (noise.Length > 4 && random.Next(2) == 0) noise[4] = (byte)random.Next(3);
            try
            {
                // The one other encoding of a command is the extended form where a short one fits.
                var command = new Bytes(noise).Read<CommandApdu>();
                Assert.Equal(command, Bytes.Of(command).Read<CommandApdu>());
                Assert.InRange(Bytes.Of(command).Length, 4, noise.Length);
            }
            catch (WireFormatException refused)
            {
                Assert.InRange(refused.Offset, 0, noise.Length);
            }
        }
    }

    [Fact]
    public void Refuses_what_no_command_can_carry()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new CommandApdu(0, 0, 0, 0, Filled(65536)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CommandApdu(0, 0, 0, 0, Le: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CommandApdu(0, 0, 0, 0) with { Le = 65537 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CommandApdu(0, 0, 0, 0) with { Data = Filled(65536) });
    }

    [Fact]
    public void Prints_nothing_of_its_data()
    {
        var command = new CommandApdu(0x00, 0x20, 0x00, 0x80, Bytes.FromHex("31323334"));

        Assert.Equal("00200080 Lc 4 Le -", command.ToString());
    }

    [Fact]
    public void Status_word() => WireFormat.Holds(new StatusWord(0x63C2), "63C2");

    [Theory]
    [InlineData("9000", "", 0x9000)]
    [InlineData("C1C2 6282", "C1C2", 0x6282)]
    public void Response(string hex, string data, int status)
    {
        var response = new ResponseApdu(Bytes.FromHex(data), new StatusWord((ushort)status));

        Assert.Equal(response, Bytes.FromHex(hex).Read<ResponseApdu>());
        Assert.Equal(Bytes.FromHex(hex), Bytes.Of(response));
    }

    [Theory]
    [InlineData("")]
    [InlineData("90")]
    public void Refuses_a_response_without_status(string hex) =>
        Assert.Throws<WireFormatException>(() => Bytes.FromHex(hex).Read<ResponseApdu>());

    private static Bytes Filled(int length)
    {
        var octets = new byte[length];
        Array.Fill(octets, (byte)0xC1);
        return new Bytes(octets);
    }
}
