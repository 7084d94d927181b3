using System.Diagnostics.CodeAnalysis;
using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;
using Tessera.Phone.Tones;

namespace Tessera.Phone.Calls;

/// <summary>A call that a machine has answered, with its signalling and its sound.</summary>
public sealed class AnsweredCall : CallDesk, IAsyncDisposable
{
    private readonly SipCall _call;
    private readonly RtpSession _session;
    private readonly RtpCall _sound;
    private readonly Task _following;
    private readonly Task _sounding;

    [SetsRequiredMembers]
    private AnsweredCall(SipCall call, RtpSession session, RtpPort port, CallSite site)
        : base(session.CanPress ? KeySource.Events : KeySource.Sound, site.Line)
    {
        (_call, _session) = (call, session);
        (Caller, Called, Id) = (call.Caller, (call.Invite.Uri.User ?? "").TrimStart('+'), call.Invite.CallId);
        _sound = site.Pacer.Start(port, _session, Carry);
        _following = FollowAsync();
        _sounding = SoundAsync();
    }

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
                return new AnsweredCall(call, new RtpSession(agreed, new RtpOptions()), port, site);
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

    /// <summary>Hangs up, and frees the ports of the sound; fails with what the sound failed with.</summary>
    public async ValueTask DisposeAsync()
    {
        await _call.DisposeAsync();
        await Task.WhenAll(_following, _sounding);
    }

    private void Carry(ReadOnlySpan<short> heard, bool concealed, Span<short> spoken)
    {
        while (_session.TryReadKey(out var key)) Press(key);
        Exchange(heard, concealed, spoken);
    }

    /// <summary>Follows what the ends agree upon anew, until the call is over.</summary>
    private async Task FollowAsync()
    {
        await foreach (var happened in _call.Events.ReadAllAsync())
        {
            if (happened is CallEvent.AudioChanged changed) _session.Agree(changed.Audio);
        }

        End(await _call.Ended);
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
