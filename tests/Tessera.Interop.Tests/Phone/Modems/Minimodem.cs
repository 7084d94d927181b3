using System.Globalization;
using Tessera.Phone.Modems.Fsk;
using Tessera.Phone.Sound;

namespace Tessera.Interop.Tests.Phone.Modems;

/// <summary>Debian's minimodem: asynchronous characters of 8 bits.</summary>
internal sealed class Minimodem : IDisposable
{
    private const string Program = "/usr/bin/minimodem";

    /// <summary>Of full scale: -13 dBm0.</summary>
    private const string Volume = "0.156";

    private readonly string _folder = Directory.CreateTempSubdirectory("tessera-minimodem-").FullName;

    public static bool IsInstalled => File.Exists(Program);

    /// <summary>The sound it makes; at 48000 samples a second, because it rounds a bit to whole samples.</summary>
    public async Task<short[]> SendAsync(FskChannel channel, byte[] octets, CancellationToken cancel)
    {
        var path = Path.Combine(_folder, "sent.wav");
        await PeerTool.RunAsync(Program, ["--tx", "-v", Volume, "-f", path, .. Options(channel)], octets, cancel);
        // Silence around it, as a call has it.
        return [.. new short[1600], .. await Wav.LoadAsync(path, cancel), .. new short[4000]];
    }

    public async Task<byte[]> ReceiveAsync(FskChannel channel, short[] sound, CancellationToken cancel)
    {
        var path = Path.Combine(_folder, "heard.wav");
        await Wav.SaveAsync(path, sound, cancel);
        return await PeerTool.RunAsync(Program, ["--rx", "-q", "-f", path, .. Options(channel)], default, cancel);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string[] Options(FskChannel channel) =>
    [
        "-M", Text(channel.Mark), "-S", Text(channel.Space), "-b", channel.Rate < 600 ? "20" : "100", Text(channel.Rate),
    ];

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
