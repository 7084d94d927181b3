using System.Threading.Channels;
using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>Who decided that a connection was over.</summary>
public enum EndedBy
{
    Us,
    Peer,

    /// <summary>Nobody said a word: the channel broke or ended.</summary>
    Transport,
}

/// <summary>How a connection ended.</summary>
/// <param name="Reason">What the Bye said; null where there was none.</param>
public sealed record LinkEnd(EndedBy By, ByeReason? Reason, string Text)
{
    public override string ToString() => Reason is { } reason ? $"{reason} by {By}: {Text}".TrimEnd(' ', ':') : Text;
}

internal enum LinkRole { Server, Terminal }

/// <summary>Which frames a side takes when (docs/protocols/link.md §2).</summary>
internal static class LinkRules
{
    public static bool MayReceive(this LinkRole role, bool greeted, FrameType type) => (role, greeted, type) switch
    {
        (_, _, FrameType.Bye) => true,
        (_, false, FrameType.Hello) => true,
        (LinkRole.Server, false, FrameType.Enrol or FrameType.Proof) => true,
        (LinkRole.Server, true, FrameType.Answer or FrameType.Event) => true,
        (LinkRole.Server, true, FrameType.Relay or FrameType.Response) => true,
        (LinkRole.Terminal, true, FrameType.Relay or FrameType.Command) => true,
        (LinkRole.Terminal, true, FrameType.Script or FrameType.Open or FrameType.Pairing) => true,
        _ => false,
    };
}

/// <summary>One connection: a loop that sends, a loop that receives, and one place that says why it ended.</summary>
internal sealed class LinkConnection(IFrameChannel channel, LinkRole role, TimeSpan helloTimeout, TimeProvider time)
{
    private const int QueuedFrames = 16;

    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly Channel<LinkFrame> _outgoing = Channel.CreateBounded<LinkFrame>(QueuedFrames);
    private readonly TaskCompletionSource<LinkEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _greeted;

    public bool HasEnded => _end.Task.IsCompleted;

    /// <summary>Queues a frame; a peer that takes none for too long loses the connection.</summary>
    public void Send(LinkFrame frame)
    {
        if (!_outgoing.Writer.TryWrite(frame)) End(ByeReason.Overrun, "Frames are not taken.");
    }

    /// <summary>Ends the connection with a Bye; only the first word counts.</summary>
    public void End(ByeReason reason, string text) =>
        _end.TrySetResult(new LinkEnd(EndedBy.Us, reason, LinkText.Fit(text, Bye.MaxText)));

    /// <summary>Serves the connection to its end and closes the channel.</summary>
    /// <param name="handle">
    /// Takes every frame but Bye, one at a time; the first is the peer's Hello, or begins an enrolment.
    /// </param>
    public async Task<LinkEnd> RunAsync(Func<LinkFrame, ValueTask> handle, CancellationToken cancel)
    {
        using var loops = new CancellationTokenSource();
        await using var closing = channel;
        await using var timer = time.CreateTimer(_ => EndUngreeted(), state: null, helloTimeout, Timeout.InfiniteTimeSpan);
        await using var stopping = cancel.Register(() => End(ByeReason.GoingAway, "Shutting down."));

        var sending = GuardAsync(SendLoopAsync);
        var receiving = GuardAsync(token => ReceiveLoopAsync(handle, token));
        var leaving = Task.CompletedTask;
        try
        {
            var end = await _end.Task;
            if (end is { By: EndedBy.Us, Reason: { } reason })
            {
                _outgoing.Writer.TryWrite(LinkFrame.Of(FrameType.Bye, new Bye(reason, end.Text)));
                _outgoing.Writer.TryComplete();
                leaving = GuardAsync(token => LeaveAsync(sending, receiving, token));
                await Task.WhenAny(leaving, Task.Delay(Farewell, time, loops.Token));
            }

            return end;
        }
        finally
        {
            await loops.CancelAsync();
            await Task.WhenAll(sending, receiving, leaving);
        }

        async Task GuardAsync(Func<CancellationToken, Task> loop)
        {
            try
            {
                await loop(loops.Token);
            }
            catch (Exception e)
            {
                Fail(e);
            }
        }
    }

    private async Task SendLoopAsync(CancellationToken cancel)
    {
        await foreach (var frame in _outgoing.Reader.ReadAllAsync(cancel)) await channel.SendAsync(frame, cancel);
    }

    private async Task ReceiveLoopAsync(Func<LinkFrame, ValueTask> handle, CancellationToken cancel)
    {
        while (!HasEnded)
        {
            if (await channel.ReceiveAsync(cancel) is not { } frame)
            {
                _end.TrySetResult(new LinkEnd(EndedBy.Transport, Reason: null, "The peer closed the connection."));
                return;
            }

            if (!role.MayReceive(_greeted, frame.Type))
                throw new WireFormatException("frame type", 0, $"{frame.Type} has no place here");

            if (frame.Type == FrameType.Bye)
            {
                var bye = frame.Body.Read<Bye>();
                _end.TrySetResult(new LinkEnd(EndedBy.Peer, bye.Reason, bye.Text));
                return;
            }

            await handle(frame);
            _greeted |= frame.Type == FrameType.Hello;
        }
    }

    /// <summary>
    /// Reads on until the peer has closed: octets that nobody reads could take our Bye down with them.
    /// </summary>
    private async Task LeaveAsync(Task sending, Task receiving, CancellationToken cancel)
    {
        await Task.WhenAll(sending, receiving);
        while (await channel.ReceiveAsync(cancel) is not null) cancel.ThrowIfCancellationRequested();
    }

    private void EndUngreeted()
    {
        if (!_greeted) End(ByeReason.Silent, "No Hello came.");
    }

    /// <summary>
    /// The one place that says why a connection ended; what is no fault of peer or channel is ours and is thrown.
    /// </summary>
    private void Fail(Exception e)
    {
        switch (e)
        {
            case WireFormatException { Field: LinkVersion.Field }:
                End(ByeReason.Version, e.Message);
                break;
            case WireFormatException:
                End(ByeReason.Protocol, e.Message);
                break;
            case ConnectionLostException:
                _end.TrySetResult(new LinkEnd(EndedBy.Transport, Reason: null, e.Message));
                break;
            case OperationCanceledException when HasEnded:
                break;
            default:
                _end.TrySetException(e);
                break;
        }
    }
}
