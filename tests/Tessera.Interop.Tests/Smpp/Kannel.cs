using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Tessera.Testing;
using Xunit;

namespace Tessera.Interop.Tests.Smpp;

/// <summary>Kannel as ESME: its bearerbox and smsbox on free ports, with files in a folder of their own.</summary>
internal sealed class Kannel : IAsyncDisposable
{
    public const string SystemId = "kannel";
    public const string Password = "pass";

    private const string Bearerbox = "/usr/sbin/bearerbox";
    private const string Smsbox = "/usr/sbin/smsbox";

    private readonly TempFolder _folder = new();
    private readonly HttpListener _heard = new();
    private readonly Channel<IReadOnlyDictionary<string, string>> _visits =
        Channel.CreateUnbounded<IReadOnlyDictionary<string, string>>();

    private readonly HttpClient _http = new();
    private readonly List<PeerProcess> _boxes = [];
    private readonly int _sendPort;
    private readonly Task _listening;

    private Kannel(int sendPort, int heardPort)
    {
        _sendPort = sendPort;
        Heard = $"http://127.0.0.1:{heardPort}/";
        _heard.Prefixes.Add(Heard);
        _heard.Start();
        _listening = ListenAsync();
    }

    /// <summary>Where Kannel calls when it hears something.</summary>
    public string Heard { get; }

    /// <summary>Starts both boxes; the test is skipped by name where they are not installed.</summary>
    public static async Task<Kannel> StartAsync(IPEndPoint smsc, CancellationToken cancel)
    {
        if (!File.Exists(Bearerbox) || !File.Exists(Smsbox)) Assert.Skip("install kannel");

        var ports = FreePorts(4);
        var kannel = new Kannel(ports[2], ports[3]);
        var configuration = kannel._folder.File("kannel.conf");
        await File.WriteAllTextAsync(configuration, kannel.Configuration(smsc, ports[0], ports[1]), cancel);
        return await kannel.OrEndAsync(async () =>
        {
            kannel.StartBox(Bearerbox, configuration);
            await ReadyAsync(ports[1], cancel);
            kannel.StartBox(Smsbox, configuration);
            await ReadyAsync(ports[2], cancel);
        });
    }

    /// <summary>Hands Kannel a message, as one of its users would.</summary>
    /// <param name="query">Of sendsms, percent-encoded.</param>
    public async Task SendAsync(string query, CancellationToken cancel)
    {
        using var response = await _http.GetAsync(
            $"http://127.0.0.1:{_sendPort}/cgi-bin/sendsms?username=u&password=p&{query}", cancel);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    /// <summary>The query of the next call.</summary>
    public async Task<IReadOnlyDictionary<string, string>> VisitAsync(CancellationToken cancel) =>
        await _visits.Reader.ReadAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        foreach (var box in Enumerable.Reverse(_boxes)) await box.DisposeAsync();
        _heard.Stop();
        await _listening;
        _http.Dispose();
        _folder.Dispose();
    }

    private void StartBox(string program, string configuration) =>
        _boxes.Add(PeerProcess.Start(program, _folder.Path, ["-v", "4", configuration]));

    private string Configuration(IPEndPoint smsc, int adminPort, int boxPort) =>
        $"""
        group = core
        admin-port = {adminPort}
        admin-interface = 127.0.0.1
        admin-password = none
        smsbox-port = {boxPort}
        smsbox-interface = 127.0.0.1
        box-allow-ip = 127.0.0.1
        box-deny-ip = "*.*.*.*"
        store-type = file
        store-location = {_folder.File("store")}
        dlr-storage = internal

        group = smsc
        smsc = smpp
        smsc-id = tessera
        host = {smsc.Address}
        port = {smsc.Port}
        transceiver-mode = true
        smsc-username = {SystemId}
        smsc-password = {Password}
        system-type = ""
        interface-version = 34
        max-pending-submits = 1000
        reconnect-delay = 1

        group = smsbox
        bearerbox-host = 127.0.0.1
        sendsms-port = {_sendPort}
        sendsms-interface = 127.0.0.1

        group = sendsms-user
        username = u
        password = p
        concatenation = false

        group = sms-service
        keyword = default
        get-url = "{Heard}mo?from=%p&to=%P&text=%b&udh=%u&coding=%c"
        max-messages = 0
        catch-all = true

        """;

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                var visit = await _heard.GetContextAsync();
                var query = visit.Request.QueryString;
                _visits.Writer.TryWrite(query.AllKeys.ToDictionary(
                    key => key ?? "", key => query[key] ?? "", StringComparer.Ordinal));
                visit.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private static Task<bool> ReadyAsync(int port, CancellationToken cancel) => Eventually.SeeAsync(
        async () =>
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, port, cancel);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        },
        ready => ready, cancel);

    private static int[] FreePorts(int count)
    {
        List<TcpListener> held = [];
        try
        {
            for (var i = 0; i < count; i++)
            {
                var listener = new TcpListener(IPAddress.Loopback, 0);
                listener.Start();
                held.Add(listener);
            }

            return [.. held.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            held.ForEach(listener => listener.Dispose());
        }
    }
}
