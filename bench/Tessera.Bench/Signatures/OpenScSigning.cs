using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Tessera.Cards.Piv;
using Tessera.Cards.Traces;
using Tessera.Testing;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Os;
using Tessera.VirtualCard.Vpcd;

namespace Tessera.Bench.Signatures;

/// <summary>
/// The card at the end of the same road, its reader at this one: pcscd with a virtual reader of its own, and OpenSC,
/// which signs as with any PIV card; every APDU travels.
/// </summary>
internal sealed class OpenScSigning : IAsyncDisposable
{
    private const string Daemon = "/usr/sbin/pcscd";
    private const string Driver = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
    private const string Program = "/usr/bin/pkcs11-tool";

    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);

    private readonly TempFolder _folder = new();
    private readonly CancellationTokenSource _pull = new();
    private readonly string[] _arguments;
    private readonly Process _service;
    private readonly DelayingRelay _road;
    private readonly Task _card;
    private int _exchanges;

    private OpenScSigning(string module, CardOs card, PivAlgorithm algorithm)
    {
        _arguments =
        [
            "--module", module, "--login", "--pin", DemonstrationKeys.Pin, "--sign", "--id", "02", "--mechanism",
            algorithm == PivAlgorithm.Rsa2048 ? "SHA256-RSA-PKCS" : "ECDSA-SHA256", "--input-file", "message",
            "--output-file", "signature",
        ];
        File.WriteAllText(_folder.File("message"), "Order 4711\nTwo tons of coal for Ada, 480.00");
        var port = FreePorts();
        File.WriteAllText(_folder.File("reader.conf"), Configuration(port));
        _service = Process.Start(new ProcessStartInfo(
            "unshare", ["-m", "sh", "-c", Script, _folder.Path, _folder.File("reader.conf")])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        _service.ErrorDataReceived += (_, _) => { };
        _service.BeginErrorReadLine();
        _road = new DelayingRelay(new IPEndPoint(IPAddress.Loopback, port));
        _card = VpcdCard.RunAsync(
            _road.EndPoint, card,
            new VpcdCardOptions
            {
                Reconnects = true,
                RetryDelay = TimeSpan.FromMilliseconds(200),
                Trace = new CardTrace(Count, TimeProvider.System),
            },
            _pull.Token);
    }

    /// <summary>APDUs that reached the card.</summary>
    public int Exchanges => Volatile.Read(ref _exchanges);

    /// <summary>What has to be installed; null where all is there.</summary>
    public static string? Missing =>
        !File.Exists(Daemon) || !File.Exists(Driver) ? "install pcscd and vsmartcard-vpcd"
        : !File.Exists(Program) || Module is null ? "install opensc and opensc-pkcs11"
        : !Environment.IsPrivilegedProcess ? "run as root: pcscd gets a /run of its own"
        : null;

    /// <summary>In the folder of the machine's kind.</summary>
    private static string? Module => Directory.EnumerateDirectories("/usr/lib")
        .Select(folder => Path.Combine(folder, "opensc-pkcs11.so"))
        .FirstOrDefault(File.Exists);

    /// <summary>Returns when it has signed once.</summary>
    /// <param name="card">Stays the caller's.</param>
    public static async Task<OpenScSigning> OpenAsync(CardOs card, PivAlgorithm algorithm, CancellationToken cancel)
    {
        var signing = new OpenScSigning(Module!, card, algorithm);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(StartTime);
        while (await signing.TryAsync(limit.Token) is not null) await Task.Delay(200, limit.Token);
        return signing;
    }

    /// <summary>Signs once over a road of that length, from the start of the program to its end.</summary>
    /// <exception cref="InvalidOperationException">It did not sign.</exception>
    public async Task<TimeSpan> SignAsync(TimeSpan delay, CancellationToken cancel)
    {
        _road.Delay = delay;
        var begun = TimeProvider.System.GetTimestamp();
        if (await TryAsync(cancel) is { } said) throw new InvalidOperationException($"pkcs11-tool: {said}");
        return TimeProvider.System.GetElapsedTime(begun);
    }

    public async ValueTask DisposeAsync()
    {
        _road.Delay = TimeSpan.Zero;
        await _pull.CancelAsync();
        await _card.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_service.HasExited) _service.Kill(entireProcessTree: true);
        await _service.WaitForExitAsync(CancellationToken.None);
        _service.Dispose();
        await _road.DisposeAsync();
        _pull.Dispose();
        _folder.Dispose();
    }

    private const string Script =
        """
        mount -t tmpfs none /run && mkdir /run/pcscd && mount --bind "$0" /run/pcscd &&
            exec /usr/sbin/pcscd --foreground --config "$1" >/dev/null
        """;

    private static string Configuration(int port) =>
        $"""
        FRIENDLYNAME "Virtual PCD"
        DEVICENAME   /dev/null:0x{port:X4}
        LIBPATH      {Driver}
        CHANNELID    0x{port:X4}

        """;

    private void Count(TraceEntry entry)
    {
        if (entry is TracedExchange) Interlocked.Increment(ref _exchanges);
    }

    /// <returns>What it said where it did not sign; null where it did.</returns>
    private async Task<string?> TryAsync(CancellationToken cancel)
    {
        using var process = Process.Start(new ProcessStartInfo(Program, _arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.Path,
            Environment = { ["PCSCLITE_CSOCK_NAME"] = _folder.File("pcscd.comm") },
        })!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancel);
            var errors = process.StandardError.ReadToEndAsync(cancel);
            var said = await output + await errors;
            await process.WaitForExitAsync(cancel);
            return process.ExitCode == 0 ? null : said;
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    /// <summary>The driver listens on two neighbours, one for each of its slots.</summary>
    private static int FreePorts()
    {
        for (var port = 20_000; port < 30_000; port += 2)
        {
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
}
