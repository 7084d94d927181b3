using System.IO.Pipelines;
using Tessera.Terminal.Serial.Ends;
using Tessera.Terminal.Serial.Frames;
using Tessera.Wire;

namespace Tessera.Terminal.Serial;

/// <summary>
/// A connection on a serial line: octets in both directions in their order. Its pipe carries what a TCP connection would.
/// </summary>
public sealed class SerialLink : IDuplexPipe, IAsyncDisposable
{
    /// <summary>Octets kept for a reader that does not read; behind them the other side is asked to wait.</summary>
    private const int MaxUnread = 32768;

    /// <summary>Octets kept for the line; behind them a writer waits.</summary>
    private const int MaxUnsent = 4096;

    private readonly Pipe _heard = new(Options(MaxUnread));
    private readonly Pipe _said = new(Options(MaxUnsent));
    private readonly Action _wake;
    private readonly TaskCompletionSource<SerialEnding> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<FlushResult>? _giving;
    private Task<ReadResult>? _taking;
    private bool _isTaken;
    private bool _isGiven;
    private bool _isOver;

    internal SerialLink(ushort connection, Action wake) => (Connection, _wake) = (connection, wake);

    /// <summary>The number that both sides call it by.</summary>
    public ushort Connection { get; }

    /// <summary>
    /// What the other side wrote; ends where it finished, or with <see cref="ConnectionLostException"/>.
    /// </summary>
    public PipeReader Input => _heard.Reader;

    /// <summary>What the other side shall read. Completed with a fault it resets the connection.</summary>
    public PipeWriter Output => _said.Writer;

    /// <summary>Why it ended, once it has; fails with what broke the line.</summary>
    public Task<SerialEnding> Ended => _ended.Task;

    /// <summary>Completes both directions: what was written is still delivered.</summary>
    public async ValueTask DisposeAsync()
    {
        await Output.CompleteAsync();
        await Input.CompleteAsync();
    }

    /// <summary>Moves octets between the pipes and the end, as many as there is room for; never waits.</summary>
    internal void Exchange(SerialEnd end)
    {
        if (_isOver) return;
        Take(end);
        Give(end);
    }

    /// <summary>The connection is over, or the line broke.</summary>
    internal void End(SerialEnd end, SerialEnding ending, Exception? broken = null)
    {
        if (_isOver) return;

        _isOver = true;
        Exception? lost = broken is not null ? new ConnectionLostException(broken.Message, broken)
            : ending == SerialEnding.Finished ? null
            : new ConnectionLostException($"The connection on the serial line ended: {ending}.");
        if (!_isGiven) Copy(end);
        _heard.Writer.Complete(lost);
        if (_taking is null or { IsCompleted: true }) _said.Reader.Complete(lost);
        else _ = _taking.ContinueWith(_ => _said.Reader.Complete(lost), TaskScheduler.Default);
        _said.Reader.CancelPendingRead();
        if (broken is null) _ended.TrySetResult(ending);
        else _ended.TrySetException(lost!);
        _ = _ended.Task.Exception;
    }

    private static PipeOptions Options(int most) => new(
        pauseWriterThreshold: most, resumeWriterThreshold: most / 2, useSynchronizationContext: false);

    private void Take(SerialEnd end)
    {
        while (!_isTaken && end.Room > 0)
        {
            _taking ??= Start(_said.Reader.ReadAsync().AsTask());
            if (!_taking.IsCompleted) return;
            if (!_taking.IsCompletedSuccessfully)
            {
                // The writer's own failure, which it knows: what it wrote is not whole, and must not be taken for that.
                _isTaken = true;
                end.Reset(SerialReset.Leaving);
                return;
            }

            var read = _taking.Result;
            var octets = read.Buffer.Slice(0, Math.Min(end.Room, read.Buffer.Length));
            foreach (var segment in octets) end.Write(segment.Span);
            _isTaken = read.IsCompleted && octets.Length == read.Buffer.Length;
            _said.Reader.AdvanceTo(octets.End);
            _taking = null;
            if (_isTaken) end.Finish();
        }
    }

    private void Give(SerialEnd end)
    {
        if (_isGiven || _giving is { IsCompleted: false }) return;
        if (end.Ready > 0)
        {
            Copy(end);
            _giving = Start(_heard.Writer.FlushAsync().AsTask());
        }
        else if (end.IsPeerFinished)
        {
            _isGiven = true;
            _heard.Writer.Complete();
        }
    }

    private void Copy(SerialEnd end)
    {
        while (end.Ready > 0) _heard.Writer.Advance(end.Read(_heard.Writer.GetSpan(end.Ready)));
    }

    private Task<T> Start<T>(Task<T> task)
    {
        if (!task.IsCompleted) _ = task.ContinueWith(_ => _wake(), TaskScheduler.Default);
        return task;
    }
}
