using Tessera.Phone.Sound;
using Tessera.Phone.Tones;
using Xunit;

namespace Tessera.Interop.Tests.Phone.Dtmf;

/// <summary>Nothing that people say or play is taken for a key.</summary>
public class TalkOffTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en", 50, 160)]
    [InlineData("en+f3", 80, 140)]
    [InlineData("en+m7", 10, 120)]
    [InlineData("de+f2", 99, 170)]
    [InlineData("fr", 30, 150)]
    [InlineData("es+f5", 60, 130)]
    public async Task Minutes_of_speech_hold_no_key(string voice, int pitch, int speed)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(DtmfPeers.Root, "docs", "decisions.md"), Cancel);
        var speech = Wav.Read(await DtmfPeers.EspeakAsync(text[..2000], voice, pitch, speed, Cancel)).ToTelephone();

        Assert.True(speech.Length > 60 * AudioBlock.Rate, $"Only {speech.Length} samples.");
        Assert.Empty(Heard(speech));
        // As loud as it comes, and on the line of A-law.
        Assert.Empty(Heard([.. speech.Select(sample => G711.DecodeA(G711.EncodeA(Level.Clip(2.0 * sample))))]));
    }

    [Theory]
    [InlineData("synth 60 pluck G2 pluck D3 pluck B3 pluck G4 remix - tremolo 6 40")]
    [InlineData("synth 60 sine 300-3400 gain -6")]
    [InlineData("synth 60 sawtooth 90-800 gain -9")]
    [InlineData("synth 60 square 100-950 gain -9")]
    [InlineData("synth 60 trapezium 60-1700 tremolo 5 70 gain -9")]
    [InlineData("synth 60 brownnoise gain -3 bandpass 900 900")]
    public async Task Music_and_noise_hold_no_key(string effects)
    {
        string[] arguments = ["-R", "-n", "-r", "8000", "-b", "16", "-c", "1", "-t", "wav", "-", .. effects.Split(' ')];
        var sound = Wav.Read(await DtmfPeers.SoxAsync(arguments, Cancel)).ToTelephone();

        Assert.True(sound.Length >= 59 * AudioBlock.Rate);
        Assert.Empty(Heard(sound));
    }

    private static List<HeardKey> Heard(short[] samples)
    {
        var detector = new DtmfDetector();
        List<HeardKey> heard = [];
        foreach (var block in samples.Chunk(AudioBlock.Length))
        {
            detector.Write(block);
            while (detector.TryRead(out var key)) heard.Add(key);
        }

        return heard;
    }
}
