using Tessera.Cards;
using Tessera.Lab.Calls;
using Tessera.Lab.Phones.Air;
using Tessera.Lab.Phones.Log;
using Tessera.Lab.Phones.Messages;
using Tessera.Lab.Phones.Screens;
using Tessera.Lab.Phones.Sim;
using Tessera.Lab.Phones.Toolkit;

namespace Tessera.Lab.Phones;

/// <summary>Everything a phone is, touched by its own loop alone.</summary>
internal sealed partial class Phone : IDisposable
{
    public const byte FullBattery = 0x04;

    private const int Bars = 4;

    private readonly PhoneMenu _menu;
    private SimState _simState;

    public Phone(HandsetOptions options, HandsetLog log, Alarms alarms, Radio radio, CancellationToken ended)
    {
        (Options, Log, Alarms, Radio, Ended) = (options, log, alarms, radio, ended);
        Inbox = new Inbox(options.InboxRoom);
        CallTone = new LocalTone(Earpiece, options.Time);
        _menu = new PhoneMenu(this);
    }

    public HandsetOptions Options { get; }

    public HandsetLog Log { get; }

    public Alarms Alarms { get; }

    public Radio Radio { get; }

    public Inbox Inbox { get; }

    public Display Display { get; } = new();

    /// <summary>The phone is taken apart: nothing goes on.</summary>
    public CancellationToken Ended { get; }

    public bool IsOn { get; private set; }

    public SimCard? Sim { get; private set; }

    public SimContents? Contents { get; private set; }

    public ToolkitSession? Toolkit { get; private set; }

    /// <summary>Asks whoever watches the slot to reset the SIM.</summary>
    public Action ResetSim { get; init; } = () => { };

    /// <summary>Does something that takes its time, and then something in the phone's loop.</summary>
    public required Action<Func<Task<Func<Task>>>> Later { get; init; }

    public void SwitchOn()
    {
        if (IsOn) return;
        IsOn = true;
        Log.Note("Switched on.");
    }

    /// <summary>The SIM has no power from now on, and nobody can reach the phone.</summary>
    public async Task SwitchOffAsync()
    {
        if (!IsOn) return;
        await EndCallAsync(CallEnding.SwitchedOff);
        await LoseSimAsync(SimState.Absent);
        await ForgetCallAsync();
        IsOn = false;
        Radio.Forget();
        Alarms.Clear();
        Log.Note("Switched off.");
    }

    /// <summary>A SIM has power: everything a phone does with it at start, until CHV1 stops it.</summary>
    public async Task InsertAsync(ICard card)
    {
        await LoseSimAsync(SimState.Absent);
        Log.Note($"SIM in the slot, ATR {card.Atr}.");
        Sim = new SimCard(card, Log);
        if (await Sim.SelectAsync(Ended, SimFileId.Mf, SimFileId.Gsm) is not { } gsm)
        {
            await LoseSimAsync(SimState.Faulty);
            return;
        }

        if (gsm.AsksChv1) AskChv1(Sim, gsm.Chv1Tries);
        else await StartAsync(Sim);
    }

    /// <summary>The SIM was taken out, has no power or broke the protocol.</summary>
    public async Task LoseSimAsync(SimState state)
    {
        if (Sim is not null) Log.Note(state == SimState.Faulty ? "The SIM does not answer as a SIM does." : "No SIM.");
        _simState = state;
        Toolkit?.End();
        await EndCallAsync(CallEnding.NoSim);
        Display.Home();
        Inbox.ForgetSim();
        (Sim, Contents, Toolkit) = (null, null, null);
        await Radio.DetachAsync();
    }

    public async Task ReadSimAsync(SimCard sim)
    {
        var phase = await sim.ReadAsync(Ended, SimFileId.Mf, SimFileId.Gsm, SimFileId.Phase);
        Contents = await SimContents.ReadAsync(sim, phase is { Length: > 0 } known ? known.Span[0] : (byte)0, Ended);
        Inbox.TakeFromSim(Contents.Messages, Options.Time.GetUtcNow());
    }

