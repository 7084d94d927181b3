using System.Net.WebSockets;
using Tessera.Toolkit.Links;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Links;

public class ChannelTests
{
    private static readonly LinkFrame Small = new(FrameType.Answer, Bytes.FromHex("A1A2A3"));
    private static readonly LinkFrame Largest =
        new(FrameType.Script, new Bytes(Enumerable.Range(0, LinkFrame.MaxBody).Select(i => (byte)i).ToArray()));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Frames_arrive_whole_and_in_order_until_the_end(bool webSocket)
    {
        var (left, right) = webSocket ? WebSockets() : Streams();
        LinkFrame[] frames = [Small, new(FrameType.Bye, Bytes.Empty), Largest, Small];

        var sending = SendAllAsync();
        foreach (var frame in frames) Assert.Equal(frame, await right.ReceiveAsync(Token));
        await sending;

        Assert.Null(await right.ReceiveAsync(Token));
        await right.DisposeAsync();

        async Task SendAllAsync()
        {
            foreach (var frame in frames) await left.SendAsync(frame, Token);
            await left.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_stream_that_ends_inside_a_frame_is_a_lost_connection()
    {
        var octets = Bytes.Of(Small).ToArray();
        for (var length = 1; length < octets.Length; length++)
        {
            var (left, right) = Wires.Pipes();
            await left.Output.WriteAsync(octets.AsMemory(0, length), Token);
            await left.Output.CompleteAsync();

            await Assert.ThrowsAsync<ConnectionLostException>(
                async () => await new StreamFrameChannel(right).ReceiveAsync(Token));
        }
    }

    [Fact]
    public async Task A_frame_that_was_given_up_is_a_lost_connection_for_the_peer()
    {
        var (left, right) = Wires.Channels();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await left.SendAsync(Small, new CancellationToken(canceled: true)));

        await left.DisposeAsync();

        await Assert.ThrowsAsync<ConnectionLostException>(async () => await right.ReceiveAsync(Token));
    }

    [Fact]
    public async Task A_peer_that_is_gone_takes_no_frames()
    {
        var (left, right) = Wires.Channels();
        await right.DisposeAsync();

        await Assert.ThrowsAsync<ConnectionLostException>(async () => await left.SendAsync(Small, Token));
        await left.DisposeAsync();
    }

    [Theory]
    [InlineData("03 000003 A1A2A3 00")]
    [InlineData("03 000003 A1A2")]
    [InlineData("03 000003 A1A2A3 03 000003 A1A2A3")]
    [InlineData("")]
    [InlineData("00 000000")]
    public async Task A_message_that_is_not_exactly_one_frame_is_refused(string message)
    {
        var (left, right) = Sockets();
        await left.SendAsync(Bytes.FromHex(message).Memory, WebSocketMessageType.Binary, endOfMessage: true, Token);

        await Assert.ThrowsAsync<WireFormatException>(
            async () => await new WebSocketFrameChannel(right).ReceiveAsync(Token));
    }

    [Fact]
    public async Task Text_and_messages_without_end_are_refused()
    {
        var (left, right) = Sockets();
        await left.SendAsync("Hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Token);
        await Assert.ThrowsAsync<WireFormatException>(
            async () => await new WebSocketFrameChannel(right).ReceiveAsync(Token));

        (left, right) = Sockets();
        for (var part = 0; part < 5; part++)
            await left.SendAsync(new byte[4096], WebSocketMessageType.Binary, endOfMessage: false, Token);
        await Assert.ThrowsAsync<WireFormatException>(
            async () => await new WebSocketFrameChannel(right).ReceiveAsync(Token));
    }

    [Fact]
    public async Task A_frame_in_many_fragments_is_one_frame()
    {
        var (left, right) = Sockets();
        var octets = Bytes.Of(Small);
        for (var at = 0; at < octets.Length; at++)
            await left.SendAsync(octets.Memory.Slice(at, 1), WebSocketMessageType.Binary, at == octets.Length - 1, Token);

        Assert.Equal(Small, await new WebSocketFrameChannel(right).ReceiveAsync(Token));
    }

    [Fact]
    public async Task A_web_socket_that_breaks_is_a_lost_connection()
    {
        var (left, right) = Sockets();
        var channel = new WebSocketFrameChannel(right);
        left.Abort();

        await Assert.ThrowsAsync<ConnectionLostException>(async () => await channel.ReceiveAsync(Token));
        await channel.DisposeAsync();
        await Assert.ThrowsAsync<ConnectionLostException>(async () => await channel.SendAsync(Small, Token));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static (IFrameChannel Left, IFrameChannel Right) Streams() => Wires.Channels();

    private static (IFrameChannel Left, IFrameChannel Right) WebSockets()
    {
        var (left, right) = Sockets();
        return (new WebSocketFrameChannel(left), new WebSocketFrameChannel(right));
    }

    private static (WebSocket Left, WebSocket Right) Sockets()
    {
        var (left, right) = Wires.Streams();
        return (
            WebSocket.CreateFromStream(left, new WebSocketCreationOptions { IsServer = false }),
            WebSocket.CreateFromStream(right, new WebSocketCreationOptions { IsServer = true }));
    }
}
