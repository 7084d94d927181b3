using Tessera.Phone.Data;
using Tessera.Phone.Sound;
using Tessera.Toolkit.Links;

namespace Tessera.Terminal.Lines;

/// <summary>
/// A call at a device: its line can go to data while the holder lets it, and comes back. Driven by the blocks of its
/// sound.
/// </summary>
public sealed class TerminalCall : IAsyncDisposable
{
    private readonly LineTerminal _terminal;
    private readonly LineTerminalOptions _options;
    private readonly LineCall _line;
    private readonly Lock _gate = new();
    private CancellationTokenSource _armed = new();
    private Task _attempt = Task.CompletedTask;
    private bool _isOver;

    internal TerminalCall(LineTerminal terminal, LineTerminalOptions options, LineDeviceOptions line)
    {
        (_terminal, _options, _line) = (terminal, options, new LineCall(line));
        Stage = LineStage.Voice;
    }

    /// <summary>Whether people heard and were heard in the last block.</summary>
    public bool IsVoice => _line.IsVoice;

    /// <inheritdoc cref="LineEnd.IsHearing"/>
    public bool IsHearing => _line.IsHearing;

    internal LineStage Stage { get; private set; }

    internal int? Rung => _line.Rung?.Number;

    internal double Quality => _line.Quality;

    internal LineEnding? Ending => _line.Ending;

    /// <inheritdoc cref="LineCall.Exchange"/>
    public void Exchange(ReadOnlySpan<short> heard, bool concealed, Span<short> said) =>
        _line.Exchange(heard, concealed, said);

    /// <summary>Stands between line and telephone until one of them ends, and ends the call.</summary>
    /// <param name="line">The line.</param>
    /// <param name="telephone">The telephone, at the same pace; null where there is none.</param>
    public async Task RunAsync(ISoundPath line, ISoundPath? telephone, CancellationToken cancel)
    {
        await using (this) await _line.RunAsync(line, telephone, cancel);
    }

    /// <summary>The call is over; data that flow are lost.</summary>
    public async ValueTask DisposeAsync()
    {
        Task attempt;
        lock (_gate)
        {
            if (_isOver) return;
            _isOver = true;
            attempt = _attempt;
        }

        _line.HangUp();
        await _armed.CancelAsync();
        await attempt;
        _armed.Dispose();
        _terminal.Forget(this);
    }

    /// <summary>The holder pressed the data key: asks the server for data, then obeys it for a while.</summary>
    internal DataKeyAnswer PressDataKey()
    {
        lock (_gate)
        {
            if (_isOver) return DataKeyAnswer.NoCall;
            if (Stage is LineStage.Asking or LineStage.Data) return DataKeyAnswer.InData;
            Stage = LineStage.Asking;
            Begin();
        }

        _terminal.ShowIdle();
        return DataKeyAnswer.Asking;
    }

    /// <summary>Obeys nobody any more. Data that flow flow on, but lead to no more.</summary>
    internal void Disarm()
    {
        lock (_gate)
        {
            if (!_isOver) _armed.Cancel();
        }
    }

    /// <summary>One attempt after the other: what the one before waits for is given up.</summary>
    private void Begin()
    {
        var before = _armed;
        before.Cancel();
        _armed = new CancellationTokenSource();
        _attempt = AttemptAsync(before, _attempt, _armed.Token);
    }

    private async Task AttemptAsync(CancellationTokenSource given, Task before, CancellationToken armed)
    {
        // The gate is not held when the screen is told.
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        given.Dispose();
        try
        {
            var link = await _line.EscapeAsync(armed) ?? await ObeyAsync(_options.Armed, armed);
            while (link is not null)
            {
                link = await ServeAsync(link) == ByeReason.Voice ? await ObeyAsync(_options.ArmedAgain, armed) : null;
            }
        }
        catch (OperationCanceledException) when (armed.IsCancellationRequested)
        {
            // The holder changed their mind, pulled the card or pressed the key again; or the call is over.
        }

        Tell(LineStage.Voice, armed);
    }

    private Task<LineLink?> ObeyAsync(TimeSpan time, CancellationToken armed)
    {
        armed.ThrowIfCancellationRequested();
        var obeyed = _line.ObeyAsync(time, armed);
        Tell(LineStage.Armed, armed);
        return obeyed;
    }

    /// <summary>Data, to its end.</summary>
    /// <returns>What the server said at its end.</returns>
    private async Task<ByeReason?> ServeAsync(LineLink link)
    {
        Tell(LineStage.Data, CancellationToken.None);
        var farewell = await _terminal.ServeAsync(link);
        await link.Ended;
        return farewell;
    }

    /// <summary>What an attempt that was given up for another one says does not count any more.</summary>
    private void Tell(LineStage stage, CancellationToken armed)
    {
        lock (_gate)
        {
            if (armed.IsCancellationRequested && armed != _armed.Token && !_isOver) return;
            Stage = stage;
        }

        _terminal.ShowIdle();
    }
}
