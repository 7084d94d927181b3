using Tessera.Cards;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;

namespace Tessera.Toolkit.Interpretation;

/// <summary>A second card, in an additional reader of the terminal (docs/protocols/script.md §6.10).</summary>
public sealed partial class ScriptInterpreter
{
    private const byte ReadersStatus = 0x00;

    /// <summary>What is selected on the card in each additional reader.</summary>
    private readonly Dictionary<int, AppletPolicy> _readerSelected = [];

    private static bool IsForReader(CommandType type) => type is CommandType.PerformCardApdu or CommandType.PowerOnCard or
        CommandType.PowerOffCard or CommandType.GetReaderStatus;

    private static bool IsBattery(ProactiveCommand command) => command is
    {
        Type: CommandType.ProvideLocalInformation, Qualifier: AdditionalReader.BatteryQualifier,
    };

    /// <summary>Why a command for an additional reader, or about the battery, is not performed.</summary>
    private StopReason? ReaderRefusal(ProactiveCommand command) => command.Type switch
    {
        CommandType.ProvideLocalInformation => _rules.Profile.HasBattery ? null : StopReason.NotCapable,
        CommandType.GetReaderStatus => command is { Qualifier: ReadersStatus, Destination: Device.Terminal }
            ? null
            : StopReason.NotCapable,
        _ when command.ReaderOf() is not { } => StopReason.NotAllowed,
        CommandType.PerformCardApdu => command.CardCommand() is { } apdu
            ? ReaderRefusal(command.ReaderOf()!.Value, apdu)
            : StopReason.NotCapable,
        _ => null,
    };

    /// <summary>No PIN goes there and no value moves: what is seen and confirmed is the holder's own card.</summary>
    private StopReason? ReaderRefusal(int reader, CommandApdu command)
    {
        if (PinRule.IsPinCommand(command)) return StopReason.PinRule;
        if (MoveRule.IsMove(command)) return StopReason.NotAllowed;
        var isAllowed = IsSelect(command)
            ? ReaderPolicyOf(command) is not null
            : _readerSelected.TryGetValue(reader, out var selected) && selected.Allows(command);
        return isAllowed ? null : StopReason.NotAllowed;
    }

    private AppletPolicy? ReaderPolicyOf(CommandApdu select) =>
        _rules.ReaderApplets.FirstOrDefault(policy => policy.Aid == select.Data);

    /// <summary>Keeps up with what a command did to the card in a reader.</summary>
    private void FollowReader(ProactiveCommand command, TerminalResponse response)
    {
        if (command.ReaderOf() is not { } reader) return;
        var select = command.Type == CommandType.PerformCardApdu && command.CardCommand() is { } apdu && IsSelect(apdu)
            ? apdu
            : null;
        if (select is null && command.Type == CommandType.PerformCardApdu && response.Result.IsDone()) return;

        _readerSelected.Remove(reader);
        if (select is not null && response.CardAnswer() is { Status.IsSuccess: true } && response.Result.IsDone())
            _readerSelected[reader] = ReaderPolicyOf(select)!;
    }
}
