using Tessera.Lab.Phones.Screens;
using Tessera.Toolkit.Commands;

namespace Tessera.Lab.Phones.Toolkit;

/// <summary>The commands that show something, or ask the holder.</summary>
internal sealed partial class ToolkitSession
{
    private const byte ScreenIsBusy = 0x01;
    private static readonly TimeSpan DefaultTone = TimeSpan.FromSeconds(2);

    private Task DisplayTextAsync(ProactiveCommand command)
    {
        var qualifier = (DisplayQualifier)command.Qualifier;
        if (!qualifier.HasFlag(DisplayQualifier.HighPriority) && !_phone.Display.IsFree)
            return RespondAsync(GeneralResult.TerminalBusy, ScreenIsBusy);

        var text = command.Text!;
        if (command.Find(ObjectTag.ImmediateResponse) is not null)
        {
            Show(new TextScreen(text, Leave, Leave, right: "Clear"));
            KeepsText = true;
            return DoneAsync(command);
        }

        if (qualifier.HasFlag(DisplayQualifier.WaitForUser))
        {
            Show(new TextScreen(text, () => DoneAsync(command), BackAsync));
            AnswerAfter(command.Duration ?? Options.AnswerTime, () => RespondAsync(GeneralResult.NoResponseFromUser));
        }
        else
        {
            Show(new TextScreen(text, () => DoneAsync(command), BackAsync));
            AnswerAfter(command.Duration ?? Options.ShowTime, () => DoneAsync(command));
        }

        return Task.CompletedTask;

        Task Leave()
        {
            (_phone.Display.OfSim, KeepsText) = (null, false);
            return Task.CompletedTask;
        }
    }

    private Task GetInkeyAsync(ProactiveCommand command)
    {
        var qualifier = (InputQualifier)command.Qualifier;
        var begun = Options.Time.GetTimestamp();
        var question = command.Text!;
        Show(command.IsYesNo
            ? new QuestionScreen(question, yes => AnswerAsync(TerminalResponse.Decided(command, yes)), BackAsync)
            : new KeyScreen(
                question, TypedText.AlphabetOf(command), Options.Time,
                key => AnswerAsync(TerminalResponse.To(
                    command, GeneralResult.Success, TypedText.Of(command, $"{key}"))),
                BackAsync, qualifier.HasFlag(InputQualifier.Help) ? HelpAsync : null));
        AnswerAfter(command.Duration ?? Options.AnswerTime, () =>
            AnswerAsync(TerminalResponse.To(command, GeneralResult.NoResponseFromUser)));
        return Task.CompletedTask;

        Task AnswerAsync(TerminalResponse response) => RespondAsync(response with
        {
            Result = response.Result == GeneralResult.Success ? CommandRules.SuccessOf(command) : response.Result,
            Objects = [.. response.Objects, .. Lasted(command, begun)],
        });
    }

    /// <summary>A GET INKEY with a duration tells how long it was shown (§6.8).</summary>
    private IReadOnlyList<ComprehensionTlv> Lasted(ProactiveCommand command, long begun)
    {
        if (command.Find(ObjectTag.Duration) is not { } duration) return [];
        var unit = (TimeUnit)duration.Span[0];
        var one = unit switch
        {
            TimeUnit.Minutes => TimeSpan.FromMinutes(1),
            TimeUnit.Seconds => TimeSpan.FromSeconds(1),
            _ => TimeSpan.FromMilliseconds(100),
        };
        var units = Math.Clamp((int)Math.Ceiling(Options.Time.GetElapsedTime(begun) / one), 1, byte.MaxValue);
        return [ComprehensionTlv.Of(ObjectTag.Duration, (byte)unit, (byte)units)];
    }

    private Task GetInputAsync(ProactiveCommand command)
    {
        var rules = TypedText.RulesOf(command);
        if (rules.Least > rules.Most) return RespondAsync(GeneralResult.BeyondCapabilities);

        var help = ((InputQualifier)command.Qualifier).HasFlag(InputQualifier.Help);
        Show(new EntryScreen(
            command.Text!, rules, TypedText.DefaultOf(command, rules), Options.Time,
            typed => RespondAsync(TerminalResponse.To(
                command, CommandRules.SuccessOf(command), TypedText.Of(command, typed))),
            BackAsync, help ? HelpAsync : null));
        AnswerAfter(command.Duration ?? Options.AnswerTime, () => RespondAsync(GeneralResult.NoResponseFromUser));
        return Task.CompletedTask;
    }

    private Task SelectItemAsync(ProactiveCommand command)
    {
        var items = command.Items;
        Show(new ListScreen(
            command.Alpha ?? "", [.. items.Select(item => item.Text)],
            place => ChosenAsync(CommandRules.SuccessOf(command), place),
            BackAsync,
            HasHelp(command) ? place => ChosenAsync(GeneralResult.HelpRequired, place) : null,
            items.Select(item => item.Identifier).ToList().IndexOf(command.DefaultItem ?? 0)));
        AnswerAfter(Options.AnswerTime, () => RespondAsync(GeneralResult.NoResponseFromUser));
        return Task.CompletedTask;

        Task ChosenAsync(GeneralResult result, int place) => RespondAsync(TerminalResponse.To(
            command, result, ComprehensionTlv.Of(ObjectTag.ItemIdentifier, items[place].Identifier)));
    }

    private Task SetUpMenuAsync(ProactiveCommand command)
    {
        var items = command.Items;
        Menu = items.Count == 0
            ? null
            : new ToolkitMenu(
                command.Alpha!, [.. items.Select(item => new ToolkitMenuItem(item.Identifier, item.Text))],
                HasHelp(command));
        _phone.MenuChanged();
        return DoneAsync(command);
    }

    private Task SetUpIdleTextAsync(ProactiveCommand command)
    {
        IdleText = command.Text!;
        return DoneAsync(command);
    }

    private Task PlayToneAsync(ProactiveCommand command)
    {
        var tone = command.Find(ObjectTag.Tone);
        Tone = tone is { Length: 1 } value ? (Tone)value.Span[0] : Tessera.Toolkit.Commands.Tone.GeneralBeep;
        if (!Enum.IsDefined(Tone.Value))
        {
            Tone = null;
            return RespondAsync(GeneralResult.BeyondCapabilities);
        }

        if (command.Alpha is { Length: > 0 } alpha) Show(new TextScreen(alpha, SilenceAsync, SilenceAsync, "Stop"));
        AnswerAfter(command.Duration ?? DefaultTone, SilenceAsync);
        return Task.CompletedTask;

        Task SilenceAsync()
        {
            Tone = null;
            return DoneAsync(command);
        }
    }

    private void Show(PhoneScreen screen) => _phone.Display.OfSim = screen;

    private Task BackAsync() => RespondAsync(GeneralResult.BackwardMove);

    private Task HelpAsync() => RespondAsync(GeneralResult.HelpRequired);

    private static bool HasHelp(ProactiveCommand command) => (command.Qualifier & (byte)InputQualifier.Help) != 0;
}
