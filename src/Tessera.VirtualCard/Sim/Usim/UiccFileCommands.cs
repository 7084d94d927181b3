using Tessera.Cards;
using Tessera.VirtualCard.Sim.Files;
using Tessera.Wire;

namespace Tessera.VirtualCard.Sim.Usim;

/// <summary>
/// READ and UPDATE BINARY and RECORD, INCREASE, DEACTIVATE and ACTIVATE FILE of a UICC (ETSI TS 102 221 §11.1.3 to
/// §11.1.8, §11.1.14, §11.1.15).
/// </summary>
internal sealed class UiccFileCommands(SimContents contents, SimSecurity security)
{
    private const byte ByShortId = 0x80;
    private const byte ShortIdBits = 0x1F;
    private const byte ModeBits = 0x07;
    private const byte Next = 0x02;
    private const byte Previous = 0x03;
    private const byte ThatOne = 0x04;

    public ResponseApdu ReadBinary(CommandApdu command, UiccSelection here)
    {
        if (OpenBinary(command, here, file => file.Access.Read, out var file, out var offset) is { } refused)
            return new ResponseApdu(refused);
        var left = contents.SizeOf(file) - offset;
        return command is { Data.Length: not 0 } or { Le: null } ? new ResponseApdu(StatusWord.WrongLength)
            : left < 0 ? new ResponseApdu(UiccStatus.WrongOffset)
            : command.Le > left ? new ResponseApdu(UiccStatus.WrongLe(left))
            : new ResponseApdu(Bytes.CopyOf(contents.Of(file).Slice(offset, command.Le.Value)), StatusWord.Success);
    }

    public StatusWord UpdateBinary(CommandApdu command, UiccSelection here)
    {
        if (OpenBinary(command, here, file => file.Access.Update, out var file, out var offset) is { } refused)
            return refused;
        var left = contents.SizeOf(file) - offset;
        if (left < 0) return UiccStatus.WrongOffset;
        if (command.Data.Length == 0 || command.Data.Length > left) return StatusWord.WrongLength;
        contents.Write(file, offset, command.Data.Span);
        return StatusWord.Success;
    }

    public ResponseApdu ReadRecord(CommandApdu command, UiccSelection here)
    {
        if (OpenRecords(command, here, file => file.Access.Read, out var file) is { } refused)
            return new ResponseApdu(refused);
        if (command is { Data.Length: not 0 } or { Le: null }) return new ResponseApdu(StatusWord.WrongLength);
        if (command.Le != file.RecordLength) return new ResponseApdu(UiccStatus.WrongLe(file.RecordLength));
        return TryFind(command, here, file, out var number) is { } wrong
            ? new ResponseApdu(wrong)
            : new ResponseApdu(Bytes.CopyOf(contents.Record(file, number)), StatusWord.Success);
    }

    /// <summary>Of a cyclic file only the previous record, which is the oldest and becomes the first.</summary>
    public StatusWord UpdateRecord(CommandApdu command, UiccSelection here)
    {
        if (OpenRecords(command, here, file => file.Access.Update, out var file) is { } refused) return refused;
        if (command.Data.Length != file.RecordLength) return StatusWord.WrongLength;
        if (file.IsCyclic)
        {
            if ((command.P2 & ModeBits) != Previous) return StatusWord.IncorrectP1P2;
            contents.Append(file, command.Data.Span);
            here.Record = 1;
            return StatusWord.Success;
        }

        if (TryFind(command, here, file, out var number) is { } wrong) return wrong;
        contents.Write(file, (number - 1) * file.RecordLength, command.Data.Span);
        return StatusWord.Success;
    }

    /// <summary>The new record, and what was added.</summary>
    public ResponseApdu Increase(CommandApdu command, UiccSelection here)
    {
        if (command.P2 != 0 || (command.P1 & ~(ByShortId | ShortIdBits)) != 0
            || (command.P1 != 0 && (command.P1 & ByShortId) == 0))
            return new ResponseApdu(StatusWord.IncorrectP1P2);
        if (Find(command.P1 & ShortIdBits, here) is { } missing) return new ResponseApdu(missing);
        var file = here.File!;
        if (!file.IsCyclic) return new ResponseApdu(UiccStatus.NotForThisStructure);
        if (Refuse(file, file.Access.Increase) is { } refused) return new ResponseApdu(refused);
        if (command.Data.Length != SimFiles.ChargeRecord) return new ResponseApdu(StatusWord.WrongLength);
        if (contents.Increase(file, command.Data.Span) is not { } sum) return new(UiccStatus.CannotIncrease);
        here.Record = 1;
        return new ResponseApdu(new Bytes((byte[])[.. sum.Span, .. command.Data.Span]), StatusWord.Success);
    }

