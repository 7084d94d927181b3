using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Tessera.Cards.Pcsc;
using Tessera.Testing;
using Xunit;

namespace Tessera.Interop.Tests.Pcsc;

/// <summary>
/// A pcscd of our own with virtual readers of vsmartcard, seen by nobody else: its own /run, its own ports.
/// </summary>
/// <remarks>
/// libpcsclite looks for the service once per process, so there is one path for all tests of the process.
/// </remarks>
public sealed partial class PrivatePcscd : IAsyncLifetime
{
    public const string Reader = "Virtual PCD 00 00";

    private const string Daemon = "/usr/sbin/pcscd";
    private const string Driver = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
    private const string Missing = "install pcscd and vsmartcard-vpcd, and run as root";
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(20);

    private readonly TempFolder _folder = new();
    private Process? _process;
    private (string Driver, string Keys)? _keypad;

    public IPEndPoint EndPoint { get; private set; } = null!;

    /// <summary>What a program needs in its environment to speak to this service.</summary>
    public KeyValuePair<string, string> Address => new("PCSCLITE_CSOCK_NAME", _folder.File("pcscd.comm"));

    public ValueTask InitializeAsync()
    {
        _ = SetEnvironment(Address.Key, Address.Value, overwrite: 1);
        return ValueTask.CompletedTask;
    }

    /// <summary>Starts the service if it does not run; skips the test by name where it cannot.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        if (_process is { HasExited: false }) return;
        if (!File.Exists(Driver) || !File.Exists(Daemon) || !Environment.IsPrivilegedProcess) Assert.Skip(Missing);

        EndPoint = new IPEndPoint(IPAddress.Loopback, FreePorts());
        var configuration = _folder.File("reader.conf");
        await File.WriteAllTextAsync(configuration, Configuration(EndPoint.Port, _keypad?.Driver ?? Driver), cancel);
        var start = new ProcessStartInfo("unshare", ["-m", "sh", "-c", Script, _folder.Path, configuration]);
        if (_keypad is { } keypad)
        {
            start.Environment["TESSERA_KEYPAD_DRIVER"] = Driver;
            start.Environment["TESSERA_KEYPAD_FILE"] = keypad.Keys;
        }

        _process = Process.Start(start);
        await ReadyAsync(cancel);
    }

    /// <summary>Leaves the service all that is asked of it, unread, until it is stopped.</summary>
    public async Task FreezeAsync(CancellationToken cancel)
    {
        using var stop = Process.Start("kill", ["-STOP", $"{_process!.Id}"]);
        await stop.WaitForExitAsync(cancel);
    }

    /// <summary>Ends the service as a crash would.</summary>
    public async Task StopAsync()
    {
        if (_process is null) return;
        _keypad = null;
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _process = null;
    }

    /// <summary>
    /// A service that has seen no card yet: one that runs takes up to half a second to see that a card was pulled.
    /// </summary>
    public async Task RestartAsync(CancellationToken cancel)
    {
        await StopAsync();
        await StartAsync(cancel);
    }

    /// <summary>Runs the tool, which speaks to this service, to its end.</summary>
    /// <param name="input">All that it finds on standard input.</param>
    public Task<ToolRun> ToolAsync(string input, CancellationToken cancel, params string[] arguments) =>
        ToolProcess.RunAsync(arguments, cancel, input, Address);

    /// <summary>The virtual reader of a fresh service: no card of an earlier test is in it.</summary>
    /// <param name="keypad">
    /// The driver of a keypad before the virtual reader, and the file of what its holder types; null for none.
    /// </param>
    public async Task<PcscReader> OpenAsync(
        PcscOptions? options, CancellationToken cancel, (string Driver, string Keys)? keypad = null)
    {
        await StopAsync();
        _keypad = keypad;
        await StartAsync(cancel);
        await using var context = await PcscContext.EstablishAsync(cancel);
        return await context.OpenAsync(Reader, options, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    private const string Script =
        """
        mount -t tmpfs none /run && mkdir /run/pcscd && mount --bind "$0" /run/pcscd &&
            exec /usr/sbin/pcscd --foreground --config "$1" >/dev/null
        """;

    /// <summary>Ready is when it lists the readers: a connection is the one sign of it that pcscd gives.</summary>
    private async Task ReadyAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(StartTime);
        while (!await IsReadyAsync(limit.Token))
        {
            Assert.False(_process!.HasExited, "pcscd did not start");
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        }
    }

    private static async Task<bool> IsReadyAsync(CancellationToken cancel)
    {
        try
        {
            await using var context = await PcscContext.EstablishAsync(cancel);
            return (await context.ListReadersAsync(cancel)).Contains(Reader, StringComparer.Ordinal);
        }
        catch (PcscException absent) when (absent.Status == PcscStatus.NoService)
        {
            return false;
        }
    }

    private static string Configuration(int port, string driver) =>
        $"""
        FRIENDLYNAME "Virtual PCD"
        DEVICENAME   /dev/null:0x{port:X4}
        LIBPATH      {driver}
        CHANNELID    0x{port:X4}

        """;

    /// <summary>The driver listens on two neighbours, one for each of its slots.</summary>
    private static int FreePorts()
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var port = Random.Shared.Next(20_000, 30_000);
            using var first = new TcpListener(IPAddress.Any, port);
            using var second = new TcpListener(IPAddress.Any, port + 1);
            try
            {
                first.Start();
                second.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: try others.
            }
        }

        throw new InvalidOperationException("No two neighbouring ports are free.");
    }

    /// <summary>.NET keeps an environment of its own; libpcsclite reads that of C.</summary>
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}

/// <summary>Tests with a PC/SC service run one after the other: it has one virtual reader.</summary>
[CollectionDefinition(Name)]
public sealed class PcscdAlone : ICollectionFixture<PrivatePcscd>
{
    public const string Name = "pcscd";
}
