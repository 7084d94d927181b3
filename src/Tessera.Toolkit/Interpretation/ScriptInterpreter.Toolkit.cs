using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;

namespace Tessera.Toolkit.Interpretation;

/// <summary>Proactive commands of the script (docs/protocols/script.md §6.2, §6.6, §6.7).</summary>
public sealed partial class ScriptInterpreter
{
    private const int MaxText = 512;
    private const int MaxItems = 32;

    /// <summary>Lists that the steps so far told, which are to be kept; the newest last.</summary>
    private readonly OrderedDictionary<byte, CachedListStep> _lists = [];

    private IEnumerable<ScriptAction> RunCachedList(CachedListStep step, byte ordinal)
    {
        if ((step.Whole ?? Kept(step)) is not { } list) return Refuse(StopReason.NoSuchList);
        if (step.Whole is not null && Refusal(list) is null)
        {
            _lists.Remove(step.Id);
            _lists.Add(step.Id, step);
        }

        return RunToolkit(list, ordinal);
    }

    /// <summary>As an earlier step told it, or as the card has it.</summary>
    private ProactiveCommand? Kept(CachedListStep step)
    {
        var kept = _lists.TryGetValue(step.Id, out var told)
            ? told.Version == step.Version ? told.Whole : null
            : _rules.CachedList(step.Name);
        return kept is { Type: CommandType.SelectItem } ? step.ShownOf(kept) : null;
    }

    private IEnumerable<ScriptAction> RunToolkit(ProactiveCommand command, byte ordinal)
    {
        if (Refusal(command) is { } reason)
        {
            _record.StopAt(reason, ordinal);
            yield break;
        }

        foreach (var action in AskPermission(command, ordinal)) yield return action;
        foreach (var perform in IsVisibleInput(command) ? _prompts.Input(command) : [new Perform(command, null)])
        {
            if (_record.Stop is not null) yield break;
            yield return perform;
            if (perform.Prompt?.Kind != PromptKind.Notice) Take(command, ordinal);
            else if (EndOf(_outcome) is { } end) _record.StopAt(end, ordinal);
        }
    }

    private StopReason? Refusal(ProactiveCommand command)
    {
        if (command.IsHiddenInput) return StopReason.PinRule;
        var isReader = IsForReader(command.Type) || IsBattery(command);
        if (!(IsHarmless(command.Type) || IsGuarded(command.Type) || isReader) || !_rules.Profile.Supports(command.Type))
            return StopReason.NotCapable;
        if (isReader && ReaderRefusal(command) is { } reason) return reason;

        var items = command.Items;
        string?[] texts = [command.Text, command.Alpha, command.DefaultText, .. items.Select(item => item.Text)];
        return items.Count > MaxItems || texts.Any(text => text?.Length > MaxText) || !_prompts.Fits(command) ||
            !_record.HasRoom(ScriptRecord.OneResult) ? StopReason.Limit : null;
    }

    private static bool IsHarmless(CommandType type) => type is CommandType.DisplayText or CommandType.SelectItem or
        CommandType.GetInput or CommandType.GetInkey or CommandType.PlayTone;

    /// <summary>What costs or reveals something and needs the holder's yes.</summary>
    private static bool IsGuarded(CommandType type) => type is CommandType.SetUpCall or CommandType.SendShortMessage or
        CommandType.SendSs or CommandType.SendUssd or CommandType.LaunchBrowser;

    /// <summary>Whatever characters are typed in the open; a yes or a no is none.</summary>
    private static bool IsVisibleInput(ProactiveCommand command) =>
        command.Type == CommandType.GetInput || (command.Type == CommandType.GetInkey && !command.IsYesNo);

    private IEnumerable<ScriptAction> AskPermission(ProactiveCommand command, byte ordinal)
    {
        if (!IsGuarded(command.Type)) yield break;
        if (_prompts.Permission(command) is not { } prompt)
        {
            _record.StopAt(StopReason.NotCapable, ordinal);
            yield break;
        }

        foreach (var action in Ask(prompt, ordinal)) yield return action;
        if (!SaidYes()) _record.StopAt(StopReason.EndedByHolder, ordinal);
    }

    /// <summary>Keeps what the terminal answered to a command of the script.</summary>
    private void Take(ProactiveCommand command, byte ordinal)
    {
        if (_outcome is not HolderAnswered { Response: var response })
        {
            _record.StopAt(EndOf(_outcome) ?? StopReason.Interrupted, ordinal);
            return;
        }

        Remember(command, response);
        Agree(command, response);
        if (IsForReader(command.Type)) FollowReader(command, response);
        var result = new ToolkitResult(ordinal, response.Result, response.Objects);
        var choice = command.Type == CommandType.SelectItem ? _choice : null;
        if (!_record.Performed(command, result, choice)) _record.StopAt(StopReason.Limit, ordinal);
        if (EndOf(response.Result) is { } reason) _record.StopAt(reason, ordinal);
    }

    private void Remember(ProactiveCommand command, TerminalResponse response)
    {
        if (command.Type == CommandType.DisplayText && response.Result.IsDone())
            (_displayedText, _shown) = (command.Text, command.Text);
        if (command.Type != CommandType.SelectItem) return;

        (_choice, _chosenItem) = (null, null);
        if (!response.Result.IsDone() || response.Item is not { } identifier) return;
        var items = command.Items;
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].Identifier == identifier)
                (_choice, _chosenItem, _shown) = (i + 1, items[i].Text, items[i].Text);
        }
    }
}
