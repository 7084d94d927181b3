using Tessera.Phone.Data;
using Tessera.Toolkit.Links;

namespace Tessera.Terminal.Lines;

/// <summary>Data on a line as the connection of a link, which remembers how the server took leave.</summary>
internal sealed class DataPhase(LineLink line) : IFrameChannel
{
    private readonly LineFrameChannel _frames = new(line);
    private readonly TaskCompletionSource<ByeReason?> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ByeReason? _farewell;

    /// <summary>Completes when the link has done with it: the reason of the server's Bye, or null.</summary>
    public Task<ByeReason?> Closed => _closed.Task;

    public async ValueTask<LinkFrame?> ReceiveAsync(CancellationToken cancel)
    {
        var frame = await _frames.ReceiveAsync(cancel);
        if (frame is { Type: FrameType.Bye } bye) _farewell = bye.Body.Read<Bye>().Reason;
        return frame;
    }

    public ValueTask SendAsync(LinkFrame frame, CancellationToken cancel) => _frames.SendAsync(frame, cancel);

    public async ValueTask DisposeAsync()
    {
        await _frames.DisposeAsync();
        _closed.TrySetResult(_farewell);
    }
}
