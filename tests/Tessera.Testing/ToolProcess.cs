using System.Diagnostics;
using System.Text;
using Xunit;

namespace Tessera.Testing;

/// <summary>What the tool did: its exit code and all that it printed.</summary>
public sealed record ToolRun(int ExitCode, string Output, string Error)
{
    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>The real <c>tessera</c> tool in a process of its own, as the build put it beside the tests.</summary>
public sealed class ToolProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Task<string> _error;

    private ToolProcess(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <param name="environment">Added to that of the test.</param>
    public static ToolProcess Start(
        IEnumerable<string> arguments, params ReadOnlySpan<KeyValuePair<string, string>> environment)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "tessera.dll");
        Assert.True(File.Exists(path), $"{path} is not built");
        var start = Dotnet.Exec(path, arguments);
        start.RedirectStandardInput = true;
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new ToolProcess(Process.Start(start)!);
    }

    /// <summary>Runs the tool to its end.</summary>
    /// <param name="input">All that it finds on standard input.</param>
    public static async Task<ToolRun> RunAsync(
        IEnumerable<string> arguments, CancellationToken cancel, string input = "",
        KeyValuePair<string, string> environment = default)
    {
        await using var tool = environment.Key is null ? Start(arguments) : Start(arguments, environment);
        await tool._process.StandardInput.WriteAsync(input.AsMemory(), cancel);
        tool._process.StandardInput.Close();
        return await tool.EndAsync(cancel);
    }

    /// <summary>The next line it prints.</summary>
    public async Task<string> LineAsync(CancellationToken cancel)
    {
        using var limit = Limited(cancel);
        var line = await _process.StandardOutput.ReadLineAsync(limit.Token);
        if (line is null) Assert.Fail($"The tool ended: {await _error}");
        _output.AppendLine(line);
        return line;
    }

    /// <summary>Types a line on its standard input.</summary>
    public async Task TypeAsync(string line, CancellationToken cancel)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancel);
        await _process.StandardInput.FlushAsync(cancel);
    }

    /// <summary>Sends a signal such as <c>INT</c>, which is Ctrl+C, and awaits the end.</summary>
    public async Task<ToolRun> SignalAsync(string signal, CancellationToken cancel)
    {
        using var kill = Process.Start("sh", ["-c", $"kill -{signal} {_process.Id}"]);
        await kill.WaitForExitAsync(cancel);
        return await EndAsync(cancel);
    }

    /// <summary>Awaits the end.</summary>
    public async Task<ToolRun> EndAsync(CancellationToken cancel)
    {
        using var limit = Limited(cancel);
        _output.Append(await _process.StandardOutput.ReadToEndAsync(limit.Token));
        await _process.WaitForExitAsync(limit.Token);
        return new ToolRun(_process.ExitCode, _output.ToString(), await _error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private static CancellationTokenSource Limited(CancellationToken cancel)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        return limit;
    }
}
