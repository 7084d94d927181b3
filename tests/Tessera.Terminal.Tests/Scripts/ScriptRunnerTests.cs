using Tessera.Terminal.Displays;
using Tessera.Terminal.Tests.Displays;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard;
using Tessera.Wire;
using Xunit;

namespace Tessera.Terminal.Tests.Scripts;

public sealed class ScriptRunnerTests : IAsyncLifetime
{
    private const string Verify = "00200080";
    private const string ClearPin = "0020FF80";
    private const string Move = "80540100";
    private const string End = "805E0000";

    private Counter _counter = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _counter = await Counter.OpenAsync(Cancel);

    public ValueTask DisposeAsync() => _counter.DisposeAsync();

    [Fact]
    public async Task The_worked_purchase_is_chosen_confirmed_by_PIN_paid_and_thanked_for()
    {
        var script = await _counter.AuthoriseAsync(Cancel);
        var running = _counter.Runner.RunAsync(script, Cancel);
        await _counter.Screen.AnswerAsync<ListShown>(new Selected(1), Cancel);
        var (ask, secret) = await _counter.Screen.AskedAsync<SecretAsked>(Cancel);

        Assert.Equal(new ShownPayment("Airport 4.80", "4.80", "EUR"), secret.Payment);
        Assert.True(_counter.Screen.TryAnswer(ask, new Entry(DemonstrationKeys.Pin)));
        var answer = await running;

        Assert.Equal(new Payment(PaymentMethod.Pin, Till.Euro, 480, "Airport 4.80"), _counter.Till.Paid(script, answer));
        Assert.Equal("Paid. Thank you", (await _counter.Screen.AskedAsync<TextShown>(Cancel)).Request.Text);
        Assert.Equal([Verify, Move, ClearPin, End], _counter.Card.Commands.TakeLast(4), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_wrong_PIN_is_told_with_the_tries_left_and_nothing_is_moved()
    {
        var answer = await PayAsync(await _counter.AuthoriseAsync(Cancel), "654321");

        Assert.Equal(new Stopped(StopReason.UnexpectedStatus, 4), answer.Stopped);
        Assert.Equal("63C2", ((CardResult)answer.Results[^1]).Answer.Status.ToString());
        Assert.DoesNotContain(Move, _counter.Card.Commands, StringComparer.Ordinal);
    }

    [Fact]
    public async Task The_same_script_again_gets_the_same_answer_and_the_card_is_not_asked()
    {
        var script = await _counter.AuthoriseAsync(Cancel);
        var answer = await PayAsync(script, DemonstrationKeys.Pin);
        var asked = _counter.Card.Commands.Count;

        Assert.Equal(Bytes.Of(answer), await _counter.Runner.RunAsync(script, Cancel));

        Assert.Equal(asked, _counter.Card.Commands.Count);
    }

    [Fact]
    public async Task Another_script_under_the_same_number_is_refused_and_not_run()
    {
        var script = await _counter.AuthoriseAsync(Cancel);
        await PayAsync(script, DemonstrationKeys.Pin);
        var asked = _counter.Card.Commands.Count;

        foreach (var number in (byte[])[1, 2])
            Assert.Equal(StopReason.NumberUsed, await RefusalAsync(Shown("Another", number)));

        Assert.Equal(asked, _counter.Card.Commands.Count);
        Assert.Null(await RefusalAsync(Shown("Next", number: 3)));
    }

    [Fact]
    public async Task Without_its_card_a_session_is_not_open_but_the_stored_answer_is_still_given()
    {
        var script = await _counter.AuthoriseAsync(Cancel);
        var answer = await PayAsync(script, DemonstrationKeys.Pin);
        _counter.Card.Pull();
        _counter.Runner.Remove();

        Assert.Equal(Bytes.Of(answer), await _counter.Runner.RunAsync(script, Cancel));
        Assert.Equal(StopReason.SessionNotOpen, await RefusalAsync(Shown("Next", number: 3)));
    }

    [Fact]
    public async Task The_next_insertion_is_another_session_and_the_old_one_stays_closed()
    {
        _counter.Runner.Remove();
        await using var next = new CardInHand();
        var session = _counter.Runner.Insert(next).Session;

        Assert.NotEqual(_counter.Session, session);
        Assert.Equal(StopReason.SessionNotOpen, await RefusalAsync(Shown("Old", number: 1)));
        Assert.Null(await RefusalAsync(Shown("New", number: 1, session)));
    }

    [Fact]
    public async Task A_session_reopened_follows_the_one_it_replaces_and_only_that_one()
    {
        Assert.Null(_counter.Runner.Reopen((ushort)(_counter.Session + 1)));
        var reopened = _counter.Runner.Reopen(_counter.Session);

        Assert.Equal(_counter.Session, reopened?.Follows);
        Assert.Null(_counter.Runner.Reopen(_counter.Session));
        Assert.Equal(StopReason.SessionNotOpen, await RefusalAsync(Shown("Old", number: 1)));
        Assert.Null(await RefusalAsync(Shown("New", number: 1, reopened!.Session)));
    }

    [Fact]
    public async Task A_holder_who_does_not_answer_in_time_stops_the_script_and_the_prompt_goes()
    {
        var running = await AtThePinAsync();
        await _counter.Time.TimerAsync(Counter.Limits.Holder, Cancel); // for the list
        await _counter.Time.TimerAsync(Counter.Limits.Holder, Cancel);

        _counter.Time.Advance(Counter.Limits.Holder);

        Assert.Equal(new Stopped(StopReason.NoAnswerFromHolder, 3), (await running).Read<ResponseScript>().Stopped);
        Assert.Null(_counter.Screen.Sight.Request);
        Assert.Equal(ClearPin, _counter.Card.Commands[^2]);
    }

    [Fact]
    public async Task A_holder_who_cancels_stops_the_script()
    {
        var running = await AtThePinAsync();

        await _counter.Screen.AnswerAsync<SecretAsked>(new Cancelled(), Cancel);

        Assert.Equal(new Stopped(StopReason.EndedByHolder, 3), (await running).Read<ResponseScript>().Stopped);
        Assert.DoesNotContain(Verify, _counter.Card.Commands, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_card_pulled_while_the_PIN_is_asked_stops_the_script_and_the_prompt_goes()
    {
        var running = await AtThePinAsync();

        _counter.Card.Pull();

        Assert.Equal(new Stopped(StopReason.CardLost, 3), (await running).Read<ResponseScript>().Stopped);
        Assert.Null(_counter.Screen.Sight.Request);
    }

    [Fact]
    public async Task A_terminal_that_is_switched_off_while_the_PIN_is_asked_interrupts_the_script()
    {
        using var off = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = await AtThePinAsync(off.Token);

        await off.CancelAsync();

        Assert.Equal(new Stopped(StopReason.Interrupted, 3), (await running).Read<ResponseScript>().Stopped);
        Assert.Null(_counter.Screen.Sight.Request);
        Assert.Equal([ClearPin, End], _counter.Card.Commands.TakeLast(2), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_card_that_does_not_answer_in_time_is_lost()
    {
        var silent = _counter.Card.FallSilentAt(Move);
        var running = PayAsync(await _counter.AuthoriseAsync(Cancel), DemonstrationKeys.Pin);
        await silent;

        _counter.Time.Advance(Counter.Limits.Card);

        Assert.Equal(new Stopped(StopReason.CardLost, 7), (await running).Stopped);
    }

    [Fact]
    public async Task A_command_that_is_at_the_card_is_finished_before_the_terminal_is_off()
    {
        using var off = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var silent = _counter.Card.FallSilentAt(Move);
        var script = await _counter.AuthoriseAsync(Cancel);
        var running = PayAsync(script, DemonstrationKeys.Pin, off.Token);
        await silent;
        await off.CancelAsync();

        _counter.Card.Speak();

        Assert.NotNull(_counter.Till.Paid(script, Bytes.Of(await running)));
    }

    [Fact]
    public async Task It_is_idle_when_the_script_has_let_go_of_a_card_that_was_pulled()
    {
        Assert.True(_counter.Runner.Idle.IsCompletedSuccessfully);
        var silent = _counter.Card.FallSilentAt(Move);
        var running = PayAsync(await _counter.AuthoriseAsync(Cancel), DemonstrationKeys.Pin);
        await silent;
        _counter.Card.Pull();
        _counter.Runner.Remove();
        var idle = _counter.Runner.Idle;
        Assert.False(idle.IsCompleted);

        _counter.Card.Speak();
        await idle;

        Assert.Null((await running).End);
        Assert.Equal(Move, _counter.Card.Commands[^1]);
    }

    [Fact]
    public async Task A_script_at_work_when_the_power_went_is_interrupted_and_never_runs_again()
    {
        var script = await _counter.AuthoriseAsync(Cancel);
        _ = _counter.Runner.RunAsync(script, Cancel);
        await _counter.Screen.AskedAsync<ListShown>(Cancel);
        var asked = _counter.Card.Commands.Count;

        _counter.SwitchOff();
        _counter.SwitchOnAgain();
        var session = _counter.Runner.Insert(_counter.Card).Session;

        Assert.Equal((ushort)(_counter.Session + 1), session);
        Assert.Equal(StopReason.Interrupted, await RefusalAsync(script));
        Assert.Equal(StopReason.Interrupted, await RefusalAsync(script));
        Assert.Equal(asked, _counter.Card.Commands.Count);
        Assert.Null(await RefusalAsync(Shown("Next", number: 1, session)));
    }

    [Fact]
    public async Task A_session_without_a_script_for_a_quarter_of_an_hour_is_over()
    {
        _counter.Time.Advance(ScriptGate.Silence + TimeSpan.FromSeconds(1));

        Assert.Equal(StopReason.SessionNotOpen, await RefusalAsync(Shown("Late", number: 1)));
    }

    /// <summary>Runs a purchase of the first trip.</summary>
    private async Task<ResponseScript> PayAsync(Bytes script, string pin, CancellationToken? off = null)
    {
        var running = _counter.Runner.RunAsync(script, off ?? Cancel);
        await _counter.Screen.AnswerAsync<ListShown>(new Selected(0), Cancel);
        await _counter.Screen.AnswerAsync<SecretAsked>(new Entry(pin), Cancel);
        return (await running).Read<ResponseScript>();
    }

    /// <summary>A purchase that waits for the PIN.</summary>
    private async Task<Task<Bytes>> AtThePinAsync(CancellationToken? off = null)
    {
        var running = _counter.Runner.RunAsync(await _counter.AuthoriseAsync(Cancel), off ?? Cancel);
        await _counter.Screen.AnswerAsync<ListShown>(new Selected(0), Cancel);
        await _counter.Screen.AskedAsync<SecretAsked>(Cancel);
        return running;
    }

    private async Task<StopReason?> RefusalAsync(Bytes script)
    {
        var response = (await _counter.Runner.RunAsync(script, Cancel)).Read<ResponseScript>();
        Assert.True(response.Stopped is null or { Step: 0 });
        return response.Stopped?.Reason;
    }

    private Bytes Shown(string text, byte number, ushort? session = null) => Bytes.Of(new ScriptBuilder()
        .Perform(ProactiveCommand.DisplayText(text, DisplayQualifier.None))
        .Build(session ?? _counter.Session, number));
}
