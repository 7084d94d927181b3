using System.Text.Json;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Interop.Tests.Pcsc;
using Tessera.Testing;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Os;
using Tessera.Wire;
using Xunit;

namespace Tessera.Interop.Tests;

/// <summary>The <c>tessera</c> tool and a card of ours, with pcscd between them.</summary>
[Collection(PcscdAlone.Name)]
public sealed class CliTests(PrivatePcscd pcscd) : IAsyncLifetime
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await pcscd.RestartAsync(Cancel);

    public async ValueTask DisposeAsync()
    {
        await pcscd.StopAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Readers_are_listed_by_name()
    {
        Assert.Equal([PrivatePcscd.Reader, "Virtual PCD 00 01"], (await RunAsync("reader", "list")).Lines);
        var json = JsonElement.Parse((await RunAsync("reader", "list", "--json")).Output);
        Assert.Equal(PrivatePcscd.Reader, json[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_card_in_software_tells_of_itself_through_pcscd()
    {
        await using var serve = ToolProcess.Start(
            ["card", "serve", "--vpcd", pcscd.EndPoint.ToString(), "--image", _folder.File("card.img")]);
        var id = (await serve.LineAsync(Cancel)).Split(' ')[2];
        await serve.LineAsync(Cancel);

        var told = await AskAsync("card", "info");
        Assert.Equal(
            [
                $"Reader         {PrivatePcscd.Reader}",
                $"Card           {id}",
                "ATR            3B8D8131FE458073C001DB57544553534552417F",
                "  protocols    T=1",
                "  historical   8073C001DB5754455353455241",
                "  long data    command chaining and extended lengths",
                "Purse          key version 7F",
                "  currency     978",
                "  balance      0.00",
                "  at most      1000.00",
                "  movements    0",
                "PIN            3 tries left",
                "Store          key version 7F, 1 fields",
                "  field 1      version 1: 656E \"en\"",
            ],
            told.Lines);

        var json = JsonElement.Parse((await AskAsync("card", "info", "--json")).Output);
        Assert.Equal(id, json.GetProperty("card").GetString());
        Assert.Equal(3, json.GetProperty("pinTriesLeft").GetInt32());
        Assert.Equal(0x7F, json.GetProperty("purse").GetProperty("keyVersion").GetInt32());
        Assert.Equal("656E", json.GetProperty("store").GetProperty("fields")[0].GetProperty("content").GetString());
        Assert.Equal(1, json.GetProperty("atr").GetProperty("protocols")[0].GetInt32());

        var secured = JsonElement.Parse(
            (await AskAsync("scp", "open", "--demonstration", "--level", "33", "--script", Script(), "--json")).Output);
        Assert.Equal($"0000{id}", secured.GetProperty("diversification").GetString());
        Assert.Equal(
            """[{"command":"80F28002","data":"E3134F08A0000001510000009F70010FC503800000","status":"9000"}]""",
            secured.GetProperty("exchanges").GetRawText());
        Assert.Equal(0, (await serve.SignalAsync("TERM", Cancel)).ExitCode);
    }

    [Fact]
    public async Task Commands_go_down_as_octets_and_answers_come_up_as_octets()
    {
        using var os = InsertedCard.Demonstration(CardId.Parse("0123456789ABCDEF"));
        await using var card = InsertedCard.Insert(pcscd.EndPoint, os);

        var run = await AskAsync("apdu", "00A40400 09 F05445535345524101 00", "805C000000", "80FF000000", "00200080");

        Assert.Equal(
            [
                "6F278409F05445535345524101A51AC00101C1080123456789ABCDEFC2020978C3017FC404000186A09000",
                "00000000000000009000",
                "6D00",
                "63C3",
            ],
            run.Lines);
    }

    [Fact]
    public async Task What_goes_down_and_comes_up_is_told_in_words_beside_it()
    {
        using var os = InsertedCard.Demonstration(CardId.Parse("0123456789ABCDEF"));
        await using var card = InsertedCard.Insert(pcscd.EndPoint, os);

        var run = await RunAsync(
            "apdu", "00A40400 09 F05445535345524101 00", "805C000000", "--trace", "-", "--reader", PrivatePcscd.Reader);

        Assert.Equal((0, 2), (run.ExitCode, run.Lines.Count));
        Assert.Contains("SELECT by name purse F05445535345524101", run.Error, StringComparison.Ordinal);
        Assert.Contains("805C000000  BALANCE", run.Error, StringComparison.Ordinal);
        Assert.Contains("00000000000000009000  9000 done, 8 octets, ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_PIN_comes_by_standard_input_and_counts_its_tries()
    {
        using var os = InsertedCard.Demonstration(CardId.Parse("0123456789ABCDEF"));
        await using var card = InsertedCard.Insert(pcscd.EndPoint, os);

        var run = await pcscd.ToolAsync(
            """
            00A4040009F05445535345524101

            0020008008 393939393939FFFF
            00200080
            0020008008 313233343536FFFF
            0020008Z
            """,
            Cancel, "apdu", "--reader", PrivatePcscd.Reader);

        Assert.Equal((1, "tessera: line 6: character 8 is no hexadecimal digit.\n"), (run.ExitCode, run.Error));
        Assert.EndsWith("\n63C2\n63C2\n9000\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_purse_shows_its_movements_the_newest_first()
    {
        using var os = InsertedCard.Demonstration(CardId.Parse("0123456789ABCDEF"));
        os.Reset();
        Move(os, MoveKind.Load, 0, 5000);
        Move(os, MoveKind.Debit, -250, 1250);
        await using var card = InsertedCard.Insert(pcscd.EndPoint, os);

        var run = await AskAsync("purse", "show");
        Assert.Equal("Card           0123456789ABCDEF", run.Lines[0]);
        Assert.Contains("\n  balance      35.00\n", run.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["2 12.50 -2.50 35.00 Debit issuer", "1 50.00 0.00 50.00 Load issuer"],
            Rows(run.Lines));

        var json = JsonElement.Parse((await AskAsync("purse", "show", "--json")).Output);
        Assert.Equal(3500, json.GetProperty("purse").GetProperty("balance").GetInt32());
        Assert.Equal("debit", json.GetProperty("log")[0].GetProperty("kind").GetString());
        Assert.Equal(-250, json.GetProperty("log")[0].GetProperty("adjust").GetInt32());
        Assert.Equal(2, json.GetProperty("log").GetArrayLength());
    }

    [Theory]
    [InlineData("6A82")]
    [InlineData("6D00")]
    public async Task A_foreign_card_is_told_as_far_as_it_goes(string refusal)
    {
        await using var card = ScriptedVpcdCard.Insert(pcscd.EndPoint, "3B 80 81 01 00", _ => Bytes.FromHex(refusal));

        var told = await AskAsync("card", "info");
        Assert.Equal("Card           no application of Tessera", told.Lines[1]);
        Assert.Equal("  long data    not announced", told.Lines[^1]);
        var json = JsonElement.Parse((await AskAsync("card", "info", "--json")).Output);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("purse").ValueKind);
    }

    [Fact]
    public async Task A_card_without_a_purse_shows_none()
    {
        await using var card = ScriptedVpcdCard.Insert(pcscd.EndPoint, "3B 80 81 01 00", _ => Bytes.FromHex("6A82"));

        var show = await RunAsync("purse", "show", "--reader", PrivatePcscd.Reader);

        var reason = $"tessera: The card in {PrivatePcscd.Reader} has no purse.\n";
        Assert.Equal((1, "", reason), (show.ExitCode, show.Output, show.Error));
    }

    [Theory]
    [InlineData("No such reader", "tessera: The reader No such reader is gone")]
    [InlineData(PrivatePcscd.Reader, "tessera: No card in Virtual PCD 00 00, or another program uses it: waited 0 s.")]
    public async Task A_reader_or_card_that_is_not_there_is_told_in_one_line(string reader, string reason)
    {
        var run = await RunAsync("card", "info", "--wait", "0", "--reader", reader);

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith(reason, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("rich", true)]
    [InlineData("text", false)]
    public async Task A_terminal_brings_the_card_in_the_reader_to_the_server(string profile, bool isRich)
    {
        await using var server = await ServerProcess.StartAsync(_folder.Path, Cancel);
        using var http = new HttpClient { BaseAddress = server.Address };
        await using var terminal = ToolProcess.Start(
            [
                "terminal", "run", "--reader", PrivatePcscd.Reader, "--server", server.Address.ToString(),
                "--dir", _folder.File("terminal"), "--profile", profile,
            ],
            pcscd.Address);
        var told = await terminal.LineAsync(Cancel);
        Assert.StartsWith($"Terminal {Environment.MachineName} is ready: http://127.0.0.1:", told, StringComparison.Ordinal);
        using (var page = new HttpClient())
            Assert.Contains("<html", await page.GetStringAsync(told.Split(' ')[^1], Cancel), StringComparison.Ordinal);

        Assert.Equal(isRich, (await SeenAsync(http, card: false)).GetProperty("rich").GetBoolean());
        using var os = InsertedCard.Demonstration(CardId.Parse("0123456789ABCDEF"));
        await using var card = InsertedCard.Insert(pcscd.EndPoint, os);
        await SeenAsync(http, card: true);

        var run = await terminal.SignalAsync("INT", Cancel);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.True(File.Exists(_folder.File("terminal/terminal.pem")));
        var books = await RunAsync("ledger", "check", "--data", _folder.Path);
        Assert.Equal((0, ""), (books.ExitCode, books.Error));
        Assert.StartsWith("The books hold: ", books.Output, StringComparison.Ordinal);
    }

    /// <summary>Asks the server until the terminal is connected, with a card or without.</summary>
    private static async Task<JsonElement> SeenAsync(HttpClient server, bool card)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            var terminals = JsonElement.Parse(await server.GetStringAsync("/api/terminals", limit.Token));
            foreach (var terminal in terminals.EnumerateArray())
            {
                if (terminal.GetProperty("name").ValueEquals(Environment.MachineName)
                    && terminal.GetProperty("connected").GetBoolean() && terminal.GetProperty("card").GetBoolean() == card)
                {
                    return terminal;
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        }
    }

    /// <summary>The lines of the table without its layout.</summary>
    private static List<string> Rows(IEnumerable<string> lines) =>
    [
        .. lines.Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            .Where(line => line.Length > 0 && char.IsAsciiDigit(line[0])),
    ];

    private Task<ToolRun> RunAsync(params string[] arguments) =>
        pcscd.ToolAsync("", Cancel, arguments);

    /// <summary>Asks the card in the reader, which answers without complaint.</summary>
    private string Script()
    {
        var path = _folder.File("script");
        File.WriteAllText(path, "80F28002 02 4F00 00\n");
        return path;
    }

    private async Task<ToolRun> AskAsync(params string[] arguments)
    {
        var run = await RunAsync([.. arguments, "--reader", PrivatePcscd.Reader]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        return run;
    }

    /// <summary>What an issuer with the demonstration keys makes a card do.</summary>
    private static void Move(CardOs os, MoveKind kind, int adjust, uint amount)
    {
        var nonce = Bytes.FromHex("A1A2A3A4A5A6A7A8");
        Send(os, PurseCommands.Select);
        var s1 = Send(os, PurseCommands.Initialize(nonce)).Data.Read<PurseState>();
        using var masters = DemonstrationKeys.Create();
        using var keys = CardKeys.Of(masters, os.Id);
        using var mac = PurseMac.ForSession(keys.Purse, os.Id, s1.Number, s1.Random, nonce);
        var move = PurseCommands.Move(
            kind, MoveTerms.WithoutPin, adjust, amount, mac.S2(kind, MoveTerms.WithoutPin, adjust, amount));
        Send(os, PurseCommands.Complete(move, null, new Bytes(new byte[PurseMac.DigestLength])));
    }

    private static ResponseApdu Send(CardOs os, CommandApdu command) =>
        os.Transmit(Bytes.Of(command).Span).Read<ResponseApdu>().EnsureSuccess(command);
}
