using System.Net.WebSockets;
using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>
/// Frames as binary messages of a WebSocket, each message exactly one frame (docs/protocols/link.md §1).
/// </summary>
/// <param name="socket">An open WebSocket; the channel closes it.</param>
public sealed class WebSocketFrameChannel(WebSocket socket) : IFrameChannel
{
    /// <summary>The subprotocol both sides name in the handshake.</summary>
    public const string Subprotocol = "tessera-link";

    private readonly byte[] _message = new byte[LinkFrame.MaxLength + 1];

    public async ValueTask<LinkFrame?> ReceiveAsync(CancellationToken cancel)
    {
        var length = 0;
        while (true)
        {
            var part = await ReadAsync(_message.AsMemory(length), cancel);
            if (part.MessageType == WebSocketMessageType.Close) return null;
            if (part.MessageType != WebSocketMessageType.Binary)
                throw new WireFormatException("message", 0, "is text");

            length += part.Count;
            if (length > LinkFrame.MaxLength)
                throw new WireFormatException("message", 0, $"is longer than {LinkFrame.MaxLength} octets");
            if (part.EndOfMessage) return ReadFrame(_message.AsSpan(0, length));
        }
    }

    public async ValueTask SendAsync(LinkFrame frame, CancellationToken cancel)
    {
        try
        {
            await socket.SendAsync(Bytes.Of(frame).Memory, WebSocketMessageType.Binary, endOfMessage: true, cancel);
        }
        catch (Exception e) when (IsLoss(e))
        {
            throw new ConnectionLostException("The WebSocket broke.", e);
        }
    }

    /// <summary>Says close without waiting for the peer to say it too.</summary>
    public async ValueTask DisposeAsync()
    {
        using (socket)
        {
            if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived)) return;
            try
            {
                using var soon = new CancellationTokenSource(CloseTimeout);
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, soon.Token);
            }
            catch (Exception e) when (IsLoss(e) || e is OperationCanceledException)
            {
                socket.Abort();
            }
        }
    }

    private static TimeSpan CloseTimeout => TimeSpan.FromSeconds(2);

    private static LinkFrame ReadFrame(ReadOnlySpan<byte> message)
    {
        var reader = new ByteReader(message);
        var frame = LinkFrame.Read(ref reader);
        reader.ReadEnd("message");
        return frame;
    }

    private static bool IsLoss(Exception e) => e is WebSocketException or IOException or ObjectDisposedException or
        InvalidOperationException;

    private async ValueTask<ValueWebSocketReceiveResult> ReadAsync(Memory<byte> into, CancellationToken cancel)
    {
        try
        {
            return await socket.ReceiveAsync(into, cancel);
        }
        catch (Exception e) when (IsLoss(e))
        {
            throw new ConnectionLostException("The WebSocket broke.", e);
        }
    }
}
