using Tessera.Phone.Data;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Terminal.Lines;

/// <summary>
/// The frames of a link on data of a line: its Bye goes with that of the line, so that people hear each other at once
/// (docs/protocols/line.md §7).
/// </summary>
/// <param name="line">Disposed with the channel.</param>
public sealed class LineFrameChannel(LineLink line) : IFrameChannel
{
    private readonly StreamFrameChannel _frames = new(line, line);

    public ValueTask<LinkFrame?> ReceiveAsync(CancellationToken cancel) => _frames.ReceiveAsync(cancel);

    public ValueTask SendAsync(LinkFrame frame, CancellationToken cancel)
    {
        if (frame.Type != FrameType.Bye) return _frames.SendAsync(frame, cancel);
        line.TakeLeave(Bytes.Of(frame).Span);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _frames.DisposeAsync();
}
