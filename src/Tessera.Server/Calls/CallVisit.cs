using Tessera.Phone.Calls;
using Tessera.Platform.Applications;
using Tessera.Platform.Sessions;
using Tessera.Server.Hosting;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Server.Calls;

/// <summary>A call as the caller's visit: they choose by voice, and each errand is a session of the device on the line.</summary>
internal sealed class CallVisit : IAsyncDisposable
{
    private readonly CallDesk _call;
    private readonly CallVoice _voice;
    private readonly CallLines _lines;
    private readonly ApplicationCatalogue _catalogue;
    private readonly CallData _data;
    private readonly CancellationTokenSource _over = new();
    private readonly Lock _gate = new();
    private readonly Task _following;
    private CallErrand? _errand;
    private CallStay? _stay;

    public CallVisit(
        CallDesk call, CallVoice voice, CallLines lines, ApplicationCatalogue catalogue, StillCall still,
        CallLimits limits, ILogger log)
    {
        (_call, _voice, _lines, _catalogue) = (call, voice, lines, catalogue);
        _data = new CallData(call, voice, lines.Listener, log) { Met = Meet, Still = still, Limits = limits };
        _following = FollowAsync();
    }

    /// <summary>What the caller waits for.</summary>
    public CallErrand Errand
    {
        get
        {
            lock (_gate) return _errand ?? throw new InvalidOperationException("The caller wants nothing.");
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

    /// <inheritdoc cref="CallData.Absence"/>
    public DeviceAbsence Absence => _data.Absence;

    public void Want() => _data.Want();

    public void Changed(TerminalStatus status) => _data.Changed(status);

    public ICardApplication? Find(string name) => _catalogue.Find(name);

    /// <summary>A card was put in, or found in.</summary>
    /// <returns>Null where the caller wants nothing: nobody asked for that session.</returns>
    public CallStay? Arrive(ILink link)
    {
        lock (_gate) return _errand is null ? null : _stay = new CallStay(this, link);
    }

    /// <summary>
    /// Carries out what the caller has chosen: with the card that is there, or with one the caller is asked for. A card
    /// that was pulled and put in again meanwhile is another insertion, with a session of its own.
    /// </summary>
    /// <returns>How its session ended; null where no device came, or its session did not begin.</returns>
    /// <exception cref="ConnectionLostException">The call ended.</exception>
    public async Task<SessionEnd?> CarryOutAsync(ICardApplication application, CancellationToken cancel)
    {
        using var page = new VoicePage(_voice, _data);
        var errand = new CallErrand(application, page);
        CallStay? stay;
        lock (_gate) (_errand, stay) = (errand, _stay);
        try
        {
            if (!await _data.BringAsync(mayObey: stay is { IsWaiting: true }, cancel)) return null;
            stay?.GoOn(_data.Session);
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

    /// <summary>The call is over: so is its session, and what it moved settles at the next contact.</summary>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        Leave();
        lock (_gate) _stay?.Leave();
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
}
