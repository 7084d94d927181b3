using System.Net;
using Tessera.VirtualCard.Tests.Support;
using Tessera.VirtualCard.Vpcd;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Vpcd;

public class VpcdCardTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_a_reader_octet_for_octet()
    {
        using var reader = new RawReader();
        using var card = TestCard.Demonstration();
        var running = VpcdCard.RunAsync(reader.EndPoint, card.Os, options: null, Cancel);
        using var peer = await reader.AcceptAsync(Cancel);

        card.Os.PowerOff();
        await peer.SendAsync("0001 04", Cancel);
        await peer.ExpectAsync($"0014 {card.Os.Atr}", Cancel);
        await peer.SendAsync("0001 01  0005 80", Cancel);
        await peer.SendAsync("5C000000  0001 02", Cancel);
        await peer.ExpectAsync("0002 6D00", Cancel);
        await peer.SendAsync("000E 00A40400 09 F05445535345524101", Cancel);
        await peer.ExpectAsync("0002 6129", Cancel);
        await peer.SendAsync("0005 805C000000", Cancel);
        await peer.ExpectAsync("000A 0000000000000000 9000", Cancel);
        await peer.SendAsync("0001 00", Cancel);
        peer.Dispose();

        await running;
        Assert.False(card.Os.IsPowered);
    }

    [Fact]
    public async Task A_stream_that_ends_inside_a_message_is_a_lost_reader()
    {
        using var reader = new RawReader();
        using var card = TestCard.Demonstration();
        var running = VpcdCard.RunAsync(reader.EndPoint, card.Os, options: null, Cancel);
        using (var peer = await reader.AcceptAsync(Cancel)) await peer.SendAsync("0005 805C", Cancel);

        await Assert.ThrowsAsync<ConnectionLostException>(() => running);
    }

    [Theory]
    [InlineData("0000")]
    [InlineData("0001 03")]
    public async Task What_no_reader_says_ends_the_card(string hex)
    {
        using var reader = new RawReader();
        using var card = TestCard.Demonstration();
        var running = VpcdCard.RunAsync(reader.EndPoint, card.Os, options: null, Cancel);
        using var peer = await reader.AcceptAsync(Cancel);
        await peer.SendAsync(hex, Cancel);

        await Assert.ThrowsAsync<WireFormatException>(() => running);
        await peer.ExpectEndAsync(Cancel);
    }

    [Fact]
    public async Task A_reader_that_is_not_there_is_named()
    {
        IPEndPoint nobody;
        using (var reader = new RawReader()) nobody = reader.EndPoint;
        using var card = TestCard.Demonstration();

        var lost = await Assert.ThrowsAsync<ConnectionLostException>(
            () => VpcdCard.RunAsync(nobody, card.Os, options: null, Cancel));

        Assert.Equal($"No reader at {nobody}.", lost.Message);
    }

    [Fact]
    public async Task Comes_back_when_it_is_asked_to()
    {
        using var pulled = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        using var reader = new RawReader();
        using var card = TestCard.Demonstration();
        var stubborn = new VpcdCardOptions { Reconnects = true, RetryDelay = TimeSpan.FromMilliseconds(1) };
        var running = VpcdCard.RunAsync(reader.EndPoint, card.Os, stubborn, pulled.Token);
        (await reader.AcceptAsync(Cancel)).Dispose();
        using (var broken = await reader.AcceptAsync(Cancel)) await broken.SendAsync("0005 80", Cancel);

        using var peer = await reader.AcceptAsync(Cancel);
        await peer.SendAsync("0001 01 0004 01700000", Cancel);
        await peer.ExpectAsync("0002 6881", Cancel);
        await pulled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await peer.ExpectEndAsync(Cancel);
    }
}
