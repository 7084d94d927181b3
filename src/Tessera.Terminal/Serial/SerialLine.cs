using System.Buffers;
using System.Security.Cryptography;
using System.Threading.Channels;
using Tessera.Terminal.Serial.Ends;
using Tessera.Terminal.Serial.Frames;
using Tessera.Wire;

namespace Tessera.Terminal.Serial;

/// <summary>
/// A serial line at work: couples a <see cref="SerialEnd"/> with the stream that carries its octets, a clock, and the pipe
/// that its user has.
/// </summary>
public sealed class SerialLine : IAsyncDisposable
{
    private const int BufferLength = 4096;

    /// <summary>For the last word to a line that takes nothing.</summary>
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(1);

    private readonly Stream _stream;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly SerialEnd _end;
    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly Channel<byte> _wakes = Bounded<byte>();
    private readonly Channel<ushort> _asked = Bounded<ushort>();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _timer;
    private TaskCompletionSource<SerialLink>? _opening;
    private SerialLink? _link;
    private ushort? _told;
    private Exception? _broken;

    private SerialLine(Stream stream, SerialSide side, SerialOptions options, TimeProvider time)
    {
        (_stream, _time, _start) = (stream, time, time.GetTimestamp());
        _end = new SerialEnd(side, options);
        _timer = time.CreateTimer(_ => Wake(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Completes when the stream broke, with the reason, or the line is disposed.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    private TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>Begins to listen.</summary>
    /// <param name="stream">Carries the octets, noise and all; the line's own from now on.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static SerialLine Start(Stream stream, SerialSide side, SerialOptions options, TimeProvider? time = null)
    {
        var line = new SerialLine(stream, side, options, time ?? TimeProvider.System);
        line.Completion = line.RunAsync();
        return line;
    }

    /// <summary>A device asks the telephone for a connection, again and again until it is there.</summary>
    /// <exception cref="ConnectionLostException">The telephone refuses, or the line broke.</exception>
    /// <exception cref="InvalidOperationException">The line is a telephone's.</exception>
    public async Task<SerialLink> OpenAsync(CancellationToken cancel)
    {
        Task<SerialLink> opened;
        lock (_gate)
        {
            ThrowIfBroken();
            _end.Open(Another(_end.Connection), Now);
            Follow();
            _opening = new TaskCompletionSource<SerialLink>(TaskCreationOptions.RunContinuationsAsynchronously);
            opened = _opening.Task;
        }

        Wake();
        await using var registration = cancel.Register(() => GiveUp(opened, cancel));
        return await opened;
    }

    /// <summary>A telephone waits until the device asks for a connection.</summary>
    /// <returns>Its number.</returns>
    /// <exception cref="ConnectionLostException">The line broke.</exception>
    public async Task<ushort> AskedAsync(CancellationToken cancel)
    {
        try
        {
            return await _asked.Reader.ReadAsync(cancel);
        }
        catch (ChannelClosedException e)
        {
            throw new ConnectionLostException(e.InnerException?.Message ?? "The serial line is closed.", e);
        }
    }

    /// <summary>Gives the connection that was asked for.</summary>
    /// <returns>Null when the device does not want that one any more.</returns>
    public SerialLink? Accept(ushort connection)
    {
        lock (_gate)
        {
            if (_broken is not null || !_end.Accept(connection, Now)) return null;
            Follow();
            Wake();
            return _link;
        }
    }

    /// <summary>Refuses the connection that was asked for: the server is not reached.</summary>
    public void Refuse(ushort connection)
    {
        lock (_gate)
        {
            if (_end.State == SerialState.Asked && _end.Connection == connection) _end.Reset(SerialReset.Unreachable);
        }

        Wake();
    }

    /// <summary>Resets the connection, tells the other side if that is still possible, and closes the stream.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        lock (_gate)
        {
            _end.Reset(SerialReset.Leaving);
            Follow();
        }

        await _stopping.CancelAsync();
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _timer.DisposeAsync();
        _stopping.Dispose();
    }

    private static Channel<T> Bounded<T>() =>
        Channel.CreateBounded<T>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    private async Task RunAsync()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var (hearing, speaking) = (HearAsync(stop.Token), SpeakAsync(stop.Token));
        try
        {
            await await Task.WhenAny(hearing, speaking);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            await speaking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await SayLastAsync();
            Break(new ConnectionLostException("The serial line was closed."));
        }
        catch (Exception e)
        {
            Break(e);
            throw;
        }
        finally
        {
            await stop.CancelAsync();
            await _stream.DisposeAsync();
            await Task.WhenAll(hearing, speaking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task HearAsync(CancellationToken cancel)
    {
        var buffer = new byte[BufferLength];
        while (await _stream.ReadAsync(buffer, cancel) is > 0 and var length)
        {
            lock (_gate)
            {
                for (var at = 0; at < length;)
                {
                    at += _end.Hear(buffer.AsSpan(at, length - at), Now);
                    Follow();
                }
            }

            Wake();
        }

        throw new ConnectionLostException("The serial line has ended.");
    }

    private async Task SpeakAsync(CancellationToken cancel)
    {
        while (true)
        {
            TimeSpan? due;
            lock (_gate)
            {
                _output.ResetWrittenCount();
                _link?.Exchange(_end);
                _end.Collect(_output, Now);
                Follow();
                due = _end.Due - Now;
            }

            if (_output.WrittenCount > 0)
            {
                await _stream.WriteAsync(_output.WrittenMemory, cancel);
                await _stream.FlushAsync(cancel);
                continue;
            }

            _timer.Change(Ticks(due), Timeout.InfiniteTimeSpan);
            await _wakes.Reader.ReadAsync(cancel);
        }
    }

    /// <summary>Timers count in milliseconds; one that comes too early finds nothing to do.</summary>
    private static TimeSpan Ticks(TimeSpan? due) => due is not { } time ? Timeout.InfiniteTimeSpan
        : time <= TimeSpan.Zero ? TimeSpan.Zero
        : TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds));

    /// <summary>That the line goes is said as well as possible: the other side finds out anyhow.</summary>
    private async Task SayLastAsync()
    {
        lock (_gate)
        {
            _output.ResetWrittenCount();
            _end.Collect(_output, Now);
        }

        using var late = new CancellationTokenSource(LastWord, _time);
        try
        {
            await _stream.WriteAsync(_output.WrittenMemory, late.Token);
            await _stream.FlushAsync(late.Token);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // It is gone already.
        }
    }

    /// <summary>A number that is not the last one's.</summary>
    private static ushort Another(ushort last) => (ushort)(last + RandomNumberGenerator.GetInt32(1, ushort.MaxValue + 1));

    private void Wake() => _wakes.Writer.TryWrite(0);

    private void ThrowIfBroken()
    {
        if (_broken is not null) throw new ConnectionLostException(_broken.Message, _broken);
    }

    private void GiveUp(Task<SerialLink> opened, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_opening?.Task != opened) return;
            _opening.TrySetCanceled(cancel);
            _opening = null;
            _end.Reset(SerialReset.Leaving);
        }

        Wake();
    }

    private void Break(Exception reason)
    {
        lock (_gate)
        {
            _broken = reason;
            _link?.End(_end, SerialEnding.Left, reason);
            _opening?.TrySetException(new ConnectionLostException(reason.Message, reason));
            (_link, _opening) = (null, null);
            _asked.Writer.TryComplete(reason);
        }
    }

    /// <summary>Tells the users of the line where it stands now.</summary>
    private void Follow()
    {
        if (_link is not null && (_end.State != SerialState.Open || _end.Connection != _link.Connection))
        {
            _link.End(_end, _end.Ending ?? SerialEnding.Replaced);
            _link = null;
        }

        switch (_end.State)
        {
            case SerialState.Asked when _told != _end.Connection:
                _told = _end.Connection;
                _asked.Writer.TryWrite(_end.Connection);
                return;
            case SerialState.Asked:
                return;
            case SerialState.Open when _link is null:
                _link = new SerialLink(_end.Connection, Wake);
                _opening?.TrySetResult(_link);
                _opening = null;
                break;
            case SerialState.Closed when _opening is not null:
                _opening.TrySetException(new ConnectionLostException(
                    $"The telephone gives no connection: {_end.Ending}."));
                _opening = null;
                break;
        }

        _told = null;
    }
}
