using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.VirtualCard.Files;

/// <summary>
/// CREATE and DELETE FILE, ACTIVATE, DEACTIVATE and TERMINATE (ISO/IEC 7816-9).
/// </summary>
/// <remarks>
/// <code>
/// E0 00 00   62 { file control parameters } and 64 { management data } or nothing: a file in the current directory,
///            which becomes the current one
/// E4         DELETE FILE       44 ACTIVATE FILE     04 DEACTIVATE FILE
/// E8         TERMINATE EF      E6 TERMINATE DF      FE TERMINATE CARD USAGE
///            P1 and data as in SELECT; without data the current file
/// </code>
/// A file in creation or initialisation has no rules: who made it fills and then activates it.
/// </remarks>
internal sealed class FileLifeCommands(FileContext context, FileSelect select)
{
    private const ushort ControlParameters = 0x62;
    private const ushort ControlInformation = 0x6F;
    private const ushort ManagementData = 0x64;
    private const int MaxDepth = 8;

    public StatusWord Process(CommandApdu command)
    {
        if (command.P2 != 0) return StatusWord.IncorrectP1P2;
        if (command.Ins == 0xE0) return Create(command);
        if (command.Ins == 0xFE)
            return command is { P1: 0, Data.Length: 0 }
                ? Terminate(context.Volume.Master, command)
                : StatusWord.IncorrectP1P2;

        var refused = StatusWord.Success;
        var file = command is { P1: 0, Data.Length: 0 }
            ? context.Selection.Elementary ?? context.Directory
            : select.Find(command, out refused);
        if (file is null) return refused;
        return command.Ins switch
        {
            0xE4 => Delete(file, command),
            0x44 => Activate(file, command),
            0x04 => Deactivate(file, command),
            0xE8 when file.IsDirectory => FileStatus.NotForThisStructure,
            0xE6 when !file.IsDirectory => FileStatus.NotForThisStructure,
            0xE6 when file.Parent is null => StatusWord.ConditionsNotSatisfied,
            _ => Terminate(file, command),
        };
    }

    private StatusWord Create(CommandApdu command)
    {
        if (command.P1 != 0) return StatusWord.IncorrectP1P2;
        FileControl control;
        var management = Bytes.Empty;
        try
        {
            var reader = new ByteReader(command.Data.Span);
            var parameters = Tlv.ReadValue(ref reader, out var tag);
            if (tag is not (ControlParameters or ControlInformation)) return StatusWord.WrongData;
            control = Bytes.CopyOf(parameters).Read<FileControl>();
            if (reader.Remaining > 0)
                management = Bytes.CopyOf(Tlv.ReadExpected(ref reader, ManagementData, "management data"));
            reader.ReadEnd("command data");
        }
        catch (WireFormatException)
        {
            return StatusWord.WrongData;
        }

        return Create(control, management, command.Ins);
    }

    private StatusWord Create(FileControl control, Bytes management, byte instruction)
    {
        var directory = context.Directory;
        var mode = control.IsDirectory ? DirectoryMode.CreateDirectory : DirectoryMode.CreateElementary;
        if (context.Security.Refuse(directory, mode, instruction) is { } refused) return refused;
        if (control.Id == FileControl.MasterId || directory.Child(control.Id) is not null) return FileStatus.FileExists;
        if (control.Name.Length > 0 && context.Volume.Master.Descent.Any(file => file.Control.Name == control.Name))
            return FileStatus.NameExists;
        if (control.Sfi != 0 && directory.Children.Exists(file => file.Control.Sfi == control.Sfi))
            return StatusWord.WrongData;
        if (directory.Ancestry.Count() == MaxDepth) return StatusWord.ConditionsNotSatisfied;

        using var change = context.Memory.Begin();
        if (context.Volume.Create(change, directory, control, management) is not { } file)
            return StatusWord.NotEnoughMemory;
        change.Commit();
        context.Selection.Enter(file);
        return StatusWord.Success;
    }

    private StatusWord Delete(CardFile file, CommandApdu command)
    {
        if (file.Parent is not { } directory || context.IsElsewhere(file)) return StatusWord.ConditionsNotSatisfied;
        if (!directory.IsUsable) return FileStatus.NotUsable;
        if (!context.Security.IsAllowed(file, AccessMode.Delete, command.Ins)
            && !context.Security.IsAllowed(directory, DirectoryMode.DeleteChild, command.Ins))
            return StatusWord.SecurityStatusNotSatisfied;

        using var change = context.Memory.Begin();
        context.Volume.Delete(change, file);
        change.Commit();
        var current = context.Selection.Elementary ?? context.Directory;
        if (current.Ancestry.Contains(file)) context.Selection.Enter(directory);
        return StatusWord.Success;
    }

    private StatusWord Activate(CardFile file, CommandApdu command) =>
        file.Parent is { IsUsable: false } ? FileStatus.NotUsable
        : file.LifeCycle is LifeCycle.Activated or LifeCycle.Terminated ? StatusWord.ConditionsNotSatisfied
        : Become(LifeCycle.Activated, file, AccessMode.Activate, command);

    private StatusWord Deactivate(CardFile file, CommandApdu command) =>
        !file.IsUsable ? FileStatus.NotUsable
        : file.LifeCycle != LifeCycle.Activated ? StatusWord.ConditionsNotSatisfied
        : Become(LifeCycle.Deactivated, file, AccessMode.Deactivate, command);

    private StatusWord Terminate(CardFile file, CommandApdu command) =>
        file.Parent is { IsUsable: false } || file.LifeCycle == LifeCycle.Terminated ? FileStatus.NotUsable
        : Become(LifeCycle.Terminated, file, AccessMode.Terminate, command);

    private StatusWord Become(LifeCycle becomes, CardFile file, AccessMode mode, CommandApdu command)
    {
        if (!context.Security.IsAllowed(file, mode, command.Ins)) return StatusWord.SecurityStatusNotSatisfied;

        file.LifeCycle = becomes;
        using var change = context.Memory.Begin();
        FileVolume.WriteState(change, file);
        change.Commit();
        return StatusWord.Success;
    }
}
