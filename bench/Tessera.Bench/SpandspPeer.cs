using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Tessera.Bench;

/// <summary>DTMF by spandsp: the small program of the interoperability tests, compiled here.</summary>
internal sealed class SpandspPeer : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tessera-");

    private string Program => Path.Combine(_folder.FullName, "spandsp-dtmf");

    public static async Task<SpandspPeer> CompileAsync(CancellationToken cancel)
    {
        var peer = new SpandspPeer();
        var source = Path.Combine(
            Here(), "..", "..", "tests", "Tessera.Interop.Tests", "Phone", "Dtmf", "spandsp-dtmf.c");
        await RunAsync("gcc", [], ["-O2", "-o", peer.Program, source, "-lspandsp", "-ltiff", "-lm"], cancel);
        return peer;
    }

    /// <summary>Runs it over raw samples, and takes what it prints.</summary>
    public Task<string> RunAsync(byte[] samples, CancellationToken cancel, params string[] arguments) =>
        RunAsync(Program, samples, arguments, cancel);

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<string> RunAsync(
        string program, byte[] input, string[] arguments, CancellationToken cancel)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        await process.StandardInput.BaseStream.WriteAsync(input, cancel);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancel);
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