    public async Task PressAsync(PhoneKey key)
    {
        if (!IsOn) return;
        Toolkit?.Happened(HandsetEvents.UserActivity);
        var wasIdle = Display.Top is null;
        await (key switch
        {
            PhoneKey.End when HasCall && Toolkit?.HasScreen != true => HangUpAsync(),
            PhoneKey.End when Toolkit is { AsksHolder: true } toolkit => toolkit.EndByHolderAsync(),
            PhoneKey.End => HomeAsync(),
            _ when Display.Top is { } top => top.PressAsync(key),
            _ => _menu.PressAsync(key),
        });
        if (!wasIdle && Display.Top is null) Toolkit?.Happened(HandsetEvents.IdleScreen);
    }

    public async Task TypeAsync(string text)
    {
        if (!IsOn) return;
        Toolkit?.Happened(HandsetEvents.UserActivity);
        if (Display.Top is { } top) await top.TypeAsync(text);
        else _menu.Type(text);
    }

    /// <summary>Fetches and performs what the SIM wants after anything happened.</summary>
    public async Task SettleAsync()
    {
        if (Toolkit is null) return;
        await Toolkit.SettleAsync();
        if (Toolkit is { IsPerforming: false, Tone: null }) ClearAnswered();
    }

    /// <summary>A word of the phone itself, until a key is pressed.</summary>
    public void Tell(string text) =>
        Display.Show(new TextScreen(text, Display.BackAsync, Display.BackAsync, right: ""));

    /// <summary>Takes an item of the SIM's menu, from 0, whatever else is shown.</summary>
    public Task SelectAsync(int place) => IsOn ? _menu.SelectAsync(place) : Task.CompletedTask;

    public void MenuChanged() => _menu.MenuChanged();

    public HandsetState Draw(long number)
    {
        var sight = !IsOn ? new Sight([]) : Display.Top?.Draw() ?? _menu.DrawIdle();
        return new HandsetState(
            number, IsOn, _simState,
            [.. sight.Lines.Take(PhoneScreen.Height).Select(line => Wrapping.Cut(line)),
                .. Enumerable.Repeat("", Math.Max(0, PhoneScreen.Height - sight.Lines.Count))],
            sight.Left, sight.Right, Display.Top is { } top && IsOn ? top.Typing : TypingMode.None,
            Radio.HasService ? Bars : 0, IsOn ? Bars : 0, NetworkName,
            Toolkit?.Tone?.ToString(),
            new HandsetIdentity(Options.Imei, Contents?.Imsi ?? "", Contents?.Iccid ?? "", OwnNumber),
            Toolkit?.Menu, Inbox.Messages, Radio.Traffic)
        {
            Call = _call?.Sight, HidesNumber = HidesNumber, KeysInBand = KeysInBand,
        };
    }

    public string OwnNumber => Radio.Number.Length > 0 ? Radio.Number : Contents?.OwnNumber ?? "";

    public string NetworkName => !IsOn ? ""
        : _simState switch
        {
            SimState.Absent => "Insert SIM",
            SimState.Faulty => "SIM error",
            SimState.PinAsked or SimState.Blocked => "SIM locked",
            _ => Radio.HasService ? Options.NetworkName : "No network",
        };

    public void Dispose()
    {
        CallTone.Dispose();
        Alarms.Dispose();
    }

    /// <summary>What the SIM may want is heard, what the network has is taken.</summary>
    private async Task StartAsync(SimCard sim)
    {
        _simState = SimState.Ready;
        Display.Home();
        var phase = await sim.ReadAsync(Ended, SimFileId.Mf, SimFileId.Gsm, SimFileId.Phase);
        if (phase is { Length: > 0 } known && known.Span[0] >= SimContents.ToolkitPhase)
            Toolkit = await ToolkitSession.BeginAsync(this, sim);
        await ReadSimAsync(sim);
        if (Contents!.ImsiFile.Length > 0) Radio.Attach(Contents.ImsiFile);
    }

    private Task HomeAsync()
    {
        Display.OfSim = null;
        Display.Home();
        return ForgetCallAsync();
    }

    /// <summary>A text that was to stay after its answer stays; a screen that was answered goes.</summary>
    private void ClearAnswered()
    {
        if (Toolkit is { KeepsText: false }) Display.OfSim = null;
    }
}
