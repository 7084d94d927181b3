using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Tessera.Phone.Sound;
using Tessera.Testing;
using Xunit;

namespace Tessera.Interop.Tests.Phone;

/// <summary>
/// baresip as a telephone of user 1001, without a screen: it registers, answers every call, does what it is told, and
/// keeps what it hears.
/// </summary>
internal sealed class Baresip : IAsyncDisposable
{
    private const string Program = "/usr/bin/baresip";

    /// <summary>Before the samples; its lengths are written when the file is closed.</summary>
    private const int WavHead = 44;

    /// <summary>Behind every sound: it hangs up at the end of a file.</summary>
    private const int Silence = 60 * AudioBlock.Rate;

    private readonly TempFolder _folder = new();
    private readonly Channel<JsonElement> _events = Channel.CreateUnbounded<JsonElement>();
    private Process? _process;
    private TcpClient? _control;
    private Task _listening = Task.CompletedTask;
    private int _sounds;

    private Baresip() { }

    /// <param name="transport">udp or tcp.</param>
    public static Task<Baresip> StartAsync(IPEndPoint registrar, string transport, CancellationToken cancel) => StartAsync(
        $"<sip:1001@{registrar};transport={transport}>;auth_user=1001;auth_pass=secret;answermode=auto;regint=60", [], cancel);

    /// <summary>A telephone that registers nowhere.</summary>
    /// <param name="voice">What it says when a call begins, 8000 samples a second.</param>
    public static Task<Baresip> StartAsync(short[] voice, CancellationToken cancel) =>
        StartAsync("<sip:1001@127.0.0.1>;regint=0", voice, cancel);

    private static async Task<Baresip> StartAsync(string account, short[] voice, CancellationToken cancel)
    {
        if (!File.Exists(Program)) Assert.Skip("install baresip-core");
        var baresip = new Baresip();
        return await baresip.OrEndAsync(
            () => baresip.RunAsync(account, voice, new IPEndPoint(Loopback.Next(), 4444), cancel));
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

    /// <summary>Says a sound from now on, in place of the one before.</summary>
    public async Task SayAsync(short[] sound, CancellationToken cancel) =>
        await TellAsync("ausrc", cancel, $"aufile,{await SoundAsync(sound, cancel)}");

    /// <summary>What it has heard of its one call so far, 8000 samples a second.</summary>
    /// <param name="from">The first sample that is wanted.</param>
    public async Task<short[]> HeardAsync(int from, CancellationToken cancel)
    {
        if (Directory.GetFiles(_folder.Path, "*-dec.wav") is not [var recording]) return [];
        await using var file = new FileStream(recording, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var begin = WavHead + (from * sizeof(short));
        if (file.Length <= begin) return [];
        file.Position = begin;
        var octets = new byte[(file.Length - begin) & ~1];
        await file.ReadExactlyAsync(octets, cancel);
        return MemoryMarshal.Cast<byte, short>(octets).ToArray();
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

    private async Task<string> SoundAsync(short[] sound, CancellationToken cancel)
    {
        var path = _folder.File($"said-{_sounds++}.wav");
        short[] samples = [.. sound, .. new short[Silence]];
        await File.WriteAllBytesAsync(path, new Wav(AudioBlock.Rate, 1, samples).Write(), cancel);
        return path;
    }

    private async Task RunAsync(string account, short[] voice, IPEndPoint control, CancellationToken cancel)
    {
        await File.WriteAllTextAsync(_folder.File("accounts"), $"{account}\n", cancel);
        await File.WriteAllTextAsync(
            _folder.File("config"),
            $"""
            sip_listen 127.0.0.1:0
            net_interface 127.0.0.1
            audio_source aufile,{await SoundAsync(voice, cancel)}
            snd_path {_folder.Path}
            module_path /usr/lib/baresip/modules
            module g711.so
            module aufile.so
            module sndfile.so
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
