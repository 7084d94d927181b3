using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Tessera.Testing;
using Xunit;

namespace Tessera.Interop.Tests.Phone;

/// <summary>
/// sipp with one scenario, at an address of the loopback that nobody else has, so that its ports are free.
/// </summary>
internal sealed class Sipp : IAsyncDisposable
{
    private const string Program = "/usr/bin/sipp";

    private readonly TempFolder _folder = new();
    private readonly Process _process;
    private readonly Task<string> _screens;
    private readonly Task<string> _complaints;

    private Sipp(IPAddress address, IEnumerable<string> arguments)
    {
        Address = new IPEndPoint(address, 5060);
        _process = Process.Start(new ProcessStartInfo(Program,
        [
            .. arguments, "-i", address.ToString(), "-mi", address.ToString(), "-p", "5060", "-nostdin",
            "-timeout", "40s", "-timeout_error", "-trace_err", "-error_file", _folder.File("errors"),
        ])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.Path,
        })!;
        _screens = _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        _complaints = _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address { get; }

    /// <summary>Plays a scenario of ours as the caller.</summary>
    /// <param name="transport">u1 or t1.</param>
    public static Sipp Call(IPEndPoint callee, string user, string scenario, string transport) =>
        Start([callee.ToString(), "-s", user, "-sf", Scenario(scenario), "-t", transport, "-m", "1"]);

    /// <summary>Plays the caller that it brings along, again and again.</summary>
    public static Sipp CallOften(IPEndPoint callee, int calls, int rate) => Start(
    [
        callee.ToString(), "-s", "ivr", "-sn", "uac", "-m", calls.ToString(CultureInfo.InvariantCulture),
        "-r", rate.ToString(CultureInfo.InvariantCulture),
    ]);

    /// <summary>Plays a scenario of ours, or one that it brings along, as who is called.</summary>
    public static Sipp Answer(string scenario) =>
        Start(scenario is "uas" ? ["-sn", "uas", "-m", "1"] : ["-sf", Scenario(scenario), "-m", "1"]);

    /// <summary>Awaits that its scenario went well to the end.</summary>
    public async Task SucceedAsync(CancellationToken cancel)
    {
        await _process.WaitForExitAsync(cancel);
        if (_process.ExitCode == 0) return;
        var errors = _folder.File("errors");
        var told = File.Exists(errors) ? await File.ReadAllTextAsync(errors, cancel) : await _screens;
        Assert.Fail($"sipp ended with {_process.ExitCode}: {told} {await _complaints}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _folder.Dispose();
    }

    private static Sipp Start(IEnumerable<string> arguments)
    {
        if (!File.Exists(Program)) Assert.Skip("install sip-tester");
        return new Sipp(Loopback.Next(), arguments);
    }

    private static string Scenario(string name) => Path.Combine(Here(), "scenarios", $"{name}.xml");

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}

/// <summary>Addresses of 127.0.0.0/8 that only one peer of one run has.</summary>
internal static class Loopback
{
    private static int _count;

    public static IPAddress Next()
    {
        var (run, count) = (Environment.ProcessId, Interlocked.Increment(ref _count));
        return new IPAddress([127, (byte)(1 + (run / 250 % 250)), (byte)(1 + (run % 250)), (byte)count]);
    }
}
