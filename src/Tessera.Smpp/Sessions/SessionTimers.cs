using System.Runtime.InteropServices;

namespace Tessera.Smpp;

internal enum TimerAction
{
    None,
    SendEnquireLink,
    CloseNotBound,
    CloseSilent,
    CloseInactive,
}

/// <summary>The session's clocks as a value: no timer inside, the owner tells it the time since connect.</summary>
/// <param name="Asked">When we asked with enquire_link and have heard nothing since.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SessionTimers(SessionLimits Limits, TimeSpan? Asked = null)
{
    /// <param name="heard">When the last octets came.</param>
    /// <param name="active">When the last request but enquire_link came or went.</param>
    public (SessionTimers Next, TimerAction Action) Tick(TimeSpan now, bool bound, TimeSpan heard, TimeSpan active)
    {
        if (!bound) return (this, now > Limits.Bind ? TimerAction.CloseNotBound : TimerAction.None);
        if (now - active > Limits.Inactivity) return (this, TimerAction.CloseInactive);
        if (Asked is { } asked && heard < asked)
            return (this, now - asked > Limits.Response ? TimerAction.CloseSilent : TimerAction.None);

        return now - heard > Limits.EnquireLink
            ? (this with { Asked = now }, TimerAction.SendEnquireLink)
            : (this with { Asked = null }, TimerAction.None);
    }
}
