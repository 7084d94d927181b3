using Tessera.Cards;
using Tessera.Cards.Biometrics;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Toolkit.Interpretation;

/// <summary>Tells an interpreter what an answer says came of each action.</summary>
internal sealed class ReplayedAnswer(ResponseScript answer)
{
    /// <summary>
    /// Makes the interpreter find no room where the terminal found none; what filled it is not known.
    /// </summary>
    private static readonly Bytes Overlong = new(new byte[ResponseScript.MaxLength]);

    private static readonly FingerMinutia AnyMinutia = new(0, 0, MinutiaType.Other, 0);

    private int _next;

    /// <param name="at">The step at work, 0 after the last.</param>
    /// <exception cref="WireFormatException">The answer has no result where there must be one.</exception>
    public StepOutcome OutcomeOf(ScriptAction action, byte at) => action switch
    {
        Transmit when at == 0 => new CardAnswered(new ResponseApdu(StatusWord.Success)),
        Transmit => Answered(at),
        Perform { Prompt: { } prompt } perform when prompt.Kind != PromptKind.Input =>
            Prompted(perform.Command, prompt, at),
        Perform perform => Performed(perform.Command, at),
        Print => Printed(at),
        _ => throw new ArgumentException("The script is over.", nameof(action)),
    };

    private StepOutcome Answered(byte at)
    {
        if (Upcoming(at) is CardResult result)
        {
            _next++;
            return new CardAnswered(result.Answer);
        }

        return StoppedAt(at) switch
        {
            StopReason.CardLost => StepOutcome.CardLost,
            StopReason.Interrupted => StepOutcome.Interrupted,
            StopReason.Limit => new CardAnswered(new ResponseApdu(Overlong, StatusWord.Success)),
            _ => throw Missing(at),
        };
    }

    private StepOutcome Performed(ProactiveCommand command, byte at)
    {
        if (Upcoming(at) is ToolkitResult result && result.Step == at)
        {
            _next++;
            return new HolderAnswered(TerminalResponse.To(command, result.Result) with { Objects = result.Objects });
        }

        return StoppedAt(at) switch
        {
            StopReason.CardLost => StepOutcome.CardLost,
            StopReason.Interrupted => StepOutcome.Interrupted,
            StopReason.Limit => new HolderAnswered(TerminalResponse.To(
                command, GeneralResult.Success, new ComprehensionTlv(0x8D, Overlong))),
            _ => new HolderAnswered(TerminalResponse.To(command, GeneralResult.Success)),
        };
    }

    private StepOutcome Printed(byte at)
    {
        if (Upcoming(at) is ToolkitResult result && result.Step == at)
        {
            _next++;
            return new PrinterAnswered(result.Result);
        }

        return StoppedAt(at) switch
        {
            StopReason.CardLost => StepOutcome.CardLost,
            StopReason.Interrupted => StepOutcome.Interrupted,
            _ => new PrinterAnswered(GeneralResult.Success),
        };
    }

    /// <summary>A prompt of the terminal's own leaves a result only where something visible was entered.</summary>
    private StepOutcome Prompted(ProactiveCommand command, Prompt prompt, byte at)
    {
        if (prompt.Statement is not null) return Sealed(command, prompt, at);
        if (prompt.Kind is not (PromptKind.Amount or PromptKind.Text))
            return Ended(command, prompt, at) ?? Agreed(command, prompt);
        if (Upcoming(at) is not ToolkitResult { Text: { } text } typed || typed.Step != at)
            return Ended(command, prompt, at) ?? throw Missing(at);

        _next++;
        return new HolderAnswered(TerminalResponse.Entered(command, text));
    }

    /// <summary>What was entered for a verifier stands in the answer, encrypted.</summary>
    private StepOutcome Sealed(ProactiveCommand command, Prompt prompt, byte at)
    {
        if (Upcoming(at) is not ToolkitResult entry || entry.Step != at)
            return Ended(command, prompt, at) ?? throw Missing(at);
        _next++;
        return new HolderAnswered(TerminalResponse.To(command, entry.Result) with { Objects = entry.Objects });
    }

    /// <summary>
    /// How a prompt ended the script at this step. A confirmed payment can still lose its card: that ends its command.
    /// </summary>
    private StepOutcome? Ended(ProactiveCommand command, Prompt prompt, byte at) => StoppedAt(at) switch
    {
        StopReason.EndedByHolder => With(command, GeneralResult.SessionTerminatedByUser),
        StopReason.NoAnswerFromHolder => With(command, GeneralResult.NoResponseFromUser),
        StopReason.NotCapable => With(command, GeneralResult.BeyondCapabilities),
        StopReason.CardLost when prompt.Kind != PromptKind.Payment => StepOutcome.CardLost,
        StopReason.Interrupted when prompt.Kind != PromptKind.Payment => StepOutcome.Interrupted,
        _ => null,
    };

    /// <summary>What was entered hidden is not known and plays no part: any digits do, and any finger.</summary>
    private static StepOutcome Agreed(ProactiveCommand command, Prompt prompt)
    {
        if (prompt.Kind == PromptKind.Finger) return AnyFinger();
        if (prompt.IsHidden) return new HolderEntered(Enumerable.Repeat((byte)'0', prompt.Least).ToArray());
        return new HolderAnswered(command.IsYesNo
            ? TerminalResponse.Decided(command, yes: true)
            : TerminalResponse.To(command, GeneralResult.Success));
    }

    private static HolderEntered AnyFinger()
    {
        using var finger = FingerTemplate.Of([AnyMinutia]);
        return new HolderEntered(finger.Reveal().ToArray());
    }

    /// <summary>
    /// The next result for the step at work. What an earlier step says and nobody was asked for is the interpreter's own:
    /// it says so again.
    /// </summary>
    private ScriptResult? Upcoming(byte at)
    {
        while (_next < answer.Results.Count && answer.Results[_next] is ToolkitResult { Step: var step } && step < at)
            _next++;
        return _next < answer.Results.Count ? answer.Results[_next] : null;
    }

    private StopReason? StoppedAt(byte at) =>
        Upcoming(at) is null && answer.Stopped is { } stopped && stopped.Step == at ? stopped.Reason : null;

    private static HolderAnswered With(ProactiveCommand command, GeneralResult result) =>
        new(TerminalResponse.To(command, result));

    private static WireFormatException Missing(byte at) => new("answer", 0, $"has no result of step {at}");
}
