using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Xunit;

namespace Tessera.Interop.Tests.Smpp;

/// <summary>A peer in a process of its own, which speaks in lines; ended by its owner.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    /// <summary>Milliseconds after which a test with a peer has failed: a message that is lost is never waited for in vain.</summary>
    public const int Patience = 60_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private PeerProcess(Process process) => _process = process;

    /// <summary>A script of the npm peer; the test is skipped by name where it is not installed.</summary>
    public static PeerProcess StartNpm(string script, params IEnumerable<string> arguments)
    {
        var folder = Path.Combine(Here(), "npm");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "smpp")) || !HasNode())
            Assert.Skip("install node and the npm package smpp: eng/install-peers");
        return Start("node", folder, [script, .. arguments]);
    }

    public static PeerProcess Start(string program, string folder, IEnumerable<string> arguments) =>
        new(Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        })!);

    /// <summary>The next line, which must be JSON and tell that event.</summary>
    public async Task<JsonElement> EventAsync(string name, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        var line = await _process.StandardOutput.ReadLineAsync(limit.Token);
        Assert.NotNull(line);
        var told = JsonElement.Parse(line);
        Assert.True(told.GetProperty("event").ValueEquals(name), $"{name} was awaited, this came: {line}");
        return told;
    }

    public async Task TellAsync(object order, CancellationToken cancel)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(order).AsMemory(), cancel);
        await _process.StandardInput.FlushAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private static bool HasNode() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(path => File.Exists(Path.Combine(path, "node")));

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
