using System.Globalization;
using Tessera.Cards;
using Tessera.Lab.Phones.Log;
using Tessera.Lab.Phones.Sim;
using Tessera.Toolkit.Commands;
using Tessera.Wire;

namespace Tessera.Lab.Phones.Toolkit;

/// <summary>
/// The conversation with the toolkit of one powered SIM: TERMINAL PROFILE, then FETCH, perform, TERMINAL RESPONSE as
/// often as the SIM has a command (3GPP TS 51.014 §6).
/// </summary>
internal sealed partial class ToolkitSession
{
    /// <summary>Commands in a row without a wait for the holder, the network or the clock.</summary>
    public const int MostInARow = 256;

    private const byte TerminalProfileInstruction = 0x10;
    private const byte Fetch = 0x12;
    private const byte TerminalResponseInstruction = 0x14;
    private const byte EnvelopeInstruction = 0xC2;
    private const byte Status = 0xF2;
    private const byte StatusLength = 0x16;

    private readonly Phone _phone;
    private readonly SimCard _sim;
    private readonly ToolkitTimers _timers;
    private readonly Queue<Bytes> _unsent = new();
    private ProactiveCommand? _current;
    private Alarm? _patience;
    private Alarm? _poll;
    private byte[] _events = [];

    private ToolkitSession(Phone phone, SimCard sim)
    {
        (_phone, _sim) = (phone, sim);
        _timers = new ToolkitTimers(phone.Alarms, (timer, ran) =>
        {
            _unsent.Enqueue(Envelope.TimerExpiration(timer, ran));
            return Task.CompletedTask;
        });
    }

    public ToolkitMenu? Menu { get; private set; }

    /// <summary>What SET UP IDLE MODE TEXT put on the idle display; empty for nothing.</summary>
    public string IdleText { get; private set; } = "";

    /// <summary>The tone that sounds for the SIM; null for none.</summary>
    public Tone? Tone { get; private set; }

    /// <summary>A text that was answered at once stays until something takes its place.</summary>
    public bool KeepsText { get; private set; }

    /// <summary>The SIM has asked for something that is not answered yet.</summary>
    public bool IsPerforming => _current is not null;

    /// <summary>It waits for the holder.</summary>
    public bool AsksHolder => _current is { Type: not CommandType.SendShortMessage };

    /// <summary>It waits for the holder on a screen of its own: the keys are the SIM's.</summary>
    public bool HasScreen => AsksHolder && _phone.Display.OfSim is not null;

    private HandsetOptions Options => _phone.Options;

    private CancellationToken Ended => _phone.Ended;

    /// <summary>Tells the SIM what the phone can do.</summary>
    public static async Task<ToolkitSession> BeginAsync(Phone phone, SimCard sim)
    {
        var session = new ToolkitSession(phone, sim);
        phone.Log.Add(LogHop.Toolkit, LogDirection.ToSim, HandsetProfile.Value.Octets.Span, "TERMINAL PROFILE");
        await sim.SendAsync(
            new CommandApdu(SimCard.Class, TerminalProfileInstruction, 0, 0, HandsetProfile.Value.Octets), phone.Ended);
        session.Poll(phone.Options.PollInterval);
        return session;
    }

    /// <summary>The SIM is gone: nothing of it counts any more.</summary>
    public void End()
    {
        _timers.StopAll();
        _phone.Alarms.Cancel(_poll);
        _unsent.Clear();
        _sim.ForgetWaiting();
        Finish();
        (_phone.Display.OfSim, Tone) = (null, null);
    }

    /// <summary>
    /// Fetches and performs what waits, until one must wait for the holder, the network or the clock.
    /// </summary>
    public async Task SettleAsync()
    {
        for (var count = 0; _current is null; count++)
        {
            if (_sim.Waiting is not { } length)
            {
                if (!_unsent.TryDequeue(out var envelope)) return;
                await SendAsync(envelope, _ => Task.CompletedTask);
                continue;
            }

            if (count == MostInARow)
            {
                _phone.Log.Note($"{MostInARow} commands in a row: the SIM is left alone until the next STATUS.");
                _sim.ForgetWaiting();
                return;
            }

            await FetchAsync(length);
        }
    }

