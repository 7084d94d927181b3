using System.IO.Pipelines;
using System.Threading.Channels;
using Tessera.Wire;

namespace Tessera.Smpp.Centre;

/// <summary>How a connection on the air ended.</summary>
/// <param name="Cause">What REFUSED said; null where there was none.</param>
public sealed record AirEnd(AirCause? Cause, string Text)
{
    public override string ToString() => Cause is { } cause ? $"{cause}: {Text}" : Text;
}

internal enum AirRole { Centre, Phone }

/// <summary>One connection: a loop that sends, a loop that receives, and one place that says why it ended.</summary>
internal sealed class AirConnection(IDuplexPipe pipe, AirRole role, AirLimits limits, TimeProvider time)
{
    private const int QueuedFrames = 16;

    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly Channel<AirFrame> _outgoing = Channel.CreateBounded<AirFrame>(QueuedFrames);
    private readonly Lock _ending = new();
    private readonly TaskCompletionSource<AirEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _heard = time.GetTimestamp();
    private AirFrame? _last;
    private bool _flushed = true;

    public Task<AirEnd> Ended => _end.Task;

    /// <summary>Queues a frame; a peer that takes none for too long loses the connection.</summary>
    public void Send(AirFrameType type, Bytes body)
    {
        if (!_outgoing.Writer.TryWrite(new AirFrame(type, body))) End(new AirEnd(Cause: null, "Frames are not taken."));
    }

    /// <summary>Ends the connection, with a word of farewell if there is one; only the first end counts.</summary>
    public void End(AirEnd end, AirFrame? last = null)
    {
        lock (_ending)
        {
            if (_end.Task.IsCompleted) return;
            _last = last;
            _end.TrySetResult(end);
        }
    }

    /// <summary>Ends the connection from the centre.</summary>
    public void Refuse(AirCause cause, string text) =>
        End(new AirEnd(cause, text), new AirFrame(AirFrameType.Refused, Bytes.CopyOf([(byte)cause])));

    /// <summary>Serves the connection to its end and closes the pipe.</summary>
    /// <param name="handle">Takes every frame but PING and PONG, one at a time, and does not wait.</param>
    public async Task<AirEnd> RunAsync(Action<AirFrame> handle, CancellationToken cancel)
    {
        using var loops = new CancellationTokenSource();
        await using var timer = time.CreateTimer(
            _ => Listen(), state: null, limits.Ping, TimeSpan.FromTicks((limits.Silence - limits.Ping).Ticks / 3));
        await using var stopping = cancel.Register(() => End(new AirEnd(Cause: null, "Shutting down.")));

        var sending = GuardAsync(SendLoopAsync(loops.Token));
        var receiving = GuardAsync(ReceiveLoopAsync(handle, loops.Token));
        try
        {
            var end = await _end.Task;
            if (_last is { } last) _outgoing.Writer.TryWrite(last);
            _outgoing.Writer.TryComplete();
            await Task.WhenAny(sending, Task.Delay(Farewell, time, loops.Token));
            return end;
        }
        finally
        {
            await loops.CancelAsync();
            await Task.WhenAll(sending, receiving);
            await pipe.Input.CompleteAsync();

            // Octets that the peer did not take are not pressed upon it once more.
            await pipe.Output.CompleteAsync(_flushed ? null : new ConnectionLostException("The peer is gone."));
        }
    }

    private async Task GuardAsync(Task loop)
    {
        try
        {
            await loop;
        }
        catch (WireFormatException e) when (role == AirRole.Centre)
        {
            Refuse(AirCause.ProtocolError, e.Message);
        }
        catch (Exception e)
        {
            End(new AirEnd(Cause: null, e.Message));
        }
    }

    private async Task SendLoopAsync(CancellationToken cancel)
    {
        await foreach (var frame in _outgoing.Reader.ReadAllAsync(cancel))
        {
            _flushed = false;
            frame.Write(new ByteWriter(pipe.Output));
            if (_outgoing.Reader.TryPeek(out _)) continue;
            var result = await pipe.Output.FlushAsync(cancel);
            _flushed = true;
            if (result.IsCompleted)
            {
                End(new AirEnd(Cause: null, "The peer takes nothing any more."));
                return;
            }
        }
    }

    private async Task ReceiveLoopAsync(Action<AirFrame> handle, CancellationToken cancel)
    {
        while (!_end.Task.IsCompleted)
        {
            var read = await pipe.Input.ReadAsync(cancel);
            var buffer = read.Buffer;
            while (!_end.Task.IsCompleted && AirFramer.TryRead(ref buffer, out var frame)) Take(frame, handle);

            pipe.Input.AdvanceTo(buffer.Start, buffer.End);
            if (!read.IsCompleted) continue;
            End(new AirEnd(
                Cause: null, buffer.IsEmpty ? "The peer closed the connection." : "The peer ended inside a frame."));
            return;
        }
    }

    private void Take(AirFrame frame, Action<AirFrame> handle)
    {
        Volatile.Write(ref _heard, time.GetTimestamp());
        if (frame.Type == AirFrameType.Ping) Send(AirFrameType.Pong, Bytes.Empty);
        else if (frame.Type != AirFrameType.Pong) handle(frame);
    }

    private void Listen()
    {
        var silence = time.GetElapsedTime(Volatile.Read(ref _heard));
        if (silence >= limits.Silence)
            End(new AirEnd(Cause: null, $"Nothing was heard for {silence.TotalSeconds:0} s."));
        else if (silence >= limits.Ping) Send(AirFrameType.Ping, Bytes.Empty);
    }
}
