using Tessera.Lab.Calls;

namespace Tessera.Lab.Phones.Calls;

/// <summary>What the phone's loop knows of its call.</summary>
/// <param name="name">What the SIM calls it; empty for nothing.</param>
/// <param name="settled">Called once: when it stands, or has ended before.</param>
internal sealed class PhoneCall(string number, string name, TimeProvider time, Func<PhoneCall, Task>? settled)
{
    private const char Pause = 'p';

    private Func<PhoneCall, Task>? _settled = settled;
    private long _begun;
    private TimeSpan _lasted;

    public string Name { get; set; } = name;

    /// <summary>What is called; digits behind a pause are pressed when the call stands.</summary>
    public string Number { get; private set; } = number.Split(Pause)[0];

    public IReadOnlyList<char> Afterwards { get; private set; } = AfterwardsOf(number);

    /// <summary>The SIM changed whom it goes to.</summary>
    public bool IsModified { get; private set; }

    public CallPhase Phase { get; private set; }

    public CallEnding Ending { get; private set; }

    public VoiceCall? Voice { get; set; }

    /// <summary>Keys that the holder pressed, as the display shows them.</summary>
    public string Keys { get; set; } = "";

    public TimeSpan Lasted => Phase == CallPhase.Connected ? time.GetElapsedTime(_begun) : _lasted;

    public CallSight Sight => new(Number, Name, Phase, (int)Lasted.TotalSeconds, Ending);

    public void Modify(string changed)
    {
        (Number, Afterwards, IsModified) = (changed.Split(Pause)[0], AfterwardsOf(changed), true);
    }

    public void Ring()
    {
        if (Phase == CallPhase.Calling) Phase = CallPhase.Ringing;
    }

    public Task ConnectAsync()
    {
        (Phase, _begun) = (CallPhase.Connected, time.GetTimestamp());
        return SettleAsync();
    }

    public Task EndAsync(CallEnding ending)
    {
        (_lasted, Phase, Ending) = (Lasted, CallPhase.Ended, ending);
        return SettleAsync();
    }

    private Task SettleAsync()
    {
        var told = _settled;
        _settled = null;
        return told?.Invoke(this) ?? Task.CompletedTask;
    }

    private static IReadOnlyList<char> AfterwardsOf(string number) =>
        [.. number.SkipWhile(digit => digit != Pause).Where(digit => digit != Pause)];
}
