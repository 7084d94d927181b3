using System.Buffers;
using System.IO.Pipelines;
using Tessera.Wire;

namespace Tessera.Phone.Data;

/// <summary>
/// Data on a line: octets in both directions in their order, between ends that know each other. Its pipe carries the
/// frames of a link as a TCP connection does.
/// </summary>
public sealed class LineLink : IDuplexPipe, IAsyncDisposable
{
    /// <summary>Octets kept for a reader that does not read; behind them the other end is asked to wait.</summary>
    private const int MaxUnread = 32768;

    /// <summary>Octets kept for the line; behind them a writer waits.</summary>
    private const int MaxUnsent = 4096;

    private readonly TaskCompletionSource<LineEnding> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Pipe _heard = new(Options(MaxUnread));
    private readonly Pipe _said = new(Options(MaxUnsent));
    private Task<FlushResult> _flush = Task.FromResult(default(FlushResult));
    private bool _isOver;
    private bool _takesLeave;

    internal LineLink(LinePublicKey peer) => Peer = peer;

    /// <summary>Who is at the other end.</summary>
    public LinePublicKey Peer { get; }

    /// <summary>
    /// What the other end wrote; ends with its farewell, or with <see cref="ConnectionLostException"/>.
    /// </summary>
    public PipeReader Input => _heard.Reader;

    /// <summary>What the other end shall read. Once completed and delivered, the line returns to voice.</summary>
    public PipeWriter Output => _said.Writer;

    /// <summary>Why the line returned to voice, once it has.</summary>
    public Task<LineEnding> Ended => _ended.Task;

    /// <summary>
    /// Writes the last octets and completes the output. A few of them go with the line's own bye: voice is back sooner, but
    /// nobody is told whether they have arrived.
    /// </summary>
    public void TakeLeave(ReadOnlySpan<byte> octets)
    {
        Volatile.Write(ref _takesLeave, true);
        Output.Write(octets);
        Output.Complete();
    }

    /// <summary>Completes both directions. The line returns to voice when what was written is delivered.</summary>
    public async ValueTask DisposeAsync()
    {
        await Output.CompleteAsync();
        await Input.CompleteAsync();
    }

    /// <summary>Moves octets between the pipes and the end, as many as there is room for; never waits.</summary>
    internal void Exchange(LineEnd end)
    {
        if (_isOver) return;

        Take(end);
        if (_flush.IsCompleted && end.Ready > 0) _flush = Give(end);
    }

    /// <summary>The line has returned to voice.</summary>
    internal void End(LineEnd end, LineEnding ending)
    {
        if (_isOver) return;

        _isOver = true;
        _ = Give(end);
        var lost = new ConnectionLostException($"The line returned to voice: {ending}.");
        var isWhole = ending is LineEnding.Finished or LineEnding.PeerFinished;
        _heard.Writer.Complete(isWhole ? null : lost);
        _said.Reader.Complete(isWhole && end.IsDelivered ? null : lost);
        _ended.TrySetResult(ending);
    }

    private void Take(LineEnd end)
    {
        ReadResult read;
        try
        {
            if (!_said.Reader.TryRead(out read)) return;
        }
        catch (Exception)
        {
            // The writer's own failure, which it knows: what it wrote is not whole, and must not be taken for that.
            end.Leave();
            return;
        }

        var octets = read.Buffer.Slice(0, Math.Min(end.Room, read.Buffer.Length));
        foreach (var segment in octets) end.Write(segment.Span);
        var isLast = read.IsCompleted && octets.Length == read.Buffer.Length;
        _said.Reader.AdvanceTo(octets.End);
        if (!isLast) return;
        if (Volatile.Read(ref _takesLeave)) end.TakeLeave();
        else end.Finish();
    }

    private Task<FlushResult> Give(LineEnd end)
    {
        while (end.Ready > 0) _heard.Writer.Advance(end.Read(_heard.Writer.GetSpan(end.Ready)));
        return _heard.Writer.FlushAsync().AsTask();
    }

    private static PipeOptions Options(int most) => new(
        pauseWriterThreshold: most, resumeWriterThreshold: most / 2, useSynchronizationContext: false);
}
