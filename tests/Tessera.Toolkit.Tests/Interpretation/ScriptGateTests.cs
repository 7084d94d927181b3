using Tessera.Cards.Purse;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Interpretation;

/// <summary>docs/protocols/script.md §6.4, §6.5: never twice, and only in an open session.</summary>
public class ScriptGateTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Bytes Answer = Bytes.Of(new ResponseScript(new ScriptHead(1, 1, 1), 1, []));

    private readonly MemoryJournal _journal = new();
    private readonly ScriptGate _gate;

    public ScriptGateTests() => _gate = new ScriptGate(_journal);

    [Fact]
    public void A_script_begins_durably_before_it_runs_and_its_answer_is_kept()
    {
        var session = _gate.Open(Start);

        var admitted = Assert.IsType<Admitted>(_gate.Admit(Script(session, 1), Start));
        Assert.Equal(["open 1", "begin 1.1"], _journal.Written);

        Assert.Equal(Answer, _gate.Finish(admitted, Answer, Start));
        Assert.Equal(new Answered(Answer), _gate.Admit(Script(session, 1), Start));
        Assert.Equal(["open 1", "begin 1.1", "finish 1.1"], _journal.Written);
    }

    [Fact]
    public void A_script_that_had_begun_and_lost_its_answer_does_not_run_again()
    {
        var session = _gate.Open(Start);
        _gate.Admit(Script(session, 1), Start);

        var afterwards = new ScriptGate(_journal);

        Refuses(afterwards.Admit(Script(session, 1), Start), StopReason.Interrupted);
        afterwards.Open(Start);
        Refuses(afterwards.Admit(Script(session, 1), Start), StopReason.Interrupted);
    }

    [Fact]
    public void Another_script_under_a_used_number_does_not_run()
    {
        var session = Ran(1);

        Refuses(_gate.Admit(Script(session, 1, "other"), Start), StopReason.NumberUsed);
        Refuses(new ScriptGate(_journal).Admit(Script(session, 1, "other"), Start), StopReason.NumberUsed);
    }

    [Fact]
    public void Numbers_only_rise()
    {
        var session = Ran(5);

        Refuses(_gate.Admit(Script(session, 4), Start), StopReason.NumberUsed);
        Assert.IsType<Admitted>(_gate.Admit(Script(session, 255), Start));
    }

    [Fact]
    public void A_script_that_was_forgotten_does_not_run_again()
    {
        var session = _gate.Open(Start);
        for (byte number = 1; number <= 6; number++) Run(session, number);

        Refuses(_gate.Admit(Script(session, 1), Start), StopReason.NumberUsed);
        Refuses(_gate.Admit(Script(session, 2), Start), StopReason.NumberUsed);
        Assert.Equal(new Answered(Answer), _gate.Admit(Script(session, 3), Start));
    }

    [Fact]
    public void A_script_of_no_session_or_another_does_not_run()
    {
        Refuses(_gate.Admit(Script(1, 1), Start), StopReason.SessionNotOpen);
        var session = _gate.Open(Start);
        Refuses(_gate.Admit(Script((ushort)(session + 1), 1), Start), StopReason.SessionNotOpen);
        Refuses(_gate.Admit(Script(0, 1), Start), StopReason.SessionNotOpen);
    }

    [Fact]
    public void A_session_ends_by_removal_and_by_a_newer_opening_but_gives_its_answers()
    {
        var session = Ran(1);

        _gate.Close();
        Refuses(_gate.Admit(Script(session, 2), Start), StopReason.SessionNotOpen);
        Assert.Equal(new Answered(Answer), _gate.Admit(Script(session, 1), Start));

        var newer = _gate.Open(Start);
        Assert.NotEqual(session, newer);
        Refuses(_gate.Admit(Script(session, 2), Start), StopReason.SessionNotOpen);
        Assert.Equal(new Answered(Answer), _gate.Admit(Script(session, 1), Start));
    }

    [Fact]
    public void A_session_ends_by_silence()
    {
        var session = _gate.Open(Start);
        Run(session, 1, Start.AddMinutes(15));
        Run(session, 2, Start.AddMinutes(30));

        Refuses(_gate.Admit(Script(session, 3), Start.AddMinutes(45).AddSeconds(1)), StopReason.SessionNotOpen);
        Refuses(_gate.Admit(Script(session, 3), Start.AddMinutes(30)), StopReason.SessionNotOpen);
        Assert.Equal(new Answered(Answer), _gate.Admit(Script(session, 2), Start.AddDays(1)));
    }

    [Fact]
    public void A_script_at_work_is_not_silence()
    {
        var session = _gate.Open(Start);
        var admitted = (Admitted)_gate.Admit(Script(session, 1), Start);
        _gate.Finish(admitted, Answer, Start.AddHours(1));

        Assert.IsType<Admitted>(_gate.Admit(Script(session, 2), Start.AddHours(1).AddMinutes(14)));
    }

    [Fact]
    public void One_script_at_a_time()
    {
        var session = _gate.Open(Start);
        var admitted = (Admitted)_gate.Admit(Script(session, 1), Start);

        Assert.IsType<Busy>(_gate.Admit(Script(session, 1), Start));
        Assert.IsType<Busy>(_gate.Admit(Script(session, 2), Start));
        Refuses(_gate.Admit(Script(session, 1, "other"), Start), StopReason.NumberUsed);

        _gate.Finish(admitted, Answer, Start);
        Assert.IsType<Admitted>(_gate.Admit(Script(session, 2), Start));
    }

    [Fact]
    public void A_session_that_ends_while_a_script_is_at_work_keeps_its_answer()
    {
        var session = _gate.Open(Start);
        var admitted = (Admitted)_gate.Admit(Script(session, 1), Start);
        _gate.Close();
        var newer = _gate.Open(Start);

        Assert.IsType<Busy>(_gate.Admit(Script(newer, 1), Start));
        _gate.Finish(admitted, Answer, Start);
        Assert.Equal(new Answered(Answer), _gate.Admit(Script(session, 1), Start));
        Assert.IsType<Admitted>(_gate.Admit(Script(newer, 1), Start));
    }

    [Fact]
    public void Sessions_have_new_numbers_even_after_a_restart_and_never_0()
    {
        var first = _gate.Open(Start);
        var second = new ScriptGate(_journal).Open(Start);
        Assert.Equal(first + 1, second);

        _journal.LastSession = ushort.MaxValue;
        Assert.Equal(1, _gate.Open(Start));
    }

    [Fact]
    public void Reordered_scripts_run_in_the_order_of_their_numbers_or_not_at_all()
    {
        var session = _gate.Open(Start);
        Run(session, 2);

        Refuses(_gate.Admit(Script(session, 1), Start), StopReason.NumberUsed);
        Run(session, 3);
        Assert.DoesNotContain("begin 1.1", _journal.Written, StringComparer.Ordinal);
    }

    [Fact]
    public void What_is_no_script_is_answered_and_leaves_no_trace()
    {
        var session = _gate.Open(Start);

        var answered = Assert.IsType<Answered>(_gate.Admit(Bytes.FromHex("AA08 C004 01000101 2F00"), Start));

        Assert.Equal(FormatError.UnknownTag, answered.Answer.Read<ResponseScript>().BadFormat?.Error);
        Assert.Equal(["open 1"], _journal.Written);
        Run(session, 1);
    }

    [Fact]
    public void Only_the_script_at_work_can_finish()
    {
        var session = _gate.Open(Start);
        var admitted = (Admitted)_gate.Admit(Script(session, 1), Start);
        _gate.Finish(admitted, Answer, Start);

        Assert.Throws<ArgumentException>(() => _gate.Finish(admitted, Answer, Start));
    }

    private static Bytes Script(ushort session, byte number, string text = "hi") => Bytes.Of(new ScriptBuilder()
        .Perform(ProactiveCommand.DisplayText(text)).Send(PurseCommands.Balance).Build(session, number));

    private static void Refuses(Admission admission, StopReason reason)
    {
        var answer = Assert.IsType<Answered>(admission).Answer.Read<ResponseScript>();
        Assert.Equal(new Stopped(reason, 0), answer.Stopped);
        Assert.Equal(0, answer.Executed);
    }

    private ushort Ran(byte number)
    {
        var session = _gate.Open(Start);
        Run(session, number);
        return session;
    }

    private void Run(ushort session, byte number, DateTimeOffset? now = null) =>
        _gate.Finish((Admitted)_gate.Admit(Script(session, number), now ?? Start), Answer, now ?? Start);
}
