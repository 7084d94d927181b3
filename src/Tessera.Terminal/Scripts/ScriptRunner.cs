using Tessera.Cards;
using Tessera.Cards.Pins;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Terminal.Scripts;

/// <summary>How long a script waits for whom (docs/protocols/script.md §6.7).</summary>
public sealed record ScriptLimits
{
    /// <summary>For the holder to answer one prompt. Default 120 s.</summary>
    public TimeSpan Holder { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>For the card to answer one command. Default 30 s.</summary>
    public TimeSpan Card { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For the printer to print one text. Default 30 s.</summary>
    public TimeSpan Printer { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>
/// Runs the scripts of a server beside the card of an IP terminal: each at most once, in the session of the card's
/// insertion
/// (docs/protocols/script.md §6). One card at a time; its calls may come from any thread.
/// </summary>
public sealed class ScriptRunner(
    IScriptJournal journal, TerminalRules rules, IHolderInterface holder, ScriptLimits limits, TimeProvider time)
{
    /// <summary>Of digits that are too few or too many, or new PINs that differ, at the keypad of a reader.</summary>
    private const int Entries = 3;

    private readonly ScriptGate _gate = new(journal);
    private readonly Lock _entry = new();
    private ICard? _card;
    private ushort _session;
    private bool _initializeInForce;
    private Task _working = Task.CompletedTask;

    /// <summary>Completes when no script is at work any more: a card that was removed is used no longer.</summary>
    public Task Idle
    {
        get
        {
            lock (_entry) return _working;
        }
    }

    /// <summary>A card is in: opens a session for its insertion.</summary>
    public ReaderState Insert(ICard card)
    {
        lock (_entry)
        {
            (_card, _initializeInForce) = (card, false);
            _session = _gate.Open(time.GetUtcNow());
            return ReaderState.Open(card.Atr, _session);
        }
    }

    /// <summary>The card is out: its session is over, but for answers that are kept.</summary>
    public ReaderState Remove()
    {
        lock (_entry)
        {
            _gate.Close();
            (_card, _session) = (null, 0);
            return ReaderState.Empty;
        }
    }

    /// <summary>
    /// Opens a session in place of another of the same insertion; null where that one is not in force.
    /// </summary>
    public ReaderState? Reopen(ushort session)
    {
        lock (_entry)
        {
            if (_card is not { } card || session != _session) return null;
            _session = _gate.Open(time.GetUtcNow());
            return ReaderState.Open(card.Atr, _session, follows: session);
        }
    }

    /// <summary>
    /// Runs a script, or answers why not. Cancelled, it ends the script at the step it is in, with an answer.
    /// </summary>
    /// <param name="octets">A command script as it came.</param>
    /// <returns>The response script.</returns>
    public async Task<Bytes> RunAsync(Bytes octets, CancellationToken cancel)
    {
        Admitted admitted;
        ICard? card;
        CardSituation situation;
        var finished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_entry)
        {
            var admission = _gate.Admit(octets, time.GetUtcNow());
            if (admission is Answered answered) return answered.Answer;
            admitted = admission as Admitted
                ?? throw new InvalidOperationException("A script is at work: scripts run one after the other.");
            (card, situation) = (_card, CardSituation.Inserted(_initializeInForce));
            _working = finished.Task;
        }

        try
        {
            return await RunAsync(admitted, card, situation, cancel);
        }
        finally
        {
            finished.SetResult();
        }
    }

    private async Task<Bytes> RunAsync(Admitted admitted, ICard? card, CardSituation situation, CancellationToken cancel)
    {
        using var interpreter = new ScriptInterpreter(admitted.Script, rules, situation);
        await using var held = new HeldCard(card);
        StepOutcome? outcome = null;
        while (true)
        {
            switch (interpreter.Next(outcome))
            {
                case Transmit transmit:
                    outcome = card is null ? StepOutcome.CardLost : await TransmitAsync(held, transmit.Command, cancel);
                    break;
                case Perform perform:
                    outcome = await AtReaderAsync(perform, held, cancel) ?? await PerformAsync(perform, card, cancel);
                    break;
                case Print print:
                    outcome = await PrintAsync(print.Content, cancel);
                    break;
                case Done done:
                    lock (_entry)
                    {
                        if (card == _card) _initializeInForce = done.InitializeInForce;
                        return _gate.Finish(admitted, done.Answer, time.GetUtcNow());
                    }
            }
        }
    }

    private async Task<StepOutcome> TransmitAsync(HeldCard held, CommandApdu command, CancellationToken cancel)
    {
        var card = held.Card!;
        using var late = new CancellationTokenSource(limits.Card, time);
        try
        {
            await held.BeginAsync(late.Token);
            return new CardAnswered(await new CardChannel(card).TransmitAsync(command, late.Token));
        }
        catch (Exception e) when (e is IOException or TimeoutException or WireFormatException or OperationCanceledException)
        {
            await ResetAsync(card);
            return cancel.IsCancellationRequested ? StepOutcome.Interrupted : StepOutcome.CardLost;
        }
    }

    /// <summary>A card that did not answer, if it is still there, must not keep a verified PIN.</summary>
    private async Task ResetAsync(ICard card)
    {
        if (card.Removed.IsCompleted) return;
        using var late = new CancellationTokenSource(limits.Card, time);
        try
        {
            await card.ResetAsync(late.Token);
        }
        catch (Exception e) when (e is IOException or TimeoutException or WireFormatException or OperationCanceledException)
        {
            // It is gone, or as mute as before: without an answer it does nothing for anybody.
        }
    }

    /// <summary>
    /// Lets the holder type the PIN, and a new one, at the keypad of the reader, where it has one, so that no program sees it.
    /// </summary>
    /// <returns>Null where the PIN is to be asked for here.</returns>
    private async Task<StepOutcome?> AtReaderAsync(Perform action, HeldCard held, CancellationToken cancel)
    {
        if (action.Prompt?.Place is not { } place || held.Card is not { } card) return null;
        try
        {
            await held.BeginAsync(cancel);
            return await card.FindPinPadAsync(cancel) is { } pad ? await TypeAsync(pad, place, action, cancel) : null;
        }
        catch (Exception e) when (e is IOException or TimeoutException or OperationCanceledException)
        {
            await ResetAsync(card);
            return cancel.IsCancellationRequested ? StepOutcome.Interrupted : StepOutcome.CardLost;
        }
    }

    /// <summary>What is paid, and where the PIN is typed, stands on the screen meanwhile.</summary>
    private async Task<StepOutcome?> TypeAsync(IPinPad pad, PinPlace place, Perform action, CancellationToken cancel)
    {
        using var typed = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var asked = place.IsChange ? rules.Wording.ChangeAtReader : action.Command.Text;
        var text = $"{asked}\n{rules.Wording.AtReader}";
        var shown = PerformAsync(
            new Perform(ProactiveCommand.DisplayText(text, DisplayQualifier.WaitForUser), null), null, typed.Token);
        try
        {
            var answer = await pad.EnterAsync(place, cancel);
            for (var again = 1; again < Entries && answer.End is PinEntryEnd.WrongLength or PinEntryEnd.Differed; again++)
                answer = await pad.EnterAsync(place, cancel);
            return answer.End switch
            {
                PinEntryEnd.Answered => new ReaderAnswered(new ResponseApdu(answer.Status)),
                PinEntryEnd.TimedOut or PinEntryEnd.WrongLength => new HolderAnswered(
                    TerminalResponse.To(action.Command, GeneralResult.NoResponseFromUser)),
                PinEntryEnd.Cancelled or PinEntryEnd.Differed => new HolderAnswered(
                    TerminalResponse.To(action.Command, GeneralResult.SessionTerminatedByUser)),
                _ => null,
            };
        }
        finally
        {
            await typed.CancelAsync();
            await shown;
        }
    }

    /// <summary>A printer that fails has failed, and nothing else; a card that is taken out does not stop it.</summary>
    private async Task<StepOutcome> PrintAsync(Printout content, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(limits.Printer, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            return new PrinterAnswered(await holder.PrintAsync(content, either.Token));
        }
        catch (Exception e) when (e is IOException || (e is OperationCanceledException && late.IsCancellationRequested))
        {
            return new PrinterAnswered(GeneralResult.TerminalBusy);
        }
        catch (OperationCanceledException)
        {
            return StepOutcome.Interrupted;
        }
    }

    /// <summary>Waits for the holder, as long as the card is in.</summary>
    private async Task<StepOutcome> PerformAsync(Perform action, ICard? card, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(limits.Holder, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        var asked = holder.PerformAsync(action, either.Token);
        if (card is not null && await Task.WhenAny(asked, card.Removed) != asked) await either.CancelAsync();
        try
        {
            return await asked;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            return new HolderAnswered(TerminalResponse.To(action.Command, GeneralResult.NoResponseFromUser));
        }
        catch (OperationCanceledException)
        {
            return cancel.IsCancellationRequested ? StepOutcome.Interrupted : StepOutcome.CardLost;
        }
    }

    /// <summary>The card of a script, kept from other programs from its first command to the end of the script.</summary>
    private sealed class HeldCard(ICard? card) : IAsyncDisposable
    {
        private IAsyncDisposable? _hold;

        public ICard? Card => card;

        public async Task BeginAsync(CancellationToken cancel) => _hold ??= await card!.HoldAsync(cancel);

        public async ValueTask DisposeAsync()
        {
            if (_hold is not null) await _hold.DisposeAsync();
        }
    }
}
