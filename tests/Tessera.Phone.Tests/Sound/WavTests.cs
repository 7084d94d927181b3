using Tessera.Phone.Sound;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Sound;

public class WavTests
{
    /// <summary>Two samples, 1 and -2, written by hand from the description of the format.</summary>
    private const string TwoSamples =
        "52494646 28000000 57415645 666D7420 10000000 01000100401F0000803E000002001000 64617461 04000000 0100 FEFF";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void A_file_is_written_octet_for_octet_as_the_format_says()
    {
        Assert.Equal(Bytes.FromHex(TwoSamples), new Bytes(new Wav(8000, 1, new short[] { 1, -2 }).Write()));
        Assert.Equal<short>([1, -2], Wav.Read(Bytes.FromHex(TwoSamples).Span).ToTelephone());
    }

    [Theory]
    [InlineData(WavCoding.Pcm)]
    [InlineData(WavCoding.ALaw)]
    [InlineData(WavCoding.MuLaw)]
    public void What_was_written_is_read_again(WavCoding coding)
    {
        // What a law can hold comes back as it was; an odd number of octets is padded.
        short[] samples = [.. Enumerable.Range(0, 255).Select(code => coding switch
        {
            WavCoding.ALaw => G711.DecodeA((byte)code),
            WavCoding.MuLaw => G711.DecodeMu((byte)code),
            _ => (short)(code * 257),
        })];

        var file = new Wav(8000, 1, samples).Write(coding);

        Assert.Equal(0, file.Length % 2);
        Assert.Equal(samples, Wav.Read(file).Samples.ToArray());
    }

    [Fact]
    public void Eight_bits_stand_around_128()
    {
        var file = Change(TwoSamples, 34, "0800");

        Assert.Equal<short>([-0x7F00, -0x8000, 0x7E00, 0x7F00], Wav.Read(file).Samples.ToArray());
    }

    [Fact]
    public void Two_channels_are_mixed()
    {
        var stereo = new Wav(8000, 2, new short[] { 100, 300, short.MinValue, short.MinValue });

        Assert.Equal<short>([200, short.MinValue], Wav.Read(stereo.Write()).ToTelephone());
    }

    [Fact]
    public void The_extensible_form_names_its_coding_further_on()
    {
        var file = Bytes.FromHex(
            """
            52494646 00000000 57415645 666D7420 28000000 FEFF 0100 401F0000 803E0000 0200 1000
            1600 1000 04000000 0100 0000 0000 1000 8000 00AA00389B71 64617461 02000000 3412
            """).Span;

        Assert.Equal<short>([0x1234], Wav.Read(file).Samples.ToArray());
    }

    [Fact]
    public void Chunks_of_others_are_passed_over_with_their_padding()
    {
        var octets = Bytes.FromHex(TwoSamples).ToArray();
        byte[] list = [.. "LIST"u8, 3, 0, 0, 0, 1, 2, 3, 0];

        Assert.Equal<short>([1, -2], Wav.Read([.. octets[..36], .. list, .. octets[36..]]).Samples.ToArray());
    }

    [Theory]
    [InlineData("00F0FF7F")]
    [InlineData("FFFFFFFF")]
    public void A_stream_whose_length_nobody_knew_goes_to_the_end(string length) =>
        Assert.Equal<short>([1, -2], Wav.Read(Change(TwoSamples, 40, length)).Samples.ToArray());

    [Theory]
    [InlineData(0, "52494658", "RIFF")]
    [InlineData(8, "57415646", "WAVE")]
    [InlineData(20, "0300", "tag")]
    [InlineData(20, "1100", "tag")]
    [InlineData(22, "0000", "channels")]
    [InlineData(22, "0300", "channels")]
    [InlineData(24, "9F0F0000", "rate")]
    [InlineData(24, "01EE0200", "rate")]
    [InlineData(24, "FFFFFFFF", "rate")]
    [InlineData(34, "1800", "tag")]
    [InlineData(36, "64617462", "chunk name")]
    [InlineData(40, "05000000", "data")]
    [InlineData(16, "0F000000", "fmt")]
    [InlineData(16, "FFFFFFFF", "chunk")]
    [InlineData(12, "666D7421", "data")]
    public void What_is_wrong_is_named(int offset, string octets, string field)
    {
        var error = Assert.Throws<WireFormatException>(() => Wav.Read(Change(TwoSamples, offset, octets)));
        Assert.Equal(field, error.Field);
    }

    [Fact]
    public void Every_truncation_fails_as_one()
    {
        var octets = Bytes.FromHex(TwoSamples).ToArray();
        for (var length = 0; length < octets.Length; length++)
            Assert.Throws<WireFormatException>(() => Wav.Read(octets.AsSpan(..length)));
    }

    [Fact]
    public void Any_octet_changed_is_read_or_refused_and_nothing_else()
    {
        var octets = Bytes.FromHex(TwoSamples).ToArray();
        var random = new Random(1);
        for (var run = 0; run < 20_000; run++)
        {
            var changed = octets.ToArray();
            for (var i = random.Next(1, 4); i > 0; i--) changed[random.Next(changed.Length)] = (byte)random.Next(256);
            try
            {
                Assert.True(Wav.Read(changed).ToTelephone().Length <= changed.Length);
            }
            catch (WireFormatException)
            {
                // Refused.
            }
        }
    }

    [Fact]
    public async Task A_file_of_any_rate_comes_as_the_telephone_hears_it()
    {
        using var folder = new TempFolder();
        var sine = Tone(44_100, 1000, seconds: 1);
        await File.WriteAllBytesAsync(folder.File("a.wav"), new Wav(44_100, 1, sine).Write(), Cancel);

        var heard = await Wav.LoadAsync(folder.File("a.wav"), Cancel);
        await Wav.SaveAsync(folder.File("b.wav"), heard, Cancel, WavCoding.MuLaw);
        var again = await Wav.LoadAsync(folder.File("b.wav"), Cancel);

        Assert.Equal(8000, heard.Length);
        Assert.Equal(Level.Of(sine), Level.Of(heard.AsSpan(400..7600)), 0.01);
        Assert.Equal(heard.Select(sample => G711.DecodeMu(G711.EncodeMu(sample))), again);
    }

    private static byte[] Change(string hex, int offset, string octets)
    {
        var file = Bytes.FromHex(hex).ToArray();
        Bytes.FromHex(octets).Span.CopyTo(file.AsSpan(offset));
        return file;
    }

    private static short[] Tone(int rate, double frequency, int seconds) =>
        [.. Enumerable.Range(0, rate * seconds).Select(i => (short)(8000 * Math.Sin(Math.Tau * frequency * i / rate)))];
}
