using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Tessera.Cli;
using Tessera.Smpp;

namespace Tessera.Bench;

/// <summary>
/// Real peers at the other end, in processes of their own; one that is not installed is left out.
/// </summary>
internal static class SmppPeers
{
    private const int Window = 1000;
    private const string Bearerbox = "/usr/sbin/bearerbox";
    private const string Smsbox = "/usr/sbin/smsbox";

    /// <summary>Our client and npm's <c>smpp</c> as SMSC.</summary>
    public static async Task NpmAsync(int count, int runs, CancellationToken cancel)
    {
        var folder = Path.Combine(Root(), "tests", "Tessera.Interop.Tests", "Smpp", "npm");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "smpp"))) return;

        using var peer = Start("node", folder, "smsc.js", "bench", "quiet");
        try
        {
            var told = await peer.StandardOutput.ReadLineAsync(cancel);
            var port = JsonElement.Parse(told!).GetProperty("port").GetInt32();
            await using var client = await SmppClient.ConnectAsync(
                new IPEndPoint(IPAddress.Loopback, port), SmppRate.Client(Window), cancel);
            List<SubmitRate> rates = [];
            for (var run = 0; run < runs; run++) rates.Add(await SubmitLoad.RunAsync(client, Window, count, cancel));
            SmppRate.Print($"our client, npm smpp, window {Window}", rates);
        }
        finally
        {
            peer.Kill();
        }
    }

    /// <summary>Kannel as ESME of our server: every message we deliver makes its smsbox submit one.</summary>
    public static async Task KannelAsync(int count, int runs, CancellationToken cancel)
    {
        if (!File.Exists(Bearerbox) || !File.Exists(Smsbox)) return;

        var bound = new TaskCompletionSource<SmppServerSession>();
        var submitted = 0;
        await using var listener = SmppListener.Listen(new IPEndPoint(IPAddress.Loopback, 0), SmppRate.Server with
        {
            Bound = session => bound.TrySetResult(session),
            Submit = (_, _, _) => new(new SubmitSmResp(CommandStatus.Ok, $"{Interlocked.Increment(ref submitted):x}")),
            Limits = new SessionLimits { Window = Window, Response = TimeSpan.FromMinutes(1) },
        });
        var folder = Directory.CreateTempSubdirectory("tessera-bench-").FullName;
        var configuration = Path.Combine(folder, "kannel.conf");
        var boxPort = FreePort();
        await File.WriteAllTextAsync(configuration, Configuration(listener.EndPoint.Port, boxPort, FreePort()), cancel);
        using var bearerbox = Start(Bearerbox, folder, "-v", "4", configuration);
        var smsbox = (Process?)null;
        try
        {
            var session = await bound.Task.WaitAsync(TimeSpan.FromSeconds(30), cancel);
            smsbox = Start(Smsbox, folder, "-v", "4", configuration);
            (await session.DeliverAsync(Message(0), cancel)).EnsureSuccess();
            await ReachesAsync(1);
            List<SubmitRate> rates = [];
            for (var run = 0; run < runs; run++)
            {
                var (begun, before) = (Stopwatch.GetTimestamp(), submitted);
                await Parallel.ForEachAsync(
                    Enumerable.Range(0, count),
                    new ParallelOptions { MaxDegreeOfParallelism = Window, CancellationToken = cancel },
                    async (i, token) => await session.DeliverAsync(Message(i), token));
                await ReachesAsync(before + count);
                rates.Add(new SubmitRate(count / Stopwatch.GetElapsedTime(begun).TotalSeconds, Window, 0, 0, 0));
            }

            SmppRate.Print("our server, Kannel submits, as many delivered", rates);
        }
        finally
        {
            smsbox?.Kill();
            smsbox?.Dispose();
            bearerbox.Kill();
            await bearerbox.WaitForExitAsync(CancellationToken.None);
            Directory.Delete(folder, recursive: true);
        }

        async Task ReachesAsync(int total)
        {
            while (Volatile.Read(ref submitted) < total) await Task.Delay(1, cancel);
        }
    }

    private static DeliverSm Message(int number) => new()
    {
        Source = SmppAddress.International($"33{number:D8}"),
        Destination = new SmppAddress(Ton.Abbreviated, Npi.Isdn, "77"),
        Text = new Wire.Bytes("Hello"u8.ToArray()),
    };

    private static string Configuration(int smsc, int boxPort, int adminPort) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        group = core
        admin-port = {adminPort}
        admin-interface = 127.0.0.1
        admin-password = none
        smsbox-port = {boxPort}
        smsbox-interface = 127.0.0.1
        box-allow-ip = 127.0.0.1
        dlr-storage = internal
        smsbox-max-pending = 1000

        group = smsc
        smsc = smpp
        smsc-id = tessera
        host = 127.0.0.1
        port = {smsc}
        transceiver-mode = true
        smsc-username = kannel
        smsc-password = pass
        system-type = ""
        interface-version = 34
        max-pending-submits = {Window}
        reconnect-delay = 1

        group = smsbox
        bearerbox-host = 127.0.0.1

        group = sms-service
        keyword = default
        text = "Hello"
        catch-all = true

        """);

    private static Process Start(string program, string folder, params IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        })!;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Root([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
}
