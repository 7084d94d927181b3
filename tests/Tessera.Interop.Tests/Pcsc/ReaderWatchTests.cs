using System.Text.Json;
using Tessera.Cards.Pcsc;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Interop.Tests.Pcsc;

/// <summary>Readers and cards that come and go at the real pcscd, as the library and the tool tell them.</summary>
[Collection(PcscdAlone.Name)]
public class ReaderWatchTests(PrivatePcscd pcscd)
{
    private const string Atr = "3B80810100";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cards_and_their_users_are_told_as_they_come_and_go()
    {
        await using var reader = await pcscd.OpenAsync(new PcscOptions { Exclusive = false }, Cancel);
        await using var events = ReaderWatch.WatchAsync(Cancel).GetAsyncEnumerator(Cancel);
        Assert.Equal(["ReaderAdded 00", "ReaderAdded 01"], [await NextAsync(events), await NextAsync(events)], StringComparer.Ordinal);

        await using (ScriptedVpcdCard.Insert(pcscd.EndPoint, Atr, _ => Bytes.FromHex("9000")))
        {
            Assert.Equal($"CardInserted 00 {Atr} Nobody", await NextAsync(events));
            await using (await reader.InsertedAsync(Cancel))
                Assert.Equal($"UseChanged 00 {Atr} Shared", await NextAsync(events));
            Assert.Equal($"UseChanged 00 {Atr} Nobody", await NextAsync(events));
        }

        Assert.Equal("CardRemoved 00", await NextAsync(events));
    }

    [Fact]
    public async Task The_tool_tells_them_too_and_waits_for_a_service_that_stopped()
    {
        await pcscd.StopAsync();
        await pcscd.StartAsync(Cancel);
        await using var tool = ToolProcess.Start(["reader", "watch", "--json"], pcscd.Address);
        Assert.Equal("readerAdded", await ChangeAsync(tool));
        Assert.Equal("readerAdded", await ChangeAsync(tool));
        await using (ScriptedVpcdCard.Insert(pcscd.EndPoint, Atr, _ => Bytes.FromHex("9000")))
        {
            var inserted = JsonElement.Parse(await tool.LineAsync(Cancel));
            Assert.Equal(("cardInserted", Atr), (inserted.GetProperty("change").GetString(), inserted.GetProperty("atr").GetString()));
        }

        Assert.Equal("cardRemoved", await ChangeAsync(tool));

        await pcscd.StopAsync();
        Assert.Equal("readerRemoved", await ChangeAsync(tool));
        Assert.Equal("readerRemoved", await ChangeAsync(tool));
        await pcscd.StartAsync(Cancel);
        Assert.Equal("readerAdded", await ChangeAsync(tool));
        Assert.Equal("readerAdded", await ChangeAsync(tool));
        Assert.Equal(0, (await tool.SignalAsync("INT", Cancel)).ExitCode);
    }

    [Fact]
    public async Task A_service_that_dies_with_a_question_unread_has_stopped()
    {
        await using var reader = await pcscd.OpenAsync(new PcscOptions { Exclusive = false }, Cancel);
        await using var context = await PcscContext.EstablishAsync(Cancel);

        await pcscd.FreezeAsync(Cancel);
        var asked = context.ListReadersAsync(Cancel);
        await pcscd.StopAsync();

        var lost = await Assert.ThrowsAsync<ConnectionLostException>(() => asked);
        Assert.StartsWith("The PC/SC service stopped", lost.Message, StringComparison.Ordinal);
    }

    private static async Task<string?> ChangeAsync(ToolProcess tool) =>
        JsonElement.Parse(await tool.LineAsync(Cancel)).GetProperty("change").GetString();

    private static async Task<string> NextAsync(IAsyncEnumerator<ReaderEvent> events)
    {
        Assert.True(await events.MoveNextAsync());
        var (change, sight) = events.Current;
        return $"{change} {sight.Reader[^2..]}{(sight.HasCard ? $" {sight.Atr} {sight.Use}" : "")}";
    }
}
