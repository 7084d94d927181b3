using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Tessera.Phone.Modems.Fsk;
using Tessera.Wire;

namespace Tessera.Interop.Tests.Phone.Modems;

/// <summary>spandsp's FSK modems with its HDLC, in a small program of C that is compiled here.</summary>
internal sealed class Spandsp : IDisposable
{
    private static readonly FskChannel[] Presets =
    [
        FskChannel.V21Caller, FskChannel.V21Answerer, FskChannel.V23Forward, FskChannel.V23Backward,
    ];

    private const int Bell202Preset = 6;

    private readonly string _folder = Directory.CreateTempSubdirectory("tessera-spandsp-").FullName;

    public static bool IsInstalled => Directory.Exists("/usr/include/spandsp") && File.Exists("/usr/bin/gcc");

    private string Program => Path.Combine(_folder, "spandsp_fsk");

    public static async Task<Spandsp> BuildAsync(CancellationToken cancel)
    {
        var spandsp = new Spandsp();
        var source = Path.Combine(Path.GetDirectoryName(Here())!, "spandsp_fsk.c");
        string[] arguments = ["-O2", "-o", spandsp.Program, source, "-lspandsp", "-ltiff", "-lm"];
        await PeerTool.RunAsync("/usr/bin/gcc", arguments, default, cancel);
        return spandsp;
    }

    public async Task<short[]> SendAsync(FskChannel channel, IEnumerable<Bytes> frames, CancellationToken cancel)
    {
        var input = new List<byte>();
        foreach (var frame in frames)
        {
            input.AddRange([(byte)frame.Length, (byte)(frame.Length >> 8)]);
            input.AddRange(frame.Span);
        }

        await File.WriteAllBytesAsync(InFolder("frames"), [.. input], cancel);
        await RunAsync("send", channel, "frames", cancel, "sound");
        var sound = await File.ReadAllBytesAsync(InFolder("sound"), cancel);
        return [.. new short[1600], .. MemoryMarshal.Cast<byte, short>(sound), .. new short[4000]];
    }

    public async Task<List<Bytes>> ReceiveAsync(FskChannel channel, short[] sound, CancellationToken cancel)
    {
        await SaveAsync(sound, cancel);
        await RunAsync("receive", channel, "sound", cancel, "heard");
        var heard = await File.ReadAllBytesAsync(InFolder("heard"), cancel);
        var frames = new List<Bytes>();
        for (var at = 0; at < heard.Length;)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(heard.AsSpan(at));
            frames.Add(Bytes.CopyOf(heard.AsSpan(at + 2, length)));
            at += 2 + length;
        }

        return frames;
    }

    /// <summary>Seconds of processor time to make as much sound, and to hear this one.</summary>
    public async Task<(double Sending, double Receiving)> RateAsync(
        FskChannel channel, short[] sound, CancellationToken cancel)
    {
        await SaveAsync(sound, cancel);
        var figures = Encoding.ASCII.GetString(await RunAsync("rate", channel, "sound", cancel)).Split(' ');
        double[] seconds = [.. figures.Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))];
        return (seconds[0], seconds[1]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task SaveAsync(short[] sound, CancellationToken cancel) =>
        File.WriteAllBytesAsync(InFolder("sound"), MemoryMarshal.AsBytes(sound.AsSpan()).ToArray(), cancel);

    private Task<byte[]> RunAsync(
        string verb, FskChannel channel, string input, CancellationToken cancel, string? output = null)
    {
        var preset = channel == FskChannel.Bell202 ? Bell202Preset : Array.IndexOf(Presets, channel);
        string[] arguments = [verb, preset.ToString(CultureInfo.InvariantCulture), InFolder(input)];
        return PeerTool.RunAsync(Program, output is null ? arguments : [.. arguments, InFolder(output)], default, cancel);
    }

    private string InFolder(string name) => Path.Combine(_folder, name);

    private static string Here([CallerFilePath] string path = "") => path;
}