    /// <summary>Of the current file.</summary>
    public StatusWord Activate(CommandApdu command, UiccSelection here, bool isActive)
    {
        if (command is not { P1: 0, P2: 0 }) return StatusWord.IncorrectP1P2;
        if (command.Data.Length != 0) return StatusWord.WrongLength;
        if (here.File is not { } file) return UiccStatus.NoFileSelected;
        if (!security.Grants(isActive ? file.Access.Rehabilitate : file.Access.Invalidate))
            return StatusWord.SecurityStatusNotSatisfied;
        if (contents.IsInvalidated(file) != isActive) return StatusWord.ConditionsNotSatisfied;
        if (!contents.CanInvalidate) return UiccStatus.MemoryProblem;
        contents.Invalidate(file, !isActive);
        return StatusWord.Success;
    }

    /// <summary>The file with records that P2 names, which is or becomes the current one.</summary>
    public StatusWord? OpenRecords(
        CommandApdu command, UiccSelection here, Func<ElementaryFile, SimAccess> access, out ElementaryFile file)
    {
        file = null!;
        if (Find(command.P2 >> 3, here) is { } missing) return missing;
        file = here.File!;
        return file.IsTransparent ? UiccStatus.NotForThisStructure : Refuse(file, access(file));
    }

    private StatusWord? OpenBinary(
        CommandApdu command, UiccSelection here, Func<ElementaryFile, SimAccess> access, out ElementaryFile file,
        out int offset)
    {
        var isShort = (command.P1 & ByShortId) != 0;
        offset = isShort ? command.P2 : (command.P1 << 8) | command.P2;
        file = null!;
        if (isShort && (command.P1 & ~(ByShortId | ShortIdBits)) != 0) return StatusWord.IncorrectP1P2;
        if (isShort && (command.P1 & ShortIdBits) == 0) return StatusWord.FileNotFound;
        if (Find(isShort ? command.P1 & ShortIdBits : 0, here) is { } missing) return missing;
        file = here.File!;
        return file.IsTransparent ? Refuse(file, access(file)) : UiccStatus.NotForThisStructure;
    }

    /// <summary>The file of a short identifier in the current directory becomes the current one; 0 leaves it.</summary>
    private StatusWord? Find(int shortId, UiccSelection here)
    {
        if (shortId == 0) return here.File is null ? UiccStatus.NoFileSelected : null;
        var file = UsimFiles.All.FirstOrDefault(each =>
            each.Parent == here.Directory && each.ShortId == shortId && contents.Has(each));
        if (file is null) return StatusWord.FileNotFound;
        here.EnterShort(file);
        return null;
    }

    private StatusWord? Refuse(ElementaryFile file, SimAccess access) =>
        !security.Grants(access) ? StatusWord.SecurityStatusNotSatisfied
        : contents.IsInvalidated(file) ? UiccStatus.Invalidated
        : null;

    /// <summary>
    /// By mode: 02 next, 03 previous, 04 by number or, for number 0, the current one. A cyclic file goes round.
    /// </summary>
    private StatusWord? TryFind(CommandApdu command, UiccSelection here, ElementaryFile file, out int number)
    {
        var count = contents.RecordsOf(file);
        var mode = command.P2 & ModeBits;
        number = mode switch
        {
            Next => file.IsCyclic ? (here.Record % count) + 1 : here.Record + 1,
            Previous when here.Record == 0 || (file.IsCyclic && here.Record == 1) => count,
            Previous => here.Record - 1,
            _ => command.P1 == 0 ? here.Record : command.P1,
        };
        if (mode is not (Next or Previous or ThatOne)) return StatusWord.IncorrectP1P2;
        if (number < 1 || number > count) return StatusWord.RecordNotFound;
        if (mode != ThatOne) here.Record = number;
        return null;
    }
}
