using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tessera.Phone.Sound;
using Tessera.Phone.Speech;
using Tessera.Phone.Tones;

namespace Tessera.Bench;

/// <summary>An hour and more of speech in which there is no key: what ours and spandsp take for one.</summary>
internal static class TalkOff
{
    private static readonly int[] Speeds = [110, 150, 190];

    public static async Task RunAsync(CancellationToken cancel)
    {
        var espeak = Espeak.Find() ?? throw new InvalidOperationException("Install espeak-ng.");
        using var spandsp = await SpandspPeer.CompileAsync(cancel);
        var (time, ours, theirs) = (TimeSpan.Zero, 0, 0);
        foreach (var text in Texts())
        {
            var language = SpokenLanguage.All[text.Length % SpokenLanguage.All.Count];
            var speed = Speeds[text.Length % Speeds.Length];
            var speech = await (espeak with { Speed = speed }).SpeakAsync(text, language, cancel);
            time += AudioBlock.TimeOf(speech.Length);
            ours += Heard(speech);
            var octets = MemoryMarshal.AsBytes<short>(speech).ToArray();
            theirs += (await spandsp.RunAsync(octets, cancel, "receive")).Length;
        }

        Console.WriteLine($"{time.TotalMinutes:F0} minutes of speech: {ours} false keys, spandsp {theirs}");
    }

    /// <summary>The documents of the project, in pieces; what is written there is as good as any other text.</summary>
    private static IEnumerable<string> Texts([CallerFilePath] string path = "")
    {
        var docs = Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "docs");
        return Directory.EnumerateFiles(docs, "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .SelectMany(file => File.ReadAllText(file).Chunk(Espeak.MaxText)).Select(piece => new string(piece));
    }

    private static int Heard(short[] speech)
    {
        var detector = new DtmfDetector();
        detector.Write(speech);
        var count = 0;
        while (detector.TryRead(out _)) count++;
        return count;
    }
}
