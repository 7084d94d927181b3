using Tessera.Platform.Applications;
using Tessera.Platform.Sessions;
using Tessera.Server.Links;
using Tessera.Toolkit.Links;

namespace Tessera.Server.Calls;

/// <summary>
/// One insertion of a card during a call: its sessions, one for each errand, until the card is pulled or the call is over.
/// </summary>
internal sealed class CallStay(CallVisit visit, ILink link) : IVisit
{
    private readonly Lock _gate = new();
    private ILink _link = link;
    private CallErrand? _errand;
    private TaskCompletionSource<bool>? _next;

    /// <summary>Between two errands.</summary>
    public bool IsWaiting
    {
        get
        {
            lock (_gate) return _next is not null;
        }
    }

    public IPage Page => visit.Errand.Page;

    public ICardApplication Begin()
    {
        var errand = visit.Errand;
        lock (_gate) _errand = errand;
        return errand.Application;
    }

    public ICardApplication? Find(string name) => visit.Find(name);

    public void Resumed()
    {
        lock (_gate) _errand = null;
    }

    public async Task<bool> GoOnAsync(SessionOutcome outcome, CancellationToken cancel)
    {
        CallErrand? done;
        var next = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_errand is null) return visit.IsExpecting;
            (done, _errand, _link) = (_errand, null, outcome.Link);
            if (!_link.Ended.IsCancellationRequested) _next = next;
        }

        done.End(outcome.End);
        return !_link.Ended.IsCancellationRequested && await next.Task.WaitAsync(cancel);
    }

    /// <summary>Only what this insertion has begun ends with it: what the caller wants next may wait for another one.</summary>
    public void End()
    {
        CallErrand? begun;
        lock (_gate) (begun, _errand, _next) = (_errand, null, null);
        begun?.End(end: null);
    }

    /// <summary>Begins the next session, where this insertion is still the one of that number.</summary>
    public void GoOn(ushort session)
    {
        lock (_gate)
        {
            var isHere = _link.Session == session && !_link.Ended.IsCancellationRequested;
            _next?.TrySetResult(isHere);
            _next = null;
        }
    }

    /// <summary>The call is over.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _next?.TrySetResult(false);
            _next = null;
        }
    }
}

/// <summary>What a caller waits for.</summary>
internal sealed class CallErrand(ICardApplication application, VoicePage page)
{
    private readonly TaskCompletionSource<SessionEnd?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ICardApplication Application => application;

    public VoicePage Page => page;

    /// <summary>How its session ended; null where it did not begin.</summary>
    public Task<SessionEnd?> Ended => _ended.Task;

    public void End(SessionEnd? end) => _ended.TrySetResult(end);
}
