using Tessera.Wire;

namespace Tessera.Smpp;

/// <content>How it ends.</content>
internal sealed partial class SmppConnection
{
    private readonly TaskCompletionSource<SessionEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<SessionEnd> _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the connection is over and the pipe closed.</summary>
    public Task<SessionEnd> Completion => _over.Task;

    private bool HasEnded => _end.Task.IsCompleted;

    /// <summary>Ends the connection; only the first word counts.</summary>
    public void End(SessionEndReason reason, string text, Exception? cause = null) =>
        _end.TrySetResult(new SessionEnd(reason, text, cause));

    /// <summary>Says unbind, awaits the answer and the end.</summary>
    public async Task<SessionEnd> UnbindAsync(CancellationToken cancel)
    {
        try
        {
            await RequestAsync(new Unbind(), cancel, takesRoom: false);
        }
        catch (ConnectionLostException)
        {
            // It ended otherwise, which its end tells.
        }

        return await Completion.WaitAsync(cancel);
    }

    /// <summary>Says unbind where that belongs, and ends without waiting long for an answer.</summary>
    public async Task StopAsync()
    {
        using var late = new CancellationTokenSource(_limits.Farewell, _time);
        try
        {
            if (_side.Role.MayIssue(State, CommandId.Unbind)) await UnbindAsync(late.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException or InvalidOperationException)
        {
            // The peer does not answer; it is over all the same.
        }

        End(SessionEndReason.Stopped, "We closed the connection.");
        await Completion;
    }

    /// <summary>Serves the connection to its end and closes the pipe.</summary>
    private async Task RunAsync()
    {
        using var ending = new CancellationTokenSource();
        var writing = GuardAsync(WriteAsync, ending.Token);
        var reading = GuardAsync(ReadAsync, ending.Token);
        var ticking = GuardAsync(TickAsync, ending.Token);

        var end = await _end.Task;
        _state = SessionState.Unbound;
        _window.Close(end.ToString());
        _outbox.Close();
        await LastWordsAsync(writing);
        await ending.CancelAsync();
        await Task.WhenAll(writing, reading, ticking);
        await _pipe.Input.CompleteAsync();
        await _pipe.Output.CompleteAsync();
        _side.Ended(end);
        _over.SetResult(end);
    }

    private async Task LastWordsAsync(Task writing)
    {
        try
        {
            await writing.WaitAsync(_limits.Farewell, _time);
        }
        catch (TimeoutException)
        {
            // The peer does not take them.
        }
    }

    /// <summary>Whatever ends a loop ends the connection.</summary>
    private async Task GuardAsync(Func<CancellationToken, Task> loop, CancellationToken ending)
    {
        try
        {
            await loop(ending);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // It has ended already.
        }
        catch (IOException e)
        {
            End(SessionEndReason.Closed, e.Message, e);
        }
        catch (Exception e)
        {
            End(SessionEndReason.Failed, e.Message, e);
        }
    }
}
