using System.Diagnostics;
using System.Net;
using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tessera.Cards;
using Tessera.Phone.Sound;
using Tessera.Platform.Money;
using Tessera.Storage;
using Tessera.Storage.Holders;
using Tessera.Storage.Money;
using Tessera.Terminal.Ports;
using Tessera.Testing;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Xunit;

namespace Tessera.Cli.Tests;

/// <summary>The device on a telephone line, as the tool offers it, beside the real server.</summary>
[SupportedOSPlatform("linux")]
public sealed partial class LineDeviceTests : IDisposable
{
    private const string Shop = "+33639980084";

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Image => Path.Combine(_folder.Path, "lab", "card.img");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Lunch_is_ordered_by_telephone_paid_at_the_device_and_on_its_paper()
    {
        await using (await StartServerAsync())
        {
            // The lab makes its cards at the first start.
        }

        await FundAsync(2000);
        await using var server = await StartServerAsync();
        var (paper, module) = (_folder.File("paper"), _folder.File("sam.img"));
        using (var personalisation = Personalisation.Demonstration(CardId.Parse("0123456789ABCDEF")))
        using (var medium = FileMedium.Create(module))
            CardImage.Create(medium, personalisation);
        await using var device = Start(
            server, "line", "--listen", "127.0.0.1:0", "--network", await CallsAsync(server), "--number", "+33639980001",
            "--display", "4x20", "--paper", paper, "--battery", "80", "--sam", module);
        var told = JsonElement.Parse(await device.LineAsync(Cancel));
        using var page = PageOf(told);

        await using (var telephone = await TestTelephone.DialAsync(Shop, IPEndPoint.Parse(told.GetProperty("jack").GetString()!)))
        {
            await telephone.HearsAsync(words => words.Say("shop"));
            telephone.Press('4');
            await telephone.HearsAsync(words => words.Say("press-key"));
            await page.SeeLinesAsync("Press data key", Cancel);
            await page.PressAsync("Data", Cancel);
            await page.SeeLinesAsync("12.50", Cancel);
            await page.PressAsync("Ok Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Ok", Cancel);
            await telephone.HearsAsync(words => words.Say("paid").Amount(1250));
            await telephone.HearsAsync(words => words.Say("thanks"));
            await telephone.PressUntilAsync('#', words => words.Say("goodbye"));
            await telephone.Ended.WaitAsync(Cancel);
        }

        var run = await device.SignalAsync("INT", Cancel);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var sheet = new VirtualPaper();
        sheet.Write(await File.ReadAllBytesAsync(paper, Cancel));
        var lines = Assert.Single(sheet.Sheets);
        Assert.Contains(new PrintedLine("Thank you for your order."), lines);
    }

    [Fact]
    public async Task A_data_key_that_nobody_on_a_sound_answers_leads_back_to_voice()
    {
        await using var server = await StartServerAsync();
        var (heard, said) = (_folder.File("heard"), _folder.File("said"));
        using (var pipes = Process.Start("mkfifo", [heard, said])) await pipes.WaitForExitAsync(Cancel);
        await using var device = Start(server, "audio", "--in", heard, "--out", said);
        using var page = PageOf(JsonElement.Parse(await device.LineAsync(Cancel)));
        var listening = Task.Run(() => LoudestAsync(said), Cancel);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var silence = Task.Run(() => SayNothingAsync(heard, over.Token), Cancel);

        await page.SeeLinesAsync("when asked to", Cancel);
        await page.PressAsync("Data", Cancel);
        var shown = await page.SeeLinesAsync("No answer", Cancel);
        await over.CancelAsync();
        await silence;

        Assert.Contains("Press data key", shown.Lines, StringComparison.Ordinal);
        Assert.InRange(await listening, 1000, short.MaxValue);
    }

    [Theory]
    [InlineData("A terminal has --reader or --card, one of them.")]
    [InlineData("A terminal has --reader or --card, one of them.", "--reader", "R", "--card", "C")]
    [InlineData("--battery is 0 to 100 percent, not 101.", "--card", "C", "--battery", "101")]
    public async Task Ports_that_are_none_are_told_in_one_line(string reason, params string[] arguments)
    {
        var run = await ToolProcess.RunAsync(
            ["terminal", "run", "--link", "line", "--network", "127.0.0.1:1", .. arguments], Cancel);

        Assert.Equal((1, "", $"tessera: {reason}\n"), (run.ExitCode, run.Output, run.Error));
    }

    /// <summary>A server whose lab has the holder's card on its shelf.</summary>
    private async Task<ServerProcess> StartServerAsync()
    {
        var server = await ServerProcess.StartAsync(_folder.Path, Cancel);
        await Eventually.SeeAsync(() => Task.FromResult(File.Exists(Image)), exists => exists, Cancel);
        return server;
    }

    private ToolProcess Start(ServerProcess server, string link, params IEnumerable<string> arguments) => ToolProcess.Start(
    [
        "terminal", "run", "--server", server.Address.ToString(), "--dir", _folder.File("terminal"), "--json",
        "--card", Image, "--link", link, .. arguments,
    ]);

    private static TerminalPage PageOf(JsonElement told) =>
        new(new Uri(told.GetProperty("page").GetString()!), told.GetProperty("token").GetString()!);

    /// <summary>Where the server takes calls, as its log says.</summary>
    private static async Task<string> CallsAsync(ServerProcess server) => (await Eventually.SeeAsync(
        () => Task.FromResult(Calls().Match(server.Output)), match => match.Success, Cancel)).Groups["at"].Value;

    /// <summary>Puts money on the account of the lab's holder, while no server is there.</summary>
    private async Task FundAsync(uint amount)
    {
        CardId id;
        using (var card = CardImage.Open(FileMedium.Open(Image))) id = card.Id;
        await using var database = await Database.OpenAsync(_folder.File("tessera.db"), cancel: Cancel);
        var registration = await new SqliteHolderStore(database).FindCardAsync(id, Cancel);
        using var masters = DemonstrationKeys.Create();
        var treasury = new Treasury(new SqliteMoneyStore(database), new PurseKeyring(masters), TimeProvider.System);
        await treasury.FundAsync(registration!.Holder, amount, "bank", "test", Cancel);
    }

    /// <summary>The clock of the device: silence, as fast as it takes it.</summary>
    private static async Task SayNothingAsync(string path, CancellationToken over)
    {
        await using var pipe = File.Open(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        var block = new byte[AudioBlock.Length * sizeof(short)];
        try
        {
            while (true) await pipe.WriteAsync(block, over);
        }
        catch (OperationCanceledException) when (!Cancel.IsCancellationRequested)
        {
            // The call is over.
        }
    }

    /// <returns>The loudest sample of all that is said.</returns>
    private static async Task<int> LoudestAsync(string path)
    {
        await using var pipe = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var block = new byte[AudioBlock.Length * sizeof(short)];
        var loudest = 0;
        while (await pipe.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, Cancel) == block.Length)
            for (var i = 0; i < block.Length; i += 2) loudest = Math.Max(loudest, Math.Abs((int)BitConverter.ToInt16(block, i)));
        return loudest;
    }

    [GeneratedRegex(@"Calls at sip:(?<at>127\.0\.0\.1:\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Calls();
}
