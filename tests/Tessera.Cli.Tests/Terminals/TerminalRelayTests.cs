using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text.Json;
using Tessera.Cards;
using Tessera.Terminal.Agents;
using Tessera.Terminal.Serial;
using Tessera.Terminal.Serial.Ends;
using Tessera.Terminal.Serial.Ports;
using Tessera.Testing;
using Tessera.Toolkit.Links;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cli.Tests.Terminals;

/// <summary>The relay of a telephone and the roads of a terminal, as the tool offers them.</summary>
[SupportedOSPlatform("linux")]
public sealed class TerminalRelayTests : IDisposable
{
    private const string Pin = "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F";

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_device_reaches_the_real_server_through_a_relay_in_a_process_of_its_own()
    {
        await using var server = await ServerProcess.StartAsync(_folder.Path, Cancel);
        using var http = new HttpClient { BaseAddress = server.Address };
        var link = await http.GetFromJsonAsync<JsonElement>("/api/link", Cancel);
        var stream = new Uri(link.GetProperty("stream").GetString()!);
        using var terminal = new PseudoTerminal();
        var device = new DescriptorStream(terminal.Descriptor);
        await using var relay = ToolProcess.Start(
            ["terminal", "relay", "--serial", terminal.Path, "--server", stream.Authority]);
        Assert.Equal($"The relay from {terminal.Path} to {stream.Authority} is ready.", await relay.LineAsync(Cancel));
        var pin = PeerIdentity.Parse(link.GetProperty("pin").GetString()!);
        var options = new PcAgentOptions
        {
            Name = "Counter 9",
            Folder = _folder.File("terminal"),
            Server = stream,
            Pin = pin,
            Road = new SerialRoad(() => device, new SerialOptions(), pin).OpenAsync,
        };
        var enrol = new { pin = PcAgent.IdentityOf(options).ToString(), name = options.Name };
        using var enrolled = await http.PostAsJsonAsync("/api/terminals", enrol, Cancel);

        await using (var agent = await PcAgent.StartAsync(options, NoReaderAsync, Cancel))
        {
            await Eventually.SeeAsync(() => Task.FromResult(agent.Status), status => status.Connected, Cancel);
            Assert.EndsWith($" to {stream.Authority}.", await relay.LineAsync(Cancel), StringComparison.Ordinal);
        }

        Assert.Equal(0, (await relay.SignalAsync("INT", Cancel)).ExitCode);
    }

    [Fact]
    public async Task What_is_no_serial_port_is_told_in_one_line()
    {
        var file = _folder.File("file");
        await File.WriteAllTextAsync(file, "", Cancel);

        await FailsAsync($"{file} is no serial port.", "relay", "--serial", file, "--server", "127.0.0.1:1");
        await FailsAsync(
            $"{_folder.File("gone")} is not there.", "run", "--reader", "R", "--link", $"serial:{_folder.File("gone")}", "--pin", Pin);
    }

    [Theory]
    [InlineData("--server is HOST:PORT, not 'here'.", "relay", "--serial", "/dev/null", "--server", "here")]
    [InlineData("/dev/null is no serial port.", "relay", "--serial", "/dev/null", "--server", "127.0.0.1:1")]
    [InlineData(
        "--speed is one of 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600, not 9601.",
        "relay", "--serial", "/dev/null", "--server", "127.0.0.1:1", "--speed", "9601")]
    [InlineData("--link is wss, tls, serial:PATH, line or audio, not 'pigeon'.", "run", "--reader", "R", "--link", "pigeon")]
    [InlineData("--link line needs --network.", "run", "--reader", "R", "--link", "line")]
    [InlineData("--link audio needs --in.", "run", "--reader", "R", "--link", "audio")]
    [InlineData(
        "With --pin and --link tls, --server is an address tls://HOST:PORT, not 'http://127.0.0.1:5080'.",
        "run", "--reader", "R", "--link", "tls", "--pin", Pin)]
    [InlineData("An identity has 64 hexadecimal digits.", "run", "--reader", "R", "--link", "tls", "--server", "tls://h:1", "--pin", "00")]
    public Task Options_that_are_none_are_told_in_one_line(string reason, params string[] arguments) =>
        FailsAsync(reason, arguments);

    [Fact]
    public async Task A_terminal_alone_needs_no_server_of_this_machine()
    {
        var run = await ToolProcess.RunAsync(
            [
                "terminal", "run", "--reader", "R", "--link", "tls", "--server", "tls://127.0.0.1:1", "--pin", Pin,
                "--dir", _folder.File("terminal"),
            ],
            Cancel, environment: new KeyValuePair<string, string>("PCSCLITE_CSOCK_NAME", "/nonexistent/pcscd.comm"));

        Assert.StartsWith("tessera: There is no PC/SC service: ", run.Error, StringComparison.Ordinal);
    }

    private static Task<ICardReader> NoReaderAsync(CancellationToken cancel) =>
        Task.FromException<ICardReader>(new ConnectionLostException("There is no reader."));

    private static async Task FailsAsync(string reason, params string[] arguments)
    {
        var run = await ToolProcess.RunAsync(["terminal", .. arguments], Cancel);

        Assert.Equal((1, "", $"tessera: {reason}\n"), (run.ExitCode, run.Output, run.Error));
    }
}
