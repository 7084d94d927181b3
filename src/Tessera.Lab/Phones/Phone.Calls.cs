using System.Net.Sockets;
using Tessera.Lab.Calls;
using Tessera.Lab.Phones.Calls;
using Tessera.Lab.Phones.Screens;
using Tessera.Lab.Phones.Sim;
using Tessera.Lab.Phones.Toolkit;

namespace Tessera.Lab.Phones;

/// <summary>Calls: what the holder or the SIM dials, after the SIM has allowed it.</summary>
internal sealed partial class Phone
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private PhoneCall? _call;

    /// <summary>The way to the voice network; null where there is none.</summary>
    public VoiceLine? Line { get; init; }

    public Earpiece Earpiece { get; } = new();

    /// <summary>Ringing and busy, as they are heard in it.</summary>
    public LocalTone CallTone { get; }

    /// <summary>Whom the holder called last; empty for nobody.</summary>
    public string LastDialled { get; private set; } = "";

    public bool HidesNumber { get; set; }

    /// <summary>Keys in a call are tones in its sound, not telephone events.</summary>
    public bool KeysInBand { get; private set; }

    public bool HasCall => _call is { Phase: not CallPhase.Ended };

    public Task DialAsync(string number)
    {
        if (!IsOn) return Task.CompletedTask;
        LastDialled = number;
        return DialAsync(number, name: "");
    }

    /// <summary>Calls somebody, if the SIM allows it; what hinders it is on the display.</summary>
    /// <param name="name">What the display calls him; empty for the number.</param>
    /// <param name="settled">Called once: when the call stands, or has ended before.</param>
    public async Task DialAsync(string number, string name, Func<PhoneCall, Task>? settled = null)
    {
        var call = new PhoneCall(number, name, Options.Time, settled);
        if (HasCall)
        {
            Tell(CallEnding.OtherCall.Words());
            await call.EndAsync(CallEnding.OtherCall);
            return;
        }

        Display.Home();
        CallTone.Play(cadence: null);
        _call = call;
        Display.OfCall = new CallScreen(
            call, () => Inbox.Unread, PressInCallAsync, _menu.ShowMainAsync, _menu.ShowInboxAsync, ForgetCallAsync);
        var hindrance = await HindranceAsync(call);
        if (hindrance == CallEnding.None) await BeginAsync(call);
        else await EndCallAsync(call, hindrance);
    }

    /// <summary>The red key: ends the call there is.</summary>
    public Task HangUpAsync() => EndCallAsync(CallEnding.HungUp);

    /// <summary>Ends the call there is, for a reason on this side.</summary>
    private Task EndCallAsync(CallEnding ending) =>
        HasCall ? EndCallAsync(_call!, ending) : Task.CompletedTask;

    private async Task EndCallAsync(PhoneCall call, CallEnding ending)
    {
        if (call.Phase == CallPhase.Ended) return;
        call.Voice?.HangUp();
        await call.EndAsync(ending);
        CallTone.Play(CallTones.Of(CallPhase.Ended, ending));
        Log.Note($"Call to {call.Number}: {call.Ending.Words()}.");
        Alarms.Set(Options.ShowTime, () => call == _call ? ForgetCallAsync() : Task.CompletedTask);
    }

    private Task ForgetCallAsync()
    {
        if (HasCall) return Task.CompletedTask;
        (_call, Display.OfCall) = (null, null);
        CallTone.Play(cadence: null);
        return Task.CompletedTask;
    }

    /// <summary>Asks the SIM, which may also say whom to call instead (3GPP TS 51.014 §9.1).</summary>
    private async Task<CallEnding> HindranceAsync(PhoneCall call)
    {
        if (_simState != SimState.Ready) return CallEnding.NoSim;
        if (Line is null || (Options.Centre is not null && !Radio.HasService)) return CallEnding.NoService;
        if (Toolkit is not { } toolkit || Contents?.Has(SimService.CallControl) != true) return CallEnding.None;

        var answer = await toolkit.ControlCallAsync(call.Number, Contents.Imsi);
        if (answer.Alpha.Length > 0) call.Name = answer.Alpha;
        if (answer.Number is { } changed) call.Modify(changed);
        return answer.Verdict switch
        {
            CallVerdict.Allowed => CallEnding.None,
            CallVerdict.NotAllowed => CallEnding.NotAllowed,
            _ => CallEnding.SimBusy,
        };
    }

    private async Task BeginAsync(PhoneCall call)
    {
        Log.Note($"Call to {call.Number}{(HidesNumber ? ", number hidden" : "")}.");
        try
        {
            call.Voice = await Line!.DialAsync(
                new Dialled(call.Number, OwnNumber, HidesNumber), Earpiece,
                (phone, phase, ending) => phone.HeardAsync(call, phase, ending));
            call.Voice.KeysInBand = KeysInBand;
        }
        catch (SocketException)
        {
            await EndCallAsync(call, CallEnding.NoService);
        }
    }

    /// <summary>The network says how the call goes; of a call that is over nothing counts.</summary>
    private async Task HeardAsync(PhoneCall call, CallPhase phase, CallEnding ending)
    {
        if (call.Phase == CallPhase.Ended) return;
        switch (phase)
        {
            case CallPhase.Ringing:
                call.Ring();
                CallTone.Play(CallTones.Of(phase, ending));
                break;
            case CallPhase.Connected:
                CallTone.Play(cadence: null);
                await call.ConnectAsync();
                Log.Note($"Call to {call.Number} stands.");
                foreach (var key in call.Afterwards) call.Voice?.TryPress(key);
                ShowTimeOf(call);
                break;
            case CallPhase.Ended:
                await EndCallAsync(call, ending);
                break;
        }
    }

    /// <summary>The display is drawn again every second.</summary>
    private void ShowTimeOf(PhoneCall call) => Alarms.Set(Second, () =>
    {
        if (call.Phase == CallPhase.Connected) ShowTimeOf(call);
        return Task.CompletedTask;
    });

    /// <summary>How keys go from now on, in the call there is as well.</summary>
    public void SendKeysInBand(bool inBand)
    {
        KeysInBand = inBand;
        if (_call?.Voice is { } voice) voice.KeysInBand = inBand;
    }

    private Task PressInCallAsync(char key)
    {
        if (_call?.Voice?.TryPress(key) == true) _call.Keys += key;
        return Task.CompletedTask;
    }
}