    /// <summary>The holder took an item of the SIM's menu.</summary>
    public Task SelectAsync(byte item, bool help) => SendAsync(Envelope.MenuSelection(item, help), status =>
    {
        if (!status.IsDone()) _phone.Tell(status == SimStatus.ToolkitBusy ? "The SIM is busy." : "The SIM refused.");
        return Task.CompletedTask;
    });

    /// <summary>A short message for the SIM; its answer decides what the network hears.</summary>
    public Task<ResponseApdu> DownloadAsync(Bytes serviceCentre, Bytes deliver) =>
        SendAsync(Envelope.SmsPpDownload(serviceCentre, deliver));

    /// <summary>The holder pressed End.</summary>
    public Task EndByHolderAsync() => RespondAsync(GeneralResult.SessionTerminatedByUser);

    /// <summary>Something happened that the SIM may have asked to hear of; it hears of it once.</summary>
    public void Happened(byte happened)
    {
        if (!_events.Contains(happened)) return;
        _events = [.. _events.Where(other => other != happened)];
        _unsent.Enqueue(Envelope.Event(happened));
    }

    private async Task FetchAsync(int length)
    {
        var answer = await _sim.SendAsync(new CommandApdu(SimCard.Class, Fetch, 0, 0, Le: length), Ended);
        _sim.ForgetWaiting();
        if (!answer.Status.IsDone()) return;
        var (command, fault) = FetchedCommand.Read(answer.Data.Span);
        _phone.Log.Add(LogHop.Toolkit, LogDirection.FromSim, answer.Data.Span, ToolkitDecoding.Of(command, fault));
        _current = command;
        if (fault is { } result)
        {
            await RespondAsync(result);
            return;
        }

        (_phone.Display.OfSim, KeepsText) = (null, false);
        try
        {
            await PerformAsync(command);
        }
        catch (WireFormatException)
        {
            await RespondAsync(GeneralResult.DataNotUnderstood);
        }
    }

    private Task PerformAsync(ProactiveCommand command) => command.Type switch
    {
        CommandType.DisplayText => DisplayTextAsync(command),
        CommandType.GetInkey => GetInkeyAsync(command),
        CommandType.GetInput => GetInputAsync(command),
        CommandType.SelectItem => SelectItemAsync(command),
        CommandType.SetUpMenu => SetUpMenuAsync(command),
        CommandType.SetUpIdleModeText => SetUpIdleTextAsync(command),
        CommandType.PlayTone => PlayToneAsync(command),
        CommandType.SetUpCall => SetUpCallAsync(command),
        CommandType.SendShortMessage => SendShortMessageAsync(command),
        CommandType.Refresh => RefreshAsync(command),
        CommandType.MoreTime => DoneAsync(command),
        CommandType.PollInterval => PollIntervalAsync(command),
        CommandType.PollingOff => PollingOffAsync(command),
        CommandType.SetUpEventList => SetUpEventListAsync(command),
        CommandType.TimerManagement => RespondAsync(_timers.Manage(command)),
        CommandType.ProvideLocalInformation => RespondAsync(
            LocalInformation.Provide(command, Options, _phone.Contents?.Imsi ?? "", Phone.FullBattery)),
        _ => RespondAsync(GeneralResult.BeyondCapabilities),
    };

    private Task DoneAsync(ProactiveCommand command) => RespondAsync(CommandRules.SuccessOf(command));

    private Task RespondAsync(GeneralResult result, params ReadOnlySpan<byte> additional) => _current is { } command
        ? RespondAsync(TerminalResponse.To(command, result) with { Additional = Bytes.CopyOf(additional) })
        : Task.CompletedTask;

