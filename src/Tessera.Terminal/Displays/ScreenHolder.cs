using Tessera.Terminal.Ports;
using Tessera.Terminal.Scripts;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;

namespace Tessera.Terminal.Displays;

/// <summary>Performs what the interpreter wants of the holder on a screen of any size, and on paper.</summary>
/// <param name="printer">Null where there is none.</param>
/// <param name="finger">Null where no finger can be laid on it.</param>
/// <param name="time">The time that stands on paper is its local time.</param>
public sealed class ScreenHolder(
    IScreen screen, IPrinter? printer = null, TimeProvider? time = null, IBiometricReader? finger = null)
    : IHolderInterface
{
    private const int MostDigits = 9;
    private const int MostCharacters = 160;

    public async Task<StepOutcome> PerformAsync(Perform action, CancellationToken cancel)
    {
        if (action.Prompt?.Kind == PromptKind.Finger) return await TakeFingerAsync(action, cancel);
        if (RequestOf(action) is not { } request) return Said(action, GeneralResult.BeyondCapabilities);
        return OutcomeOf(action, await screen.AskAsync(request, cancel));
    }

    public async Task<GeneralResult> PrintAsync(Printout content, CancellationToken cancel)
    {
        if (printer is null) return GeneralResult.BeyondCapabilities;

        // The payment stands first: what for, and how much, are what people look for.
        var bold = content.Slip is null ? 0 : 2;
        var lines = content.LinesAt((time ?? TimeProvider.System).GetLocalNow());
        await printer.PrintAsync([.. lines.Select((line, i) => new PrintedLine(line, i < bold))], cancel);
        return GeneralResult.Success;
    }

    /// <summary>What is asked stands on the screen until a finger was laid, or the holder would rather not.</summary>
    private async Task<StepOutcome> TakeFingerAsync(Perform action, CancellationToken cancel)
    {
        if (finger is null) return Said(action, GeneralResult.BeyondCapabilities);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var laid = finger.CaptureAsync(over.Token);
        var refused = RefusedAsync(action.Command.Text ?? "", over.Token);
        await Task.WhenAny(laid, refused);
        await over.CancelAsync();
        await Task.WhenAll(laid, refused).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        using var template = laid.IsCompletedSuccessfully ? await laid : null;
        if (refused.IsCompletedSuccessfully) return Said(action, GeneralResult.SessionTerminatedByUser);
        if (template is not null) return new HolderEntered(template.Reveal().ToArray());
        cancel.ThrowIfCancellationRequested();
        try
        {
            await Task.WhenAll(laid, refused);
        }
        catch (IOException)
        {
            // Named by its result: the answer says that the terminal cannot.
        }

        return Said(action, GeneralResult.TerminalBusy);
    }

    /// <summary>Completes when the holder has pressed cancel; any other key changes nothing.</summary>
    private async Task RefusedAsync(string text, CancellationToken cancel)
    {
        while (await screen.AskAsync(new TextShown(text, Waits: true), cancel) is not Cancelled)
        {
        }
    }

    private static ScreenRequest? RequestOf(Perform action) => action switch
    {
        { Prompt: { IsHidden: true } prompt } => new SecretAsked(
            KindOf(prompt.Kind), action.Command.Text ?? "", prompt.Least, prompt.Most, Shown(prompt.Payment)),
        { Prompt: { Kind: PromptKind.Amount } prompt } => new AmountAsked(
            Noticed(
                action.Command.Text ?? "",
                prompt.Currency is { } currency ? $"Amount in {Currencies.NameOf(currency)}:" : "Amount:"),
            Math.Clamp(prompt.Most, 1, MostDigits)),
        { Prompt: { Kind: PromptKind.Text } prompt } => new TextAsked(
            action.Command.Text ?? "", prompt.Least, prompt.Most, Digits: false),
        { Prompt: { Kind: PromptKind.Payment or PromptKind.Permission } prompt } =>
            new DecisionAsked(action.Command.Text ?? "", Shown(prompt.Payment)),
        _ => RequestOf(action.Command),
    };

    private static ScreenRequest? RequestOf(ProactiveCommand command) => command.Type switch
    {
        CommandType.DisplayText => new TextShown(
            command.Text ?? "", (command.Qualifier & (byte)DisplayQualifier.WaitForUser) != 0),
        CommandType.SelectItem => new ListShown(command.Alpha ?? "", [.. command.Items.Select(item => item.Text)]),
        CommandType.GetInkey when command.IsYesNo => new DecisionAsked(command.Text ?? "", null),
        CommandType.GetInkey => new TextAsked(command.Text ?? "", 1, 1, IsDigits(command)),
        CommandType.GetInput => new TextAsked(
            command.Text ?? "", command.ResponseLength?.Least ?? 0,
            Math.Min((int)(command.ResponseLength?.Most ?? byte.MaxValue), MostCharacters), IsDigits(command)),
        _ => null,
    };

    /// <summary>The notice that stands before the last line of a command, before another last line.</summary>
    private static string Noticed(string text, string last) => text[..(text.LastIndexOf('\n') + 1)] + last;

    private static StepOutcome OutcomeOf(Perform action, ScreenAnswer answer)
    {
        var command = action.Command;
        switch (answer)
        {
            case Entry entry when action.Prompt?.IsHidden == true:
                using (entry) return new HolderEntered(Digits(entry));
            case Entry entry:
                using (entry) return new HolderAnswered(TerminalResponse.Entered(command, entry.Reveal().ToString()));
            case Selected selected:
                return new HolderAnswered(TerminalResponse.Chosen(command, command.Items[selected.Place].Identifier));
            case Decided decided when command.Type == CommandType.GetInkey:
                return new HolderAnswered(TerminalResponse.Decided(command, decided.Yes));
            case Decided { Yes: false } or Cancelled:
                return Said(action, GeneralResult.SessionTerminatedByUser);
            default:
                return Said(action, GeneralResult.Success);
        }
    }

    private static HolderAnswered Said(Perform action, GeneralResult result) =>
        new(TerminalResponse.To(action.Command, result));

    /// <summary>Owned, and zeroed, by the interpreter.</summary>
    private static byte[] Digits(Entry entry)
    {
        var typed = entry.Reveal();
        var digits = new byte[typed.Length];
        for (var i = 0; i < typed.Length; i++) digits[i] = (byte)typed[i];
        return digits;
    }

    private static bool IsDigits(ProactiveCommand command) => (command.Qualifier & (byte)InputQualifier.Letters) == 0;

    private static ShownPayment? Shown(Payment? payment) => payment is null
        ? null
        : new ShownPayment(
            OneLine.Of(payment.Item), Currencies.ShowAmount(payment.Amount, payment.Currency),
            Currencies.NameOf(payment.Currency));

    private static SecretKind KindOf(PromptKind kind) => kind switch
    {
        PromptKind.Puk => SecretKind.Puk,
        PromptKind.NewPin or PromptKind.RepeatNewPin => SecretKind.NewPin,
        _ => SecretKind.Pin,
    };
}
