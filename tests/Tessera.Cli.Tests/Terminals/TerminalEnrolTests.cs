using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text.Json;
using Tessera.Cards;
using Tessera.Testing;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Xunit;

namespace Tessera.Cli.Tests.Terminals;

/// <summary>A terminal alone and a server without lab that have never met, brought together by a code.</summary>
[SupportedOSPlatform("linux")]
public sealed class TerminalEnrolTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Card => _folder.File("card");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_terminal_is_enrolled_by_a_code_comes_back_by_itself_and_is_withdrawn()
    {
        MakeCard();
        await using var server = await ServerProcess.StartAsync(_folder.Path, Cancel, "--lab", "false", "--tls-port", "0");
        var stream = await StreamAsync(server);
        var made = await ToolProcess.RunAsync(["terminal", "code", "--server", Pages(server), "--json"], Cancel);
        var code = JsonElement.Parse(made.Output).GetProperty("code").GetString()!;
        string id;
        await using (var first = ToolProcess.Start(["terminal", "run", "--enrol", "--server", stream, .. Where]))
        {
            await first.TypeAsync("00000-00000-00000-00000-00000", Cancel);
            await first.TypeAsync(code, Cancel);
            Assert.Equal($"Terminal {Environment.MachineName} is enrolled at tls://{stream}.", await first.LineAsync(Cancel));
            await first.LineAsync(Cancel);
            id = (await ConnectedAsync(server, 1)).Single().GetProperty("terminal").GetString()!;
            var end = await first.SignalAsync("INT", Cancel);
            Assert.Equal((0, "tessera: The server refused: The code is wrong, too old, or was used.\n"), (end.ExitCode, end.Error));
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.File("terminal/server")));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(_folder.File("terminal")));
        Assert.DoesNotContain(code[..11], server.Output, StringComparison.Ordinal);

        await using var again = ToolProcess.Start(["terminal", "run", .. Where]);
        Assert.StartsWith($"Terminal {Environment.MachineName} is ready: ", await again.LineAsync(Cancel), StringComparison.Ordinal);
        await ConnectedAsync(server, 1);
        Assert.Equal(0, (await ToolProcess.RunAsync(["terminal", "rename", id, "Counter 3", "--server", Pages(server)], Cancel)).ExitCode);
        var listed = await ToolProcess.RunAsync(["terminal", "list", "--server", Pages(server)], Cancel);
        Assert.Equal($"{id}  connected, card    Counter 3\n", listed.Output);

        Assert.Equal(0, (await ToolProcess.RunAsync(["terminal", "withdraw", id, "--server", Pages(server)], Cancel)).ExitCode);
        Assert.Empty(await TerminalsAsync(server));
        Assert.Equal("", await File.ReadAllTextAsync(_folder.File("terminals"), Cancel));
        var gone = await ToolProcess.RunAsync(["terminal", "withdraw", id, "--server", Pages(server)], Cancel);
        Assert.Equal((1, $"tessera: The server knows no terminal {id}.\n"), (gone.ExitCode, gone.Error));
    }

    [Fact]
    public async Task The_code_is_typed_at_the_keys_of_the_terminal()
    {
        MakeCard();
        await using var server = await ServerProcess.StartAsync(_folder.Path, Cancel, "--lab", "false", "--tls-port", "0");
        var made = await ToolProcess.RunAsync(["terminal", "code", "--server", Pages(server)], Cancel);
        Assert.Matches("^(\\d{5}-){4}\\d{5}  good once, until \\d\\d:\\d\\d:\\d\\d UTC\n$", made.Output);

        await using var terminal = ToolProcess.Start(
        [
            "terminal", "run", "--enrol", "keypad", "--server", await StreamAsync(server), "--profile", "text", .. Where,
        ]);
        var waits = await terminal.LineAsync(Cancel);
        using var page = await TerminalPage.OpenAsync(new Uri(waits[(waits.LastIndexOf(' ') + 1)..]), Cancel);
        await page.SeeLinesAsync("Code of the", Cancel);
        await page.PressAsync("Ok", Cancel);
        foreach (var digit in made.Output[..29].Where(char.IsAsciiDigit)) await page.PressAsync($"Digit{digit}", Cancel);
        await page.PressAsync("Ok", Cancel);

        Assert.EndsWith($" is enrolled at tls://{await StreamAsync(server)}.", await terminal.LineAsync(Cancel), StringComparison.Ordinal);
        await ConnectedAsync(server, 1);
    }

    [Theory]
    [InlineData("--enrol goes with --link tls or wss, and without --pin.", "--link", "serial:/dev/null")]
    [InlineData("With --enrol, --server is HOST:PORT, tls://HOST:PORT or wss://HOST:PORT/link, not ''.")]
    [InlineData(
        "With --enrol, --server is HOST:PORT, tls://HOST:PORT or wss://HOST:PORT/link, not 'http://h:1'.", "--server", "http://h:1")]
    [InlineData("A code has 25 digits, in groups of 5.", "--server", "127.0.0.1:1", "--enrol", "env:TESSERA_TEST_CODE")]
    public async Task What_cannot_be_enrolled_is_told_in_one_line(string reason, params string[] arguments)
    {
        MakeCard();
        string[] asked = arguments.Contains("--enrol", StringComparer.Ordinal) ? arguments : ["--enrol", .. arguments];

        var run = await ToolProcess.RunAsync(
            ["terminal", "run", .. asked, .. Where], Cancel,
            environment: new KeyValuePair<string, string>("TESSERA_TEST_CODE", "12345"));

        Assert.Equal((1, "", $"tessera: {reason}\n"), (run.ExitCode, run.Output, run.Error));
    }

    private IEnumerable<string> Where => ["--card", Card, "--dir", _folder.File("terminal")];

    private static string Pages(ServerProcess server) => server.Address.ToString().TrimEnd('/');

    private static async Task<string> StreamAsync(ServerProcess server) => (await server.StreamAsync(Cancel)).Authority;

    private static async Task<JsonElement[]> TerminalsAsync(ServerProcess server)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        return (await http.GetFromJsonAsync<JsonElement[]>("/api/terminals", Cancel))!;
    }

    private static Task<JsonElement[]> ConnectedAsync(ServerProcess server, int count) => Eventually.SeeAsync(
        () => TerminalsAsync(server),
        all => all.Count(one => one.GetProperty("connected").GetBoolean() && one.GetProperty("card").GetBoolean()) == count, Cancel);

    private void MakeCard()
    {
        using var card = Personalisation.Demonstration(CardId.Parse("0123456789ABCDEF"));
        using var medium = FileMedium.Create(Card);
        CardImage.Create(medium, card);
    }
}
