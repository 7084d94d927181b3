using System.Globalization;
using Tessera.Phone.Sound;
using Tessera.Phone.Tones;
using Tessera.Testing;
using Xunit;
using Keys = Tessera.Phone.Tones.Dtmf;

namespace Tessera.Interop.Tests.Phone.Dtmf;

/// <summary>Keys between us and multimon-ng, sox and spandsp.</summary>
public class DtmfTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    public async Task Multimon_hears_all_our_keys(int length)
    {
        using var folder = new TempFolder();
        var file = folder.File("keys.wav");
        await Wav.SaveAsync(file, DtmfGenerator.Samples(Keys.Keys, Options(length)), Cancel, WavCoding.MuLaw);

        Assert.Equal(Keys.Keys, await DtmfPeers.MultimonAsync(file, Cancel));
    }

    [Theory]
    [InlineData(50, 0.0)]
    [InlineData(80, 0.06)]
    public async Task We_hear_keys_of_sox_also_in_noise(int length, double noise)
    {
        var samples = new List<short>();
        foreach (var key in Keys.Keys)
        {
            var (row, column) = Keys.PlaceOf(key);
            string[] tones = ["synth", Seconds(length), "sine", $"{Keys.Low[row]}", "sine", $"{Keys.High[column]}"];
            string[] mixed = ["remix", "1v0.25,2v0.25", "pad", "0", Seconds(length)];
            samples.AddRange(Wav.Read(await DtmfPeers.SoxAsync(["-n", .. Out, .. tones, .. mixed], Cancel)).ToTelephone());
        }

        var hiss = Wav.Read(await DtmfPeers.SoxAsync(
            ["-R", "-n", .. Out, "synth", "10", "whitenoise", "vol", Text(noise)], Cancel)).ToTelephone();
        Assert.Equal(Keys.Keys, Heard([.. samples.Zip(hiss, (tone, other) => Level.Clip(tone + other))]));
    }

    [Theory]
    [InlineData(40, 40, -10, 0)]
    [InlineData(50, 50, -10, 3)]
    [InlineData(50, 50, -30, 0)]
    [InlineData(100, 60, -3, -3)]
    public async Task We_hear_keys_of_spandsp(int on, int off, int level, int twist)
    {
        var keys = Random(seed: 9, count: 300);
        Assert.Equal(keys, Heard(await DtmfPeers.SpandspSendsAsync(keys, on, off, level, twist, Cancel)));
    }

    [Theory]
    [InlineData(45, -10)]
    [InlineData(80, -10)]
    [InlineData(80, -28)]
    public async Task Spandsp_hears_our_keys(int length, double level)
    {
        var keys = Random(seed: 10, count: 300);
        var samples = DtmfGenerator.Samples(keys, Options(length) with { Low = level, High = level + 2 });
        Assert.Equal(keys, await DtmfPeers.SpandspHearsAsync(samples, Cancel));
    }

    private static IEnumerable<string> Out => ["-r", "8000", "-b", "16", "-t", "wav", "-"];

    private static DtmfOptions Options(int length) =>
        new() { On = TimeSpan.FromMilliseconds(length), Off = TimeSpan.FromMilliseconds(length) };

    private static string Random(int seed, int count)
    {
        var random = new Random(seed);
        return string.Concat(Enumerable.Range(0, count).Select(_ => Keys.Keys[random.Next(16)]));
    }

    private static string Heard(short[] samples)
    {
        var detector = new DtmfDetector();
        var keys = "";
        foreach (var block in samples.Chunk(AudioBlock.Length))
        {
            detector.Write(block);
            while (detector.TryRead(out var key)) keys += key.Key;
        }

        return keys;
    }

    private static string Seconds(int milliseconds) => Text(milliseconds / 1000.0);

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
