using System.Net;
using System.Runtime.Versioning;
using System.Text.Json;
using Tessera.Cards;
using Tessera.Terminal.Ports;
using Tessera.Testing;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Xunit;

namespace Tessera.Cli.Tests;

/// <summary>The device on a telephone line, as the tool offers it, beside the real server.</summary>
[SupportedOSPlatform("linux")]
public sealed class LineDeviceTests : IDisposable
{
    private readonly LineDeviceWorld _world = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Lunch_is_ordered_by_telephone_paid_at_the_device_and_on_its_paper()
    {
        await using var server = await _world.StartFundedServerAsync();
        var (paper, module) = (_world.File("paper"), _world.File("sam.img"));
        using (var personalisation = Personalisation.Demonstration(CardId.Parse("0123456789ABCDEF")))
        using (var medium = FileMedium.Create(module))
            CardImage.Create(medium, personalisation);
        await using var device = _world.Start(
            server, "line", "--listen", "127.0.0.1:0", "--network", await LineDeviceWorld.CallsAsync(server),
            "--number", "+33639980001", "--display", "4x20", "--paper", paper, "--battery", "80", "--sam", module);
        var told = JsonElement.Parse(await device.LineAsync(Cancel));
        using var page = LineDeviceWorld.PageOf(told);

        await using (var telephone = await TestTelephone.DialAsync(
            LineDeviceWorld.Shop, IPEndPoint.Parse(told.GetProperty("jack").GetString()!)))
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
}
