using Tessera.Phone.Calls;
using Tessera.Platform.Applications;
using Tessera.Platform.Sessions;
using Tessera.Server.Hosting;
using Tessera.Server.Links;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Server.Calls;

/// <summary>
/// A call as a card's stay: the caller chooses by voice, and each errand is a session of the device on the line.
/// </summary>
internal sealed class CallVisit : IVisit, IAsyncDisposable
{
    private readonly CallDesk _call;
    private readonly CallVoice _voice;
    private readonly CallLines _lines;
    private readonly ApplicationCatalogue _catalogue;
    private readonly CallData _data;
    private readonly CancellationTokenSource _over = new();
    private readonly Lock _gate = new();
    private readonly Task _following;
    private Errand? _errand;
    private TaskCompletionSource<bool>? _next;
    private bool _isRunning;

    public CallVisit(
        CallDesk call, CallVoice voice, CallLines lines, ApplicationCatalogue catalogue, StillCall still,
        CallLimits limits, ILogger log)
    {
        (_call, _voice, _lines, _catalogue) = (call, voice, lines, catalogue);
        _data = new CallData(call, voice, lines.Listener, log) { Met = Meet, Still = still, Limits = limits };
        _following = FollowAsync();
    }

    public IPage Page
    {
        get
        {
            lock (_gate) return _errand?.Page ?? throw new InvalidOperationException("The caller wants nothing.");
        }
    }

    /// <summary>The caller waits for a session.</summary>
    public bool IsExpecting
    {
        get
        {
            lock (_gate) return _errand is not null;
        }
    }

    public void Want() => _data.Want();

    public void Changed(TerminalStatus status) => _data.Changed(status);

    /// <summary>
    /// Carries out what the caller has chosen: with the card that is there, or with one the caller is asked for.
    /// </summary>
    /// <returns>How its session ended; null where no device came, or its session did not begin.</returns>
    /// <exception cref="ConnectionLostException">The call ended.</exception>
    public async Task<SessionEnd?> CarryOutAsync(ICardApplication application, CancellationToken cancel)
    {
        using var page = new VoicePage(_voice, _data);
        var errand = new Errand(application, page);
        TaskCompletionSource<bool>? waiting;
        lock (_gate) (_errand, waiting, _next) = (errand, _next, null);
        try
        {
            waiting?.TrySetResult(true);
            if (waiting is null && !await _data.InviteAsync(cancel)) return null;
            await Task.WhenAny(errand.Ended, _call.Ended).WaitAsync(cancel);
            if (!errand.Ended.IsCompleted) throw new ConnectionLostException("The call ended.");

            var end = await errand.Ended;
            await _data.PauseAsync(cancel);
            return end;
        }
        finally
        {
            await page.LeaveAsync();
            lock (_gate) _errand = null;
        }
    }

    public ICardApplication Begin()
    {
        lock (_gate)
        {
            _isRunning = true;
            return _errand?.Application ?? throw new InvalidOperationException("The caller wants nothing.");
        }
    }

    public ICardApplication? Find(string name) => _catalogue.Find(name);

    public void Resumed()
    {
        lock (_gate) _isRunning = false;
    }

    public async Task<bool> GoOnAsync(SessionOutcome outcome, CancellationToken cancel)
    {
        TaskCompletionSource<bool> next;
        lock (_gate)
        {
            if (!_isRunning) return _errand is not null;
            _isRunning = false;
            _next = next = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (outcome.Link.Ended.IsCancellationRequested) _next = null;
            _errand?.End(outcome.End);
            if (_next is null) return false;
        }

        try
        {
            return await next.Task.WaitAsync(cancel);
        }
        finally
        {
            lock (_gate)
            {
                if (_next == next) _next = null;
            }
        }
    }

    public void End()
    {
        lock (_gate) _errand?.End(end: null);
    }

    /// <summary>The call is over: so is its session, and what it moved settles at the next contact.</summary>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        Leave();
        TaskCompletionSource<bool>? waiting;
        lock (_gate) (waiting, _next) = (_next, null);
        waiting?.TrySetResult(false);
        await _following;
        await _data.DisposeAsync();
        _over.Dispose();
    }

    private void Meet(Bytes terminal)
    {
        if (_data.Terminal is { } other && other != terminal) _lines.Leave(other, this);
        _lines.Enter(terminal, this);
    }

    private void Leave()
    {
        if (_data.Terminal is { } terminal) _lines.Leave(terminal, this);
    }

    private async Task FollowAsync()
    {
        try
        {
            await _data.FollowAsync(GiveUpAsync, _over.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or ConnectionLostException)
        {
            // The call is over.
        }
    }

    private Task GiveUpAsync()
    {
        lock (_gate) return _errand?.Page.LeaveAsync() ?? Task.CompletedTask;
    }

    /// <summary>What the caller waits for.</summary>
    private sealed class Errand(ICardApplication application, VoicePage page)
    {
        private readonly TaskCompletionSource<SessionEnd?> _ended =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ICardApplication Application => application;

        public VoicePage Page => page;

        public Task<SessionEnd?> Ended => _ended.Task;

        public void End(SessionEnd? end) => _ended.TrySetResult(end);
    }
}
