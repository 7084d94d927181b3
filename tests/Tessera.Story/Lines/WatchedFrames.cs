using Tessera.Toolkit.Links;

namespace Tessera.Story.Lines;

/// <summary>A connection of a server that tells when an answer has arrived.</summary>
internal sealed class WatchedFrames(IFrameChannel frames, Action answered) : IFrameChannel
{
    public async ValueTask<LinkFrame?> ReceiveAsync(CancellationToken cancel)
    {
        var frame = await frames.ReceiveAsync(cancel);
        if (frame is { Type: FrameType.Answer }) answered();
        return frame;
    }

    public ValueTask SendAsync(LinkFrame frame, CancellationToken cancel) => frames.SendAsync(frame, cancel);

    public ValueTask DisposeAsync() => frames.DisposeAsync();
}
