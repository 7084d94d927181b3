using Tessera.Lab.Calls;
using Tessera.Lab.Phones.Calls;
using Tessera.Lab.Phones.Log;
using Tessera.Lab.Phones.Screens;
using Tessera.Toolkit.Commands;

namespace Tessera.Lab.Phones.Toolkit;

/// <summary>Calls: the SIM is asked about each, and may want one itself (ETSI TS 102 223 §6.4.13).</summary>
internal sealed partial class ToolkitSession
{
    private const byte BusyOnCall = 0x02;
    private const byte ActionNotAllowed = 0x01;
    private const byte LastOnlyIfIdle = 0x01;
    private const byte LastWithHold = 0x03;
    private const byte UnassignedNumber = 0x81;
    private const byte UserBusy = 0x91;
    private const byte NobodyAnswered = 0x93;
    private const byte CallRejected = 0x95;

    /// <summary>Asks the SIM before a call is set up (3GPP TS 51.014 §9.1).</summary>
    /// <param name="imsi">Its first digits name the network the phone is in.</param>
    public async Task<CallControlAnswer> ControlCallAsync(string number, string imsi)
    {
        var response = await SendAsync(Envelope.CallControl(
            DialNumber.Encode(number), LocalInformation.PlaceOf(Options, imsi)));
        var answer = CallControlAnswer.Of(response);
        var told = answer switch
        {
            { Verdict: CallVerdict.Allowed, Number: { } changed } => $"allowed, to {changed}",
            { Verdict: CallVerdict.Allowed } => "allowed",
            { Verdict: CallVerdict.NotAllowed } => "not allowed",
            _ => "no answer, so no call",
        };
        _phone.Log.Add(LogHop.Toolkit, LogDirection.FromSim, response.Data.Span, $"CALL CONTROL: {told}");
        return answer;
    }

    private Task SetUpCallAsync(ProactiveCommand command)
    {
        if (_phone.HasCall && command.Qualifier <= LastOnlyIfIdle)
            return RespondAsync(GeneralResult.TerminalBusy, BusyOnCall);
        if (_phone.HasCall && command.Qualifier <= LastWithHold)
            return RespondAsync(GeneralResult.BeyondCapabilities);

        var number = DialNumber.Decode(command.Find(ObjectTag.Address)!.Value.Span);
        var name = command.Alpha ?? "";
        Show(new QuestionScreen(
            $"Call {(name.Length > 0 ? name : number)}?",
            yes => yes ? SetUpCallAsync(command, number, name) : RespondAsync(GeneralResult.UserRefused), BackAsync,
            "Call"));
        AnswerAfter(Options.AnswerTime, () => RespondAsync(GeneralResult.NoResponseFromUser));
        return Task.CompletedTask;
    }

    /// <summary>The holder said yes: what came of it is the answer.</summary>
    private async Task SetUpCallAsync(ProactiveCommand command, string number, string name)
    {
        _phone.Alarms.Cancel(_patience);
        _phone.Display.OfSim = null;
        await _phone.HangUpAsync();
        await _phone.DialAsync(
            number, name, call => _current == command ? AnswerAsync(command, call) : Task.CompletedTask);
    }

    private Task AnswerAsync(ProactiveCommand command, PhoneCall call) => call.Ending switch
    {
        CallEnding.None => RespondAsync(
            call.IsModified ? GeneralResult.ModifiedByCard : CommandRules.SuccessOf(command)),
        CallEnding.HungUp => RespondAsync(GeneralResult.UserClearedCall),
        CallEnding.NotAllowed => RespondAsync(GeneralResult.CallControlRefused, ActionNotAllowed),
        CallEnding.SimBusy => RespondAsync(GeneralResult.CallControlProblem, NoCause),
        CallEnding.NoService => RespondAsync(GeneralResult.TerminalBusy, NoService),
        CallEnding.OtherCall => RespondAsync(GeneralResult.TerminalBusy, BusyOnCall),
        CallEnding.Busy => RespondAsync(GeneralResult.NetworkBusy, UserBusy),
        CallEnding.UnknownNumber => RespondAsync(GeneralResult.NetworkBusy, UnassignedNumber),
        CallEnding.NotAnswered => RespondAsync(GeneralResult.NetworkBusy, NobodyAnswered),
        CallEnding.Refused => RespondAsync(GeneralResult.NetworkBusy, CallRejected),
        _ => RespondAsync(GeneralResult.NetworkBusy, NoCause),
    };
}