    /// <summary>Answers the command that is being performed; a second answer is none.</summary>
    private async Task RespondAsync(TerminalResponse response)
    {
        if (_current is not { } command) return;
        Finish();
        var octets = Bytes.Of(response);
        var secret = ToolkitDecoding.SecretOf(command, response, octets);
        _phone.Log.Add(
            LogHop.Toolkit, LogDirection.ToSim,
            new Masked(octets, secret.Start.Value, secret.End.Value - secret.Start.Value),
            ToolkitDecoding.Of(command, response));
        await _sim.SendAsync(
            new CommandApdu(SimCard.Class, TerminalResponseInstruction, 0, 0, octets), Ended, secret);
    }

    private void Finish()
    {
        _current = null;
        _phone.Alarms.Cancel(_patience);
        _patience = null;
    }

    /// <summary>Answers the command when the time is over, unless it has been answered by then.</summary>
    private void AnswerAfter(TimeSpan time, Func<Task> answer)
    {
        _phone.Alarms.Cancel(_patience);
        _patience = _phone.Alarms.Set(time, answer);
    }

    private async Task SendAsync(Bytes envelope, Func<StatusWord, Task> answered) =>
        await answered((await SendAsync(envelope)).Status);

    private async Task<ResponseApdu> SendAsync(Bytes envelope)
    {
        _phone.Log.Add(LogHop.Toolkit, LogDirection.ToSim, envelope.Span, ToolkitDecoding.OfEnvelope(envelope));
        return await _sim.SendAsync(new CommandApdu(SimCard.Class, EnvelopeInstruction, 0, 0, envelope), Ended);
    }

    private void Poll(TimeSpan interval)
    {
        _phone.Alarms.Cancel(_poll);
        _poll = _phone.Alarms.Set(interval, async () =>
        {
            Poll(interval);
            await _sim.SendAsync(new CommandApdu(SimCard.Class, Status, 0, 0, Le: StatusLength), Ended);
        });
    }

    private Task PollIntervalAsync(ProactiveCommand command)
    {
        var wanted = command.Duration!.Value;
        Poll(wanted >= TimeSpan.FromSeconds(1) ? wanted : TimeSpan.FromSeconds(1));
        var granted = wanted >= TimeSpan.FromSeconds(1)
            ? command.Find(ObjectTag.Duration)!.Value
            : new Bytes((byte[])[(byte)TimeUnit.Seconds, 1]);
        return RespondAsync(TerminalResponse.To(
            command, CommandRules.SuccessOf(command), ComprehensionTlv.Of(ObjectTag.Duration, granted.Span)));
    }

    private Task PollingOffAsync(ProactiveCommand command)
    {
        _phone.Alarms.Cancel(_poll);
        return DoneAsync(command);
    }

    private Task SetUpEventListAsync(ProactiveCommand command)
    {
        var wanted = command.Find(ObjectTag.EventList)!.Value.ToArray();
        if (!wanted.All(HandsetEvents.Known.Contains)) return RespondAsync(GeneralResult.BeyondCapabilities);
        _events = wanted;
        return DoneAsync(command);
    }

    /// <summary>What counts on the SIM is read again, or the SIM is reset, which is not answered (§6.4.7).</summary>
    private async Task RefreshAsync(ProactiveCommand command)
    {
        const byte fileChange = 0x01, initialisation = 0x03, reset = 0x04;
        switch (command.Qualifier)
        {
            case <= initialisation:
                _phone.Log.Note(string.Create(
                    CultureInfo.InvariantCulture, $"REFRESH {command.Qualifier}: the SIM is read again."));
                if (command.Qualifier != fileChange) (Menu, IdleText, _events) = (null, "", []);
                await _phone.ReadSimAsync(_sim);
                await DoneAsync(command);
                break;
            case reset:
                _phone.Log.Note("REFRESH: the SIM is reset.");
                await _phone.LoseSimAsync(SimState.Absent);
                _phone.ResetSim();
                break;
            default:
                await RespondAsync(GeneralResult.BeyondCapabilities);
                break;
        }
    }
}

/// <summary>Events this phone tells its SIM (ETSI TS 102 223 §8.25).</summary>
internal static class HandsetEvents
{
    public const byte UserActivity = 0x04;
    public const byte IdleScreen = 0x05;

    public static byte[] Known { get; } = [UserActivity, IdleScreen];
}
