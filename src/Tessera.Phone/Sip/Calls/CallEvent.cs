namespace Tessera.Phone.Sip;

/// <summary>What happens to a call, in its order; the last is <see cref="Ended"/>.</summary>
public abstract record CallEvent
{
    private CallEvent() { }

    /// <summary>A provisional response to our call: it rings there.</summary>
    public sealed record Progress(SipStatus Status) : CallEvent;

    /// <summary>The call stands.</summary>
    public sealed record Answered(AudioAgreement Audio) : CallEvent;

    /// <summary>Something else was agreed upon: hold, its end, another address.</summary>
    public sealed record AudioChanged(AudioAgreement Audio) : CallEvent;

    /// <summary>The call is over.</summary>
    public sealed record Ended(CallEnd End) : CallEvent;
}
