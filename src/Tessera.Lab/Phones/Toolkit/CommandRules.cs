using Tessera.Toolkit.Commands;
using Tessera.Wire;

namespace Tessera.Lab.Phones.Toolkit;

/// <summary>What a command must be before the phone begins to perform it (ETSI TS 102 223 §6.10).</summary>
internal static class CommandRules
{
    /// <summary>Commands of the standard that this phone does not do.</summary>
    private static readonly byte[] OthersKnown =
    [
        0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x45, 0x46, 0x47, 0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x60, 0x61, 0x62,
        0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79,
    ];

    private static readonly CommandType[] Performed =
    [
        CommandType.Refresh, CommandType.MoreTime, CommandType.PollInterval, CommandType.PollingOff,
        CommandType.SetUpEventList, CommandType.SetUpCall, CommandType.SendShortMessage, CommandType.PlayTone,
        CommandType.DisplayText, CommandType.GetInkey, CommandType.GetInput, CommandType.SelectItem,
        CommandType.SetUpMenu, CommandType.ProvideLocalInformation, CommandType.TimerManagement,
        CommandType.SetUpIdleModeText,
    ];

    private static readonly ObjectTag[] Understood =
    [
        ObjectTag.Duration, ObjectTag.AlphaIdentifier, ObjectTag.Address, ObjectTag.CapabilityConfiguration,
        ObjectTag.Subaddress, ObjectTag.SmsTpdu, ObjectTag.TextString, ObjectTag.Tone, ObjectTag.Item,
        ObjectTag.ItemIdentifier, ObjectTag.ResponseLength, ObjectTag.FileList, ObjectTag.DefaultText,
        ObjectTag.NextAction, ObjectTag.EventList, ObjectTag.IconIdentifier, ObjectTag.ItemIconList,
        ObjectTag.TimerIdentifier, ObjectTag.TimerValue, ObjectTag.ImmediateResponse, ObjectTag.ApplicationIdentifier,
        ObjectTag.TextAttribute, ObjectTag.ItemTextAttributeList,
    ];

    /// <summary>The result of a command that cannot be performed; null for one that can.</summary>
    public static GeneralResult? FaultOf(ProactiveCommand command)
    {
        if (!Performed.Contains(command.Type))
        {
            return Enum.IsDefined(command.Type) || OthersKnown.Contains((byte)command.Type)
                ? GeneralResult.BeyondCapabilities
                : GeneralResult.TypeNotUnderstood;
        }

        if (command.Objects.Any(IsNotUnderstood)) return GeneralResult.DataNotUnderstood;
        if (Missing(command)) return GeneralResult.MissingValues;
        return CanBeRead(command) ? null : GeneralResult.DataNotUnderstood;
    }

    /// <summary>
    /// The result of a command that was performed: not everything in it may have been understood or shown.
    /// </summary>
    public static GeneralResult SuccessOf(ProactiveCommand command) =>
        command.Objects.Any(found => !Understood.Contains(found.Name)) ? GeneralResult.PartialComprehension
        : command.Objects.Any(found => found.Name is ObjectTag.IconIdentifier or ObjectTag.ItemIconList)
            ? GeneralResult.IconNotShown
        : GeneralResult.Success;

    private static bool IsNotUnderstood(ComprehensionTlv found) =>
        (found.Tag & ComprehensionTlv.Required) != 0 && !Understood.Contains(found.Name);

    private static bool Missing(ProactiveCommand command)
    {
        return command.Type switch
        {
            CommandType.DisplayText or CommandType.GetInkey or CommandType.SetUpIdleModeText =>
                Lacks(ObjectTag.TextString),
            CommandType.GetInput => Lacks(ObjectTag.TextString) || Lacks(ObjectTag.ResponseLength),
            CommandType.SelectItem => Lacks(ObjectTag.Item),
            CommandType.SetUpMenu => Lacks(ObjectTag.AlphaIdentifier) || Lacks(ObjectTag.Item),
            CommandType.SendShortMessage => Lacks(ObjectTag.SmsTpdu),
            CommandType.SetUpCall => Lacks(ObjectTag.Address),
            CommandType.PollInterval => Lacks(ObjectTag.Duration),
            CommandType.SetUpEventList => Lacks(ObjectTag.EventList),
            CommandType.TimerManagement => Lacks(ObjectTag.TimerIdentifier)
                || (command.Qualifier == ToolkitTimers.Start && Lacks(ObjectTag.TimerValue)),
            _ => false,
        };

        bool Lacks(ObjectTag name) => command.Find(name) is null;
    }

    private static bool CanBeRead(ProactiveCommand command)
    {
        try
        {
            _ = (command.Text, command.Alpha, command.DefaultText);
            var items = command.Items;
            return command.Type switch
            {
                CommandType.GetInput => command.ResponseLength is { } length && length.Least <= length.Most,
                CommandType.SelectItem => items.Count > 0 && items.All(item => item.Identifier != 0),
                CommandType.SetUpMenu => items.All(item => item.Identifier != 0)
                    && (items.Count > 0 || command.Objects.Count(found => found.Name == ObjectTag.Item) == 1),
                CommandType.PollInterval => HasDuration(command),
                _ => command.Find(ObjectTag.Duration) is null || HasDuration(command),
            };
        }
        catch (WireFormatException)
        {
            return false;
        }
    }

    private static bool HasDuration(ProactiveCommand command) =>
        command.Find(ObjectTag.Duration) is { Length: 2 } value
        && value.Span[0] <= (byte)TimeUnit.Tenths && value.Span[1] > 0;
}
