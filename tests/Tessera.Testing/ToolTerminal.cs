using System.Diagnostics;
using System.Text;
using Xunit;

namespace Tessera.Testing;

/// <summary>The tool at a pseudo terminal, which script(1) gives it.</summary>
public sealed class ToolTerminal : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _seen = new();
    private int _at;

    private ToolTerminal(Process process) => _process = process;

    /// <param name="arguments">Of the tool, as a shell takes them.</param>
    /// <param name="environment">Added to that of the test.</param>
    public static ToolTerminal Start(string arguments, params ReadOnlySpan<KeyValuePair<string, string>> environment)
    {
        var tool = Path.Combine(AppContext.BaseDirectory, "tessera.dll");
        var command = $"dotnet exec '{tool}' {arguments}";
        var start = Dotnet.Brief(new ProcessStartInfo("script", ["--quiet", "--return", "--command", command, "/dev/null"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        });
        start.Environment["TERM"] = "xterm";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new ToolTerminal(Process.Start(start)!);
    }

    /// <summary>Until that is on the screen, behind what was seen before.</summary>
    public async Task SeesAsync(string text, CancellationToken cancel)
    {
        using var limit = Limited(cancel);
        var buffer = new char[1024];
        int place;
        while ((place = _seen.ToString().IndexOf(text, _at, StringComparison.Ordinal)) < 0)
        {
            var count = await ReadAsync(buffer, limit.Token, cancel);
            if (count == 0) Assert.Fail($"The tool ended or fell silent; '{text}' is not in: {_seen}");
            _seen.Append(buffer, 0, count);
        }

        _at = place + text.Length;
    }

    public async Task TypesAsync(string keys, CancellationToken cancel)
    {
        await _process.StandardInput.WriteAsync(keys.AsMemory(), cancel);
        await _process.StandardInput.FlushAsync(cancel);
    }

    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync(CancellationToken cancel)
    {
        using var limit = Limited(cancel);
        _seen.Append(await _process.StandardOutput.ReadToEndAsync(limit.Token));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    /// <summary>0 at the end of it all, or when it is too late.</summary>
    private async Task<int> ReadAsync(char[] buffer, CancellationToken late, CancellationToken cancel)
    {
        try
        {
            return await _process.StandardOutput.ReadAsync(buffer, late);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return 0;
        }
    }

    private static CancellationTokenSource Limited(CancellationToken cancel)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        return limit;
    }
}
