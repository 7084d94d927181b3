using Tessera.Phone.Sound;

namespace Tessera.Phone.Data;

/// <summary>
/// A call whose line can go to data and come back: couples a <see cref="LineEnd"/> with the sound that drives it and
/// with the pipe that its user has.
/// </summary>
public sealed class LineCall(LineOptions options) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly LineEnd _end = new(options);
    private TaskCompletionSource<LineLink?>? _opening;
    private LineLink? _link;
    private bool _isOver;

    /// <summary>Whether people heard and were heard in the last block.</summary>
    public bool IsVoice
    {
        get
        {
            lock (_gate) return _end.IsVoice;
        }
    }

    /// <inheritdoc cref="LineEnd.IsHearing"/>
    public bool IsHearing
    {
        get
        {
            lock (_gate) return _end.IsHearing;
        }
    }

    /// <summary>Why data ended the last time, or did not begin; null before.</summary>
    public LineEnding? Ending
    {
        get
        {
            lock (_gate) return _end.Ending;
        }
    }

    public LineState State
    {
        get
        {
            lock (_gate) return _end.State;
        }
    }

    /// <summary>The rung this end speaks on, in data.</summary>
    public LineRung? Rung
    {
        get
        {
            lock (_gate) return _end.Rung;
        }
    }

    /// <summary>How the other end is heard, in dB; 0 when nothing was heard.</summary>
    public double Quality
    {
        get
        {
            lock (_gate) return _end.Quality;
        }
    }

    /// <summary>Leaves voice and calls the other end: a server says hello, a device asks for it.</summary>
    /// <returns>Null when nobody answered, or the call ended.</returns>
    /// <exception cref="InvalidOperationException">The line has left voice already, or is just about to.</exception>
    public Task<LineLink?> EscapeAsync(CancellationToken cancel) => OpenAsync(_end.Escape, cancel);

    /// <summary>Obeys the escape of the other end for that time: the holder has pressed the key.</summary>
    /// <returns>Null when none came that proved right, or the call ended.</returns>
    /// <exception cref="InvalidOperationException">The line has left voice already, or is just about to.</exception>
    public Task<LineLink?> ObeyAsync(TimeSpan time, CancellationToken cancel) =>
        OpenAsync(() => _end.Arm(time), cancel);

    /// <summary>
    /// The next 20 ms, as <see cref="LineEnd.Process"/>. Computes and never waits: it may run on the thread of all
    /// calls.
    /// </summary>
    public void Exchange(ReadOnlySpan<short> heard, bool concealed, Span<short> said)
    {
        lock (_gate)
        {
            if (_isOver) return;

            _link?.Exchange(_end);
            _end.Process(heard, concealed, said);
            Follow();
        }
    }

    /// <summary>Works on a line until it ends.</summary>
    /// <param name="line">The line.</param>
    /// <param name="people">Who speaks on it, at the same pace; without, silence is said in voice.</param>
    public async Task RunAsync(ISoundPath line, ISoundPath? people, CancellationToken cancel)
    {
        var (heard, said) = (new short[AudioBlock.Length], new short[AudioBlock.Length]);
        try
        {
            while (await line.HearAsync(heard, cancel) is var hearing and not Hearing.Ended)
            {
                said.AsSpan().Clear();
                if (people is not null && await people.HearAsync(said, cancel) == Hearing.Ended) return;

                Exchange(heard, hearing == Hearing.Concealed, said);
                await line.SayAsync(said, cancel);
                if (people is null) continue;
                if (!IsHearing) heard.AsSpan().Clear();
                await people.SayAsync(heard, cancel);
            }
        }
        finally
        {
            HangUp();
        }
    }

    /// <summary>The call is over: so is a link on it.</summary>
    public void HangUp()
    {
        lock (_gate)
        {
            if (_isOver) return;

            _isOver = true;
            _link?.End(_end, LineEnding.Left);
            _opening?.TrySetResult(null);
            (_link, _opening) = (null, null);
            _end.Dispose();
        }
    }

    public void Dispose() => HangUp();

    private async Task<LineLink?> OpenAsync(Action open, CancellationToken cancel)
    {
        Task<LineLink?> opened;
        lock (_gate)
        {
            if (_opening is not null || _link is not null)
                throw new InvalidOperationException("The line is not in voice.");
            if (_isOver) return null;

            cancel.ThrowIfCancellationRequested();
            open();
            _opening = new TaskCompletionSource<LineLink?>(TaskCreationOptions.RunContinuationsAsynchronously);
            opened = _opening.Task;
        }

        await using var registration = cancel.Register(GiveUp);
        return await opened ?? Cancelled(cancel);
    }

    private static LineLink? Cancelled(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return null;
    }

    private void GiveUp()
    {
        lock (_gate)
        {
            if (_opening is null) return;
            _end.Disarm();
            _end.Leave();
            _opening.TrySetResult(null);
            _opening = null;
        }
    }

    /// <summary>Tells the users of the line where it stands now.</summary>
    private void Follow()
    {
        if (_link is not null && _end.State != LineState.Data)
        {
            _link.End(_end, _end.Ending!.Value);
            _link = null;
        }

        if (_opening is null) return;
        if (_end.State == LineState.Data)
        {
            _link = new LineLink(_end.Peer!.Value);
            _opening.TrySetResult(_link);
            _opening = null;
        }
        else if (_end.State == LineState.Voice)
        {
            _opening.TrySetResult(null);
            _opening = null;
        }
    }
}
