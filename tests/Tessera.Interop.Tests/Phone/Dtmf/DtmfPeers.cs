using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tessera.Testing;
using Xunit;

namespace Tessera.Interop.Tests.Phone.Dtmf;

/// <summary>Programs that make and hear keys and speech; a test is skipped by the name of the package that is missing.</summary>
internal static class DtmfPeers
{
    private const string Bin = "/usr/bin";
    private const string SpandspHeader = "spandsp.h";

    private static readonly Lazy<Task<Harness>> Spandsp = new(CompileAsync);

    /// <summary>The repository, whose documents are read aloud.</summary>
    public static string Root => Path.GetFullPath(Path.Combine(Here(), "..", "..", "..", ".."));

    /// <summary>What multimon-ng hears, key by key.</summary>
    public static async Task<string> MultimonAsync(string wav, CancellationToken cancel)
    {
        Needs("multimon-ng");
        string[] raw = [wav, "-t", "raw", "-r", "22050", "-e", "signed", "-b", "16", "-c", "1", "-"];
        var samples = await SoxAsync(raw, cancel);
        var heard = await RunAsync($"{Bin}/multimon-ng", ["-q", "-a", "DTMF", "-t", "raw", "-"], samples, cancel);
        return string.Concat(Text(heard).Split('\n').Where(line => line.StartsWith("DTMF: ", StringComparison.Ordinal))
            .Select(line => line.Trim()[^1]));
    }

    /// <summary>Runs sox, and takes what it writes to its standard output.</summary>
    public static Task<byte[]> SoxAsync(IEnumerable<string> arguments, CancellationToken cancel)
    {
        Needs("sox");
        return RunAsync($"{Bin}/sox", ["-V1", .. arguments], [], cancel);
    }

    /// <summary>A text read aloud, as a WAV file.</summary>
    public static Task<byte[]> EspeakAsync(
        string text, string voice, int pitch, int speed, CancellationToken cancel)
    {
        Needs("espeak-ng");
        string[] arguments = ["-v", voice, "-p", $"{pitch}", "-s", $"{speed}", "--stdin", "--stdout"];
        return RunAsync($"{Bin}/espeak-ng", arguments, System.Text.Encoding.UTF8.GetBytes(text), cancel);
    }

    /// <summary>Keys as spandsp makes them.</summary>
    public static async Task<short[]> SpandspSendsAsync(
        string keys, int on, int off, int level, int twist, CancellationToken cancel) =>
        MemoryMarshal.Cast<byte, short>(await SpandspAsync(
            ["send", keys, $"{on}", $"{off}", $"{level}", $"{twist}"], [], cancel)).ToArray();

    /// <summary>What spandsp hears.</summary>
    public static async Task<string> SpandspHearsAsync(ReadOnlyMemory<short> samples, CancellationToken cancel) =>
        Text(await SpandspAsync(["receive"], MemoryMarshal.AsBytes(samples.Span).ToArray(), cancel));

    private static async Task<byte[]> SpandspAsync(
        IEnumerable<string> arguments, byte[] input, CancellationToken cancel)
    {
        Needs("gcc");
        if (!HasSpandsp()) Assert.Skip("install libspandsp-dev");
        return await RunAsync((await Spandsp.Value).Program, arguments, input, cancel);
    }

    private static async Task<Harness> CompileAsync()
    {
        var harness = new Harness();
        string[] arguments =
            ["-O2", "-o", harness.Program, Path.Combine(Here(), "spandsp-dtmf.c"), "-lspandsp", "-ltiff", "-lm"];
        await RunAsync($"{Bin}/gcc", arguments, [], CancellationToken.None);
        return harness;
    }

    private static async Task<byte[]> RunAsync(
        string program, IEnumerable<string> arguments, byte[] input, CancellationToken cancel)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        try
        {
            using var output = new MemoryStream();
            var reading = process.StandardOutput.BaseStream.CopyToAsync(output, cancel);
            await process.StandardInput.BaseStream.WriteAsync(input, cancel);
            process.StandardInput.Close();
            await reading;
            await process.WaitForExitAsync(cancel);
            Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}.");
            return output.ToArray();
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    /// <summary>Debian puts headers under /usr/include, or under a folder there for the architecture.</summary>
    private static bool HasSpandsp() => Directory.EnumerateDirectories("/usr/include", "*-linux-gnu")
        .Append("/usr/include").Any(folder => File.Exists(Path.Combine(folder, SpandspHeader)));

    private static void Needs(string package)
    {
        if (!File.Exists($"{Bin}/{package}")) Assert.Skip($"install {package}");
    }

    private static string Text(byte[] octets) => System.Text.Encoding.ASCII.GetString(octets);

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    /// <summary>The program around spandsp, in a folder that is gone when the tests are.</summary>
    private sealed class Harness : IDisposable
    {
        private readonly TempFolder _folder = new();

        public Harness() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();

        public string Program => _folder.File("spandsp-dtmf");

        public void Dispose() => _folder.Dispose();
    }
}
