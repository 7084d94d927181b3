using System.Net;
using Tessera.Cards;
using Tessera.Cards.Pins;
using Tessera.Cards.Purse;
using Tessera.Testing;
using Tessera.VirtualCard.Vpcd;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cli.Tests;

/// <summary>The card in software, seen from the reader it connects to.</summary>
public sealed class CardServeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Image => _folder.File("card.img");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_new_card_is_inserted_answers_and_leaves_in_order(string signal)
    {
        await using var slot = Listen();
        await using var tool = Serve(slot.EndPoint);
        var told = await tool.LineAsync(Cancel);
        await using var card = await slot.InsertedAsync(Cancel);

        var purse = await PurseClient.SelectAsync(card, Cancel);
        Assert.NotNull(purse);
        Assert.Equal(new PurseBalance(0, 0), await purse.BalanceAsync(Cancel));
        var id = purse.Template.Card;
        Assert.Equal($"New card {id} for demonstration: PIN 123456, PUK 12345678.", told);
        Assert.Equal($"Card {id} is in the reader at {slot.EndPoint}.", await tool.LineAsync(Cancel));
        using (var pin = PinBlock.OfPin("123456"))
        using (var verify = PinCommands.Verify(pin))
            Assert.Equal(StatusWord.Success, (await card.TransmitAsync(verify.Apdu, Cancel)).Status);

        var run = await tool.SignalAsync(signal, Cancel);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        await card.Removed.WaitAsync(Cancel);
    }

    [Fact]
    public async Task What_a_reader_says_to_the_card_is_written_in_words_and_no_PIN_with_it()
    {
        var file = _folder.File("card.trace");
        await using var slot = Listen();
        await using var tool = ToolProcess.Start([.. Arguments(slot.EndPoint), "--trace", file]);
        await using var card = await slot.InsertedAsync(Cancel);
        await PurseClient.SelectAsync(card, Cancel);
        using (var pin = PinBlock.OfPin("123456"))
        using (var verify = PinCommands.Verify(pin))
            await card.TransmitAsync(verify.Apdu, Cancel);
        await tool.SignalAsync("TERM", Cancel);

        var trace = await File.ReadAllTextAsync(file, Cancel);
        Assert.Contains(" reset, ATR 3B", trace, StringComparison.Ordinal);
        Assert.Contains("SELECT by name purse F05445535345524101", trace, StringComparison.Ordinal);
        Assert.Contains("    6F FCI\n      84 DF name: F05445535345524101 purse\n", trace, StringComparison.Ordinal);
        Assert.Contains("> 0020008008****************  VERIFY 80\n", trace, StringComparison.Ordinal);
        Assert.DoesNotContain("313233343536", trace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_SIM_has_a_purse_and_answers_as_a_phone_asks()
    {
        await using var slot = Listen();
        await using var tool = ToolProcess.Start([.. Arguments(slot.EndPoint)[..^1], "sim"]);
        Assert.Matches(
            "^New SIM [0-9A-F]{16}, CHV1 1234 for demonstration: PIN 123456, PUK 12345678.$", await tool.LineAsync(Cancel));
        await using var card = await slot.InsertedAsync(Cancel);

        var files = new CommandApdu(0xA0, 0xA4, 0x00, 0x00, Bytes.FromHex("7F20"));
        Assert.Equal("9F16", (await card.TransmitAsync(files, Cancel)).Status.ToString());
        Assert.NotNull(await PurseClient.SelectAsync(card, Cancel));
    }

    [Fact]
    public async Task An_image_keeps_its_card_and_no_second_card_is_made_of_it()
    {
        await using var slot = Listen();
        string id;
        await using (var first = Serve(slot.EndPoint))
        {
            id = (await first.LineAsync(Cancel)).Split(' ')[2];
            await first.LineAsync(Cancel);

            var second = await ToolProcess.RunAsync(Arguments(slot.EndPoint), Cancel);
            Assert.Equal((1, ""), (second.ExitCode, second.Output));
            Assert.StartsWith("tessera: ", second.Error, StringComparison.Ordinal);
            Assert.Contains(Image, second.Error, StringComparison.Ordinal);
            Assert.Equal(0, (await first.SignalAsync("TERM", Cancel)).ExitCode);
        }

        await using var again = Serve(slot.EndPoint);

        Assert.Equal($"Card {id} is in the reader at {slot.EndPoint}.", await again.LineAsync(Cancel));
        Assert.Equal([Image], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task A_card_waits_for_its_reader_and_comes_back_when_the_reader_does()
    {
        var slot = Listen();
        var port = slot.EndPoint;
        await slot.DisposeAsync();
        await using var tool = Serve(port);
        var id = (await tool.LineAsync(Cancel)).Split(' ')[2];

        for (var time = 0; time < 2; time++)
        {
            await using var reader = VpcdSlot.Listen(port);
            await using var card = await reader.InsertedAsync(Cancel);
            Assert.Equal($"Card {id} is in the reader at {port}.", await tool.LineAsync(Cancel));
            Assert.NotNull(await PurseClient.SelectAsync(card, Cancel));
        }

        var run = await tool.SignalAsync("TERM", Cancel);
        Assert.Equal(0, run.ExitCode);
        Assert.All(
            run.Error.TrimEnd('\n').Split('\n'),
            line => Assert.EndsWith($"Card {id} waits for a reader at {port}.", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_is_no_card_image_is_left_as_it_is()
    {
        var text = new string('x', 2000);
        await File.WriteAllTextAsync(Image, text, Cancel);

        var run = await ToolProcess.RunAsync(Arguments(new IPEndPoint(IPAddress.Loopback, 1)), Cancel);

        Assert.Equal((1, "", $"tessera: {Image} at octet 0: not a card image\n"), (run.ExitCode, run.Output, run.Error));
        Assert.Equal(text, await File.ReadAllTextAsync(Image, Cancel));
    }

    private static VpcdSlot Listen() => VpcdSlot.Listen(new IPEndPoint(IPAddress.Loopback, 0));

    private ToolProcess Serve(IPEndPoint reader) => ToolProcess.Start(Arguments(reader));

    private string[] Arguments(IPEndPoint reader) =>
        ["card", "serve", "--vpcd", reader.ToString(), "--image", Image, "--profile", "iso"];
}
