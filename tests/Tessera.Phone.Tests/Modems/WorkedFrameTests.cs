using System.Numerics;
using Tessera.Phone.Modems;
using Tessera.Phone.Modems.Fsk;
using Tessera.Phone.Modems.Ofdm;
using Tessera.Phone.Modems.ToneMode;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Modems;

/// <summary>
/// The worked frames of docs/protocols/line.md, which were computed apart from this code, read by its formulas.
/// </summary>
public class WorkedFrameTests
{
    private static readonly Bytes Frame = Bytes.FromHex("68656C6C6F");

    [Fact]
    public void The_burst_is_that_of_the_description()
    {
        var sound = Sound(new OfdmSender { Constellation = Constellation.Qpsk }, 640);
        var header = Points(sound, 1).Select((point, i) => (point / Training(Place(i))).Real < 0 ? '1' : '0');
        Assert.Equal("000000000010001001001000000000010001001001", string.Concat(header));

        var data = Points(sound, 2).Concat(Points(sound, 3));
        var bits = string.Concat(data.Select(point => $"{(point.Real < 0 ? 1 : 0)}{(point.Imaginary < 0 ? 1 : 0)}"));
        var octets = bits.Chunk(8).Select(octet => Convert.ToByte(new string(octet), 2)).ToArray();
        Assert.Equal("6B9364585F22D22885B34BC032C45B44326ADC382F", Convert.ToHexString(octets));
    }

    [Fact]
    public void The_pilots_are_those_of_the_description()
    {
        int[] signs = [-1, -1, -1, 1, -1, 1, 1];
        var sound = Sound(new OfdmSender { Constellation = Constellation.Qpsk }, 640);
        for (var symbol = 1; symbol < 4; symbol++)
        {
            for (var pilot = 0; pilot < 7; pilot++)
            {
                var sent = Point(sound, symbol, 8 * pilot) / Training(8 * pilot);
                Assert.InRange(sent.Real * signs[(symbol - 1 + pilot) % 7], 0.99, 1.01);
            }
        }
    }

    [Fact]
    public void The_tones_are_those_of_the_description()
    {
        var sound = Sound(new ToneSender(), 55 * 160);
        var tones = sound.Chunk(160).Select(samples => Enumerable.Range(0, 8).MaxBy(tone => Energy(samples, tone)));
        Assert.Equal("025167430046112" + "3271154426057405457741642362637523356657", string.Concat(tones));
    }

    [Fact]
    public void The_bits_of_a_coded_frame_are_those_of_the_description()
    {
        var sound = Sound(new CodedSender(FskChannel.V21Caller), 208 * 80 / 3 + 1);
        var bits = Enumerable.Range(0, 208).Select(bit => Bit(sound, bit * 80.0 / 3)).Chunk(8)
            .Select(octet => Convert.ToByte(new string(octet), 2)).ToArray();
        Assert.Equal("555555D6AB3EA264E9167A6B9364585F0597F8744F2CFD4DDDAF", Convert.ToHexString(bits));
    }

    private static char Bit(short[] sound, double from)
    {
        var samples = sound.AsSpan((int)Math.Ceiling(from), 26).ToArray();
        return Power(samples, 980) > Power(samples, 1180) ? '1' : '0';
    }

    private static short[] Sound(IModemSender sender, int length)
    {
        sender.Send(Frame);
        var sound = new short[length];
        sender.Read(sound);
        Assert.True(sender.IsIdle);
        return sound;
    }

    private static IEnumerable<Complex> Points(short[] sound, int symbol) =>
        Enumerable.Range(0, 42).Select(i => Point(sound, symbol, Place(i)));

    private static int Place(int data) => data + (data / 7) + 1;

    private static Complex Training(int carrier) => Complex.FromPolarCoordinates(1, Math.PI * carrier * carrier / 49);

    private static Complex Point(short[] sound, int symbol, int carrier)
    {
        var sum = Complex.Zero;
        for (var n = 0; n < 128; n++)
        {
            var angle = -2 * Math.PI * (5 + carrier) * n / 128;
            sum += sound[(160 * symbol) + 32 + n] * Complex.FromPolarCoordinates(1, angle);
        }

        return sum / (64 * 730);
    }

    private static double Energy(short[] samples, int tone) => Power(samples, 700 + (150 * tone));

    private static double Power(short[] samples, double frequency)
    {
        var sum = Complex.Zero;
        for (var n = 0; n < samples.Length; n++)
            sum += samples[n] * Complex.FromPolarCoordinates(1, -2 * Math.PI * frequency * n / 8000);
        return sum.Magnitude;
    }
}
