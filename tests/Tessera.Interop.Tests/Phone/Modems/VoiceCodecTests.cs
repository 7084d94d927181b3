using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Tessera.Phone.Modems;
using Tessera.Phone.Modems.ToneMode;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Interop.Tests.Phone.Modems;

/// <summary>Tones through the voice codecs of mobile networks, as sox has them.</summary>
public class VoiceCodecTests
{
    private const string Sox = "/usr/bin/sox";
    private const int Frames = 10;

    /// <summary>AMR in its modes 7 (12.2 kbit/s), 5 (7.95), 4 (7.4), 2 (5.9) and 0 (4.75), and GSM full rate.</summary>
    [Theory]
    [InlineData("amr-nb", 7)]
    [InlineData("amr-nb", 5)]
    [InlineData("amr-nb", 4)]
    [InlineData("amr-nb", 2)]
    [InlineData("amr-nb", 0)]
    [InlineData("gsm", null)]
    public async Task Every_frame_arrives_through_a_voice_codec(string codec, int? mode)
    {
        if (!File.Exists(Sox)) Assert.Skip("install sox");
        var random = new Random(1);
        var sender = new ToneSender();
        List<Bytes> sent = [];
        List<short> sound = [];
        for (var i = 0; i < Frames; i++)
        {
            var frame = new byte[random.Next(10, 40)];
            random.NextBytes(frame);
            sent.Add(new Bytes(frame));
            sender.Send(sent[^1]);
            var samples = new short[ToneSender.SamplesOf(frame.Length) + random.Next(1, 800)];
            sender.Read(samples);
            sound.AddRange(samples);
        }

        var heard = await ThroughAsync(codec, mode, [.. sound, .. new short[800]]);
        var receiver = new ToneReceiver();
        receiver.Write(heard);
        List<Bytes> arrived = [];
        while (receiver.TryRead(out ModemFrame frame)) arrived.Add(frame.Payload);
        Assert.Equal(sent, arrived);
    }

    private static async Task<short[]> ThroughAsync(string codec, int? mode, short[] sound)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var folder = new TempFolder();
        var (before, after) = (folder.File("before.raw"), folder.File("after.raw"));
        var coded = folder.File($"coded.{codec}");
        await File.WriteAllBytesAsync(before, MemoryMarshal.AsBytes(sound.AsSpan()).ToArray(), cancel);
        string[] raw = ["-t", "raw", "-r", "8000", "-e", "signed", "-b", "16", "-c", "1"];
        string[] rate = mode is null ? [] : ["-C", mode.Value.ToString(CultureInfo.InvariantCulture)];
        await RunAsync([.. raw, before, .. rate, coded], cancel);
        await RunAsync([coded, .. raw, after], cancel);
        return MemoryMarshal.Cast<byte, short>(await File.ReadAllBytesAsync(after, cancel)).ToArray();
    }

    private static async Task RunAsync(IEnumerable<string> arguments, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(Sox, arguments) { UseShellExecute = false, RedirectStandardError = true };
        using var sox = Process.Start(start)!;
        var error = await sox.StandardError.ReadToEndAsync(cancel);
        await sox.WaitForExitAsync(cancel);
        Assert.True(sox.ExitCode == 0, $"sox ended with {sox.ExitCode}: {error}");
    }
}
