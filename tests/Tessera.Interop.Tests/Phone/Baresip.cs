using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Tessera.Phone.Sound;
using Tessera.Testing;
using Xunit;

namespace Tessera.Interop.Tests.Phone;

/// <summary>
/// baresip as a telephone of user 1001, without a screen: it registers, answers every call, and does what it is told.
/// </summary>
internal sealed class Baresip : IAsyncDisposable
{
    private const string Program = "/usr/bin/baresip";

    private readonly TempFolder _folder = new();
    private readonly Channel<JsonElement> _events = Channel.CreateUnbounded<JsonElement>();
    private Process? _process;
    private TcpClient? _control;
    private Task _listening = Task.CompletedTask;

    private Baresip() { }

    /// <param name="transport">udp or tcp.</param>
    public static async Task<Baresip> StartAsync(IPEndPoint registrar, string transport, CancellationToken cancel)
    {
        if (!File.Exists(Program)) Assert.Skip("install baresip-core");
        var baresip = new Baresip();
        try
        {
            await baresip.RunAsync(registrar, transport, new IPEndPoint(Loopback.Next(), 4444), cancel);
            return baresip;
        }
        catch
        {
            await baresip.DisposeAsync();
            throw;
        }
    }

    /// <summary>Types a command, such as dial with an address.</summary>
    public async Task TellAsync(string command, CancellationToken cancel, string parameter = "")
    {
        var text = JsonSerializer.Serialize(new { command, @params = parameter, token = "x" });
        await _control!.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{text.Length}:{text},"), cancel);
    }

    /// <summary>The next event of that type.</summary>
    public async Task HearAsync(string type, CancellationToken cancel)
    {
        while (true)
        {
            var told = await _events.Reader.ReadAsync(cancel);
            if (told.TryGetProperty("type", out var name) && name.ValueEquals(type)) return;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _control?.Dispose();
        await _listening;
        if (_process is not null)
        {
            if (!_process.HasExited) _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
            _process.Dispose();
        }

        _folder.Dispose();
    }

    private async Task RunAsync(IPEndPoint registrar, string transport, IPEndPoint control, CancellationToken cancel)
    {
        var silence = _folder.File("silence.wav");
        await File.WriteAllBytesAsync(silence, new Wav(8000, 1, new short[8000 * 60]).Write(), cancel);
        await File.WriteAllTextAsync(
            _folder.File("accounts"),
            $"<sip:1001@{registrar};transport={transport}>;auth_user=1001;auth_pass=secret;answermode=auto;regint=60\n",
            cancel);
        await File.WriteAllTextAsync(
            _folder.File("config"),
            $"""
            sip_listen 127.0.0.1:0
            net_interface 127.0.0.1
            audio_source aufile,{silence}
            audio_player aufile,{_folder.File("heard.wav")}
            module_path /usr/lib/baresip/modules
            module g711.so
            module aufile.so
            module account.so
            module menu.so
            module ctrl_tcp.so
            ctrl_tcp_listen {control}

            """,
            cancel);
        _process = Process.Start(new ProcessStartInfo(Program, ["-f", _folder.Path])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _control = await Eventually.SeeAsync(() => ConnectAsync(control, cancel), client => client is not null, cancel);
        _listening = ListenAsync(_control!.GetStream());
    }

    private static async Task<TcpClient?> ConnectAsync(IPEndPoint control, CancellationToken cancel)
    {
        var client = new TcpClient();
        try
        {
            await client.ConnectAsync(control, cancel);
            return client;
        }
        catch (SocketException)
        {
            client.Dispose();
            return null;
        }
    }

    /// <summary>Reads netstrings of JSON: length, colon, text, comma.</summary>
    private async Task ListenAsync(NetworkStream stream)
    {
        try
        {
            while (true)
            {
                var length = 0;
                while (await DigitAsync(stream) is { } digit) length = (length * 10) + digit;
                var text = new byte[length + 1];
                await stream.ReadExactlyAsync(text, CancellationToken.None);
                _events.Writer.TryWrite(JsonElement.Parse(text.AsSpan(0, length)));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            _events.Writer.TryComplete();
        }
    }

    /// <summary>Null at the colon.</summary>
    private static async Task<int?> DigitAsync(NetworkStream stream)
    {
        var octet = new byte[1];
        await stream.ReadExactlyAsync(octet, CancellationToken.None);
        return octet[0] == ':' ? null : octet[0] - '0';
    }
}
