using System.Text;
using Tessera.Phone.Modems.Hdlc;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Modems;

public class HdlcTests
{
    private const string Flag = "01111110";
    private const int MaxFrame = 32;

    /// <summary>The check value of CRC-16/IBM-SDLC in the catalogue of parametrised CRC algorithms.</summary>
    [Fact]
    public void The_check_is_that_of_X25()
    {
        Assert.Equal(0x906E, FrameCheck.Compute("123456789"u8));
        Assert.True(FrameCheck.Holds([.. "123456789"u8, 0x6E, 0x90]));
        Assert.False(FrameCheck.Holds([.. "123456789"u8, 0x90, 0x6E]));
        Assert.False(FrameCheck.Holds([0x6E]));
    }

    /// <summary>ISO/IEC 13239: over a frame and its check the register ends at F0B8; the complement is returned.</summary>
    [Fact]
    public void A_frame_with_its_check_leaves_the_residue() =>
        Assert.Equal(0xF0B8 ^ 0xFFFF, FrameCheck.Compute([.. "123456789"u8, 0x6E, 0x90]));

    [Fact]
    public void A_frame_is_flags_octets_low_bit_first_check_flag()
    {
        var encoder = new HdlcEncoder();
        encoder.Add(Bytes.FromHex("A0"));

        Assert.Equal(0x5572, FrameCheck.Compute([0xA0]));
        Assert.Equal(Flag + Flag + "00000101" + "01001110" + "10101010" + Flag, Bits(encoder));
        Assert.True(encoder.IsIdle);
    }

    [Theory]
    [InlineData("FF")]
    [InlineData("FFFFFFFF")]
    [InlineData("7E7E7E")]
    [InlineData("F8F8")]
    public void A_zero_follows_five_ones(string hex)
    {
        var encoder = new HdlcEncoder();
        encoder.Add(Bytes.FromHex(hex));

        var bits = Bits(encoder);

        Assert.StartsWith(Flag + Flag, bits, StringComparison.Ordinal);
        Assert.EndsWith(Flag, bits, StringComparison.Ordinal);
        Assert.DoesNotContain("111111", bits[16..^8], StringComparison.Ordinal);
        Assert.Equal([hex], Frames(bits));
    }

    [Fact]
    public void Five_ones_at_the_end_of_the_check_are_followed_by_a_zero_too()
    {
        // Octets whose check ends in five ones: the stuffed zero stands between the check and the flag.
        var octet = Enumerable.Range(0, 1 << 16)
            .First(i => FrameCheck.Compute([(byte)i, (byte)(i >> 8)]) >> 10 == 0x3E);
        var encoder = new HdlcEncoder();
        encoder.Add(new Bytes(new[] { (byte)octet, (byte)(octet >> 8) }));

        var bits = Bits(encoder);

        Assert.EndsWith("111110" + Flag, bits, StringComparison.Ordinal);
        Assert.Single(Frames(bits));
    }

    [Fact]
    public void Frames_in_a_row_share_a_flag()
    {
        var encoder = new HdlcEncoder();
        encoder.Add(Bytes.FromHex("01"));
        encoder.Add(Bytes.FromHex("02"));

        var bits = Bits(encoder);

        Assert.Equal(4, bits.Split(Flag).Length - 1);
        Assert.Equal(["01", "02"], Frames(bits));
    }

    [Fact]
    public void Flags_that_share_a_zero_are_understood()
    {
        var encoder = new HdlcEncoder();
        encoder.Add(Bytes.FromHex("0102"));
        var frame = Bits(encoder)[16..^8];

        Assert.Equal(["0102", "0102"], Frames("011111101111110" + frame + "011111101111110" + frame + Flag));
    }

    [Fact]
    public void Flags_fill_the_time_between_frames_if_the_carrier_is_to_stay()
    {
        var encoder = new HdlcEncoder(fills: true);

        var before = Bits(encoder, 24);
        encoder.Add(Bytes.FromHex("0304"));
        Assert.False(encoder.IsIdle);
        var after = Bits(encoder, 80);

        Assert.Equal(Flag + Flag + Flag, before);
        Assert.Equal(["0304"], Frames(before + after));
        Assert.EndsWith(Flag + Flag, after, StringComparison.Ordinal);
        Assert.True(encoder.IsIdle);
    }

    [Fact]
    public void Seven_ones_abort_a_frame()
    {
        var encoder = new HdlcEncoder();
        encoder.Add(Bytes.FromHex("0506"));
        var bits = Bits(encoder);

        Assert.Empty(Frames(bits[..40] + "1111111" + bits[40..]));
        Assert.Equal(["0506"], Frames(bits[..40] + "1111111" + bits));
    }

    [Fact]
    public void A_frame_that_is_too_long_is_left_out_and_the_next_is_read()
    {
        var encoder = new HdlcEncoder();
        encoder.Add(new Bytes(new byte[MaxFrame + 1]));
        encoder.Add(new Bytes(new byte[MaxFrame]));

        Assert.Equal([new string('0', 2 * MaxFrame)], Frames(Bits(encoder)));
    }

    [Fact]
    public void A_check_without_octets_is_no_frame() => Assert.Empty(Frames(Flag + "0000000000000000" + Flag));

    [Fact]
    public void Every_single_wrong_bit_costs_the_frame_and_delivers_no_other()
    {
        var encoder = new HdlcEncoder();
        encoder.Add(Bytes.FromHex("00112233445566778899AABBCCDDEEFF"));
        var bits = Bits(encoder);
        for (var i = 16; i < bits.Length - 8; i++)
        {
            var wrong = bits[..i] + (bits[i] == '0' ? '1' : '0') + bits[(i + 1)..];
            Assert.Empty(Frames(wrong));
        }
    }

    [Fact]
    public void Any_octets_come_through_between_any_noise()
    {
        var random = new Random(11);
        for (var run = 0; run < 300; run++)
        {
            var frame = new byte[random.Next(1, MaxFrame + 1)];
            random.NextBytes(frame);
            if (run % 3 == 0) frame.AsSpan().Fill((byte)random.Next(0xF0, 0x100));
            var encoder = new HdlcEncoder(random.Next(2, 5));
            encoder.Add(new Bytes(frame));

            Assert.Contains(
                Convert.ToHexString(frame), Frames(Noise(random) + Bits(encoder) + Noise(random)), StringComparer.Ordinal);
        }
    }

    private static string Noise(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => (char)('0' + random.Next(2))));

    private static string Bits(HdlcEncoder encoder, int most = 1000)
    {
        var bits = new StringBuilder();
        while (bits.Length < most && encoder.Next() is { } one) bits.Append(one ? '1' : '0');
        return bits.ToString();
    }

    private static List<string> Frames(string bits)
    {
        var decoder = new HdlcDecoder(MaxFrame);
        var frames = new List<string>();
        foreach (var bit in bits)
        {
            if (decoder.Write(bit == '1', out var frame) == HdlcEvent.Frame) frames.Add(frame.ToString());
        }

        return frames;
    }
}
