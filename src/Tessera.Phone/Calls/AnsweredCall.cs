using Tessera.Phone.Data;
using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;
using Tessera.Phone.Tones;

namespace Tessera.Phone.Calls;

/// <summary>
/// A call that a machine has answered: it plays and asks in voice, and goes to data and back where the line can. The call
/// is never interrupted by that.
/// </summary>
public sealed class AnsweredCall : IVoice, IAsyncDisposable
{
    private readonly SipCall _call;
    private readonly RtpSession _session;
    private readonly VoiceDesk _desk;
    private readonly LineCall? _line;
    private readonly RtpCall _sound;
    private readonly Task _following;
    private readonly Task _sounding;

    private AnsweredCall(SipCall call, AudioAgreement agreed, RtpPort port, CallSite site)
    {
        _call = call;
        _session = new RtpSession(agreed, new RtpOptions());
        _desk = new VoiceDesk(_session.CanPress ? KeySource.Events : KeySource.Sound);
        _line = site.Line is { } line ? new LineCall(line) : null;
        _sound = site.Pacer.Start(port, _session, Exchange);
        _following = FollowAsync();
        _sounding = SoundAsync();
    }

    /// <summary>Who calls, and how sure that is.</summary>
    public CallerIdentity Caller => _call.Caller;

    /// <summary>The number that was called, without a leading +; empty where the address has no user.</summary>
    public string Called => (_call.Invite.Uri.User ?? "").TrimStart('+');

    /// <summary>Names the call for as long as it is on record anywhere.</summary>
    public string Id => _call.Invite.CallId;

    /// <summary>Completes when the call is over, whoever ended it.</summary>
    public Task<CallEnd> Ended => _call.Ended;

    /// <summary>Whether people, or the machine, hear and are heard.</summary>
    public bool IsVoice => _line?.IsVoice ?? true;

    /// <summary>Answers a call that came in.</summary>
    /// <returns>Null where the caller gave up, or the offer has nothing that we can do.</returns>
    public static async Task<AnsweredCall?> AcceptAsync(SipCall call, CallSite site, CancellationToken cancel)
    {
        var port = RtpPort.Bind(site.Address);
        try
        {
            var audio = new LocalAudio(port.EndPoint)
            {
                Codecs = site.Codecs, SilenceSuppressionOff = site.Line is not null,
            };
            if (!site.TelephoneEvents) audio = audio with { TelephoneEvent = null };
            if (await call.AcceptAsync(audio, cancel) is { } agreed)
                return new AnsweredCall(call, agreed, port, site);
        }
        catch
        {
            port.Dispose();
            await call.DisposeAsync();
            throw;
        }

        port.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public Task PlayAsync(ReadOnlyMemory<short> sound, CancellationToken cancel) => _desk.PlayAsync(sound, cancel);

    /// <inheritdoc/>
    public Task<Keyed> AskAsync(ReadOnlyMemory<short> question, KeyRule rule, CancellationToken cancel) =>
        _desk.AskAsync(question, rule, cancel);

    /// <summary>Leaves voice for data, if the device at the other end obeys.</summary>
    /// <returns>Null when it did not, or the call ended.</returns>
    /// <exception cref="InvalidOperationException">Calls of this site never go to data, or the line is not in voice.</exception>
    public Task<LineLink?> EnterDataAsync(CancellationToken cancel) => Line.EscapeAsync(cancel);

    /// <summary>
    /// Goes to data when a device asks for it within that time: its holder has pressed the key. Voice goes on meanwhile;
    /// cancelled, the line obeys nobody any more.
    /// </summary>
    /// <returns>Null when no device asked, or the call ended.</returns>
    /// <exception cref="InvalidOperationException">Calls of this site never go to data, or the line is not in voice.</exception>
    public Task<LineLink?> AwaitDataAsync(TimeSpan time, CancellationToken cancel) => Line.ObeyAsync(time, cancel);

    /// <summary>Hangs up, and frees the ports of the sound; fails with what the sound failed with.</summary>
    public async ValueTask DisposeAsync()
    {
        await _call.DisposeAsync();
        await Task.WhenAll(_following, _sounding);
    }

    private LineCall Line => _line ?? throw new InvalidOperationException("This line never goes to data.");

    private void Exchange(ReadOnlySpan<short> heard, bool concealed, Span<short> spoken)
    {
        while (_session.TryReadKey(out var key)) _desk.Press(key);
        if (IsVoice) _desk.Exchange(heard, spoken);
        _line?.Exchange(heard, concealed, spoken);
    }

    /// <summary>Follows what the ends agree upon anew, until the call is over.</summary>
    private async Task FollowAsync()
    {
        await foreach (var happened in _call.Events.ReadAllAsync())
        {
            if (happened is CallEvent.AudioChanged changed) _session.Agree(changed.Audio);
        }

        await _call.Ended;
        _line?.HangUp();
        _desk.End();
        await _sound.DisposeAsync();
    }

    /// <summary>A call whose sound has ended is over: nobody is left waiting in it.</summary>
    private async Task SoundAsync()
    {
        try
        {
            await _sound.Completion;
        }
        finally
        {
            await _call.DisposeAsync();
        }
    }
}
