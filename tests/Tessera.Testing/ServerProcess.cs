using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using Xunit;

namespace Tessera.Testing;

/// <summary>The real server in a process of its own, on free ports and a data folder that the owner names.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private const string Ready = "Tessera is ready: ";

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ServerProcess(Process process) => _process = process;

    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>From start of the process to the line that tells the address.</summary>
    public TimeSpan StartTime { get; private set; }

    /// <summary>Everything it printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    public static async Task<ServerProcess> StartAsync(
        string data, CancellationToken cancel, params IEnumerable<string> arguments)
    {
        var start = Dotnet.Exec(Path(), ["--data", data, "--port", "0", "--link-port", "0", .. arguments]);
        start.WorkingDirectory = data;

        var clock = Stopwatch.GetTimestamp();
        var server = new ServerProcess(Process.Start(start)!);
        var ready = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        server._process.OutputDataReceived += (_, line) => server.Take(line.Data, ready);
        server._process.ErrorDataReceived += (_, line) => server.Take(line.Data, ready);
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        _ = server._process.WaitForExitAsync(cancel).ContinueWith(
            _ => ready.TrySetException(new InvalidOperationException($"The server ended: {server.Output}")),
            CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return await server.OrEndAsync(async () =>
        {
            server.Address = await ready.Task.WaitAsync(TimeSpan.FromSeconds(60), cancel);
            server.StartTime = Stopwatch.GetElapsedTime(clock);
        });
    }

    /// <summary>Where it takes links of terminals by TLS, as it says in its log.</summary>
    public async Task<Uri> StreamAsync(CancellationToken cancel)
    {
        const string mark = "tls://";
        var output = await Eventually.SeeAsync(
            () => Task.FromResult(Output), text => text.Contains(mark, StringComparison.Ordinal), cancel);
        return new Uri(output[output.IndexOf(mark, StringComparison.Ordinal)..].Split('\n')[0].Trim());
    }

    /// <summary>Ends it at once, as a power cut would.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Take(string? line, TaskCompletionSource<Uri> ready)
    {
        if (line is null) return;
        lock (_output) _output.AppendLine(line);
        var at = line.IndexOf(Ready, StringComparison.Ordinal);
        if (at >= 0) ready.TrySetResult(new Uri(line[(at + Ready.Length)..].Trim()));
    }

    /// <summary>The server as the build put it, of the same configuration as this library.</summary>
    private static string Path([CallerFilePath] string here = "")
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var (framework, configuration) = (output.Name, output.Parent!.Name);
        var root = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(here)!, "..", "..");
        var path = System.IO.Path.GetFullPath(
            System.IO.Path.Combine(root, "src", "Tessera.Server", "bin", configuration, framework, "Tessera.Server.dll"));
        Assert.True(File.Exists(path), $"{path} is not built");
        return path;
    }
}
