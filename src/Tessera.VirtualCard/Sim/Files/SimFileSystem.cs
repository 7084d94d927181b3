using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.VirtualCard.Sim.Files;

/// <summary>What class A0 has selected, and its commands that work on files (3GPP TS 51.011 §8).</summary>
internal sealed class SimFileSystem(SimContents contents, SimSecurity security)
{
    private const int MaxPattern = 16;
    private const byte Next = 0x02;
    private const byte Previous = 0x03;
    private const byte ThatOne = 0x04;

    private DedicatedFile _directory = SimFiles.Master;
    private ElementaryFile? _file;

    /// <summary>The current record, from 1; 0 before there is one.</summary>
    private int _record;

    /// <summary>DF GSM is the current directory.</summary>
    public bool IsInGsm => _directory == SimFiles.Gsm;

    /// <summary>Power is gone: the MF is selected.</summary>
    public void Forget() => (_directory, _file, _record) = (SimFiles.Master, null, 0);

    /// <summary>SELECT: a child, a sibling or the parent of the current directory, itself, or the MF (§6.5).</summary>
    /// <returns>What it says of the file; null where that one cannot be reached.</returns>
    public Bytes? Select(ushort id)
    {
        if (SimFiles.Directories.FirstOrDefault(each => each.Id == id) is { } directory && IsNear(directory))
        {
            (_directory, _file, _record) = (directory, null, 0);
            return Status();
        }

        var file = SimFiles.All.FirstOrDefault(each => each.Id == id && each.Parent == _directory);
        if (file is null || !contents.Has(file)) return null;
        (_file, _record) = (file, file.IsCyclic ? 1 : 0);
        return SimDescription.Of(file, contents);
    }

    /// <summary>STATUS: what SELECT says of the current directory (§9.2.1).</summary>
    public Bytes Status() => SimDescription.Of(_directory, contents, security);

    public ResponseApdu ReadBinary(CommandApdu command)
    {
        if (Refuse(file => file.Access.Read, [SimStructure.Transparent], command, reads: true) is { } no) return new(no);
        return RefuseRange(command, command.Le ?? 0) is { } wrong
            ? new ResponseApdu(wrong)
            : new ResponseApdu(
                Bytes.CopyOf(contents.Of(_file!).Slice(OffsetOf(command), command.Le!.Value)), SimStatus.Success);
    }

    public StatusWord UpdateBinary(CommandApdu command)
    {
        if (Refuse(file => file.Access.Update, [SimStructure.Transparent], command, reads: false) is { } no) return no;
        if (RefuseRange(command, command.Data.Length) is { } wrong) return wrong;
        contents.Write(_file!, OffsetOf(command), command.Data.Span);
        return SimStatus.Success;
    }

    public ResponseApdu ReadRecord(CommandApdu command)
    {
        if (Refuse(file => file.Access.Read, [SimStructure.LinearFixed, SimStructure.Cyclic], command, reads: true)
            is { } refused)
            return new(refused);
        return TryFind(command, command.Le ?? 0, out var number, out var wrong)
            ? new ResponseApdu(Bytes.CopyOf(contents.Record(_file!, number)), SimStatus.Success)
            : new ResponseApdu(wrong);
    }

    /// <summary>Of a cyclic file only the previous one, which is the oldest and becomes the first (§8.6).</summary>
    public StatusWord UpdateRecord(CommandApdu command)
    {
        if (Refuse(file => file.Access.Update, [SimStructure.LinearFixed, SimStructure.Cyclic], command, reads: false)
            is { } refused)
            return refused;
        if (!_file!.IsCyclic)
        {
            if (!TryFind(command, command.Data.Length, out var number, out var wrong)) return wrong;
            contents.Write(_file, (number - 1) * _file.RecordLength, command.Data.Span);
            return SimStatus.Success;
        }

        if (command.P2 != Previous) return SimStatus.WrongP1P2;
        if (command.Data.Length != _file.RecordLength) return SimStatus.WrongLength(_file.RecordLength);
        contents.Append(_file, command.Data.Span);
        _record = 1;
        return SimStatus.Success;
    }

    /// <summary>INCREASE (§8.8): the new record, and what was added.</summary>
    public ResponseApdu Increase(CommandApdu command)
    {
        if (command is not { P1: 0, P2: 0 }) return new ResponseApdu(SimStatus.WrongP1P2);
        if (Refuse(file => file.Access.Increase, [SimStructure.Cyclic], command, reads: false) is { } no) return new(no);
        if (command.Data.Length != SimFiles.ChargeRecord) return new(SimStatus.WrongLength(SimFiles.ChargeRecord));
        if (contents.Increase(_file!, command.Data.Span) is not { } sum) return new(SimStatus.CannotIncrease);
        _record = 1;
        return new ResponseApdu(new Bytes((byte[])[.. sum.Span, .. command.Data.Span]), SimStatus.Success);
    }

    /// <summary>INVALIDATE (§8.14) or REHABILITATE (§8.15).</summary>
    public StatusWord Invalidate(CommandApdu command, bool isInvalidated)
    {
        if (command is not { P1: 0, P2: 0 }) return SimStatus.WrongP1P2;
        if (command.Data.Length != 0) return SimStatus.WrongLength(0);
        if (_file is null) return SimStatus.NoFileSelected;
        if (!security.Grants(isInvalidated ? _file.Access.Invalidate : _file.Access.Rehabilitate))
            return SimStatus.AccessDenied;
        if (contents.IsInvalidated(_file) == isInvalidated) return SimStatus.ContradictsInvalidation;
        if (!contents.CanInvalidate) return SimStatus.MemoryProblem;
        contents.Invalidate(_file, isInvalidated);
        return SimStatus.Success;
    }

    /// <summary>SEEK: the next record that begins with a pattern (§8.7); type 2 answers its number.</summary>
    public ResponseApdu Seek(CommandApdu command)
    {
        if (Refuse(file => file.Access.Read, [SimStructure.LinearFixed], command, reads: false) is { } no) return new(no);
        var pattern = command.Data;
        if (command.P1 != 0 || (command.P2 & ~0x13) != 0) return new ResponseApdu(SimStatus.WrongP1P2);
        if (pattern.Length > Math.Min(MaxPattern, _file!.RecordLength)) return new(SimStatus.WrongLength(MaxPattern));

        var count = contents.RecordsOf(_file);
        var order = (command.P2 & 0x03) switch
        {
            0x00 => Enumerable.Range(1, count),
            0x01 => Enumerable.Range(1, count).Reverse(),
            0x02 => Enumerable.Range(_record + 1, count - _record),
            _ => Enumerable.Range(1, Math.Max(_record - 1, 0)).Reverse(),
        };
        var found = order.FirstOrDefault(number => contents.Record(_file, number).StartsWith(pattern.Span));
        if (found == 0) return new ResponseApdu(SimStatus.NotFound);
        _record = found;
        return (command.P2 & 0x10) == 0
            ? new ResponseApdu(SimStatus.Success)
            : new ResponseApdu(new Bytes((byte[])[(byte)found]), SimStatus.Success);
    }

    private static int OffsetOf(CommandApdu command) => (command.P1 << 8) | command.P2;

    private bool IsNear(DedicatedFile directory) =>
        directory == SimFiles.Master || directory == _directory || directory == _directory.Parent ||
        directory.Parent == _directory || directory.Parent == _directory.Parent;

    private StatusWord? Refuse(
        Func<ElementaryFile, SimAccess> access, ReadOnlySpan<SimStructure> structures, CommandApdu command, bool reads) =>
        _file is null ? SimStatus.NoFileSelected
        : !structures.Contains(_file.Structure) ? SimStatus.OtherKindOfFile
        : !security.Grants(access(_file)) ? SimStatus.AccessDenied
        : contents.IsInvalidated(_file) ? SimStatus.ContradictsInvalidation
        : reads != (command.Data.Length == 0) ? SimStatus.WrongLength(_file.RecordLength)
        : null;

    private StatusWord? RefuseRange(CommandApdu command, int length)
    {
        var left = contents.SizeOf(_file!) - OffsetOf(command);
        return left < 0 ? SimStatus.WrongP1P2
            : length == 0 || length > left ? SimStatus.WrongLength(left)
            : null;
    }

    /// <summary>
    /// By mode (§8.5): 02 next, 03 previous, 04 by number or, for number 0, the current one. A cyclic file goes round.
    /// </summary>
    private bool TryFind(CommandApdu command, int length, out int number, out StatusWord wrong)
    {
        var file = _file!;
        var count = contents.RecordsOf(file);
        number = command.P2 switch
        {
            Next => file.IsCyclic ? (_record % count) + 1 : _record + 1,
            Previous when _record == 0 || (file.IsCyclic && _record == 1) => count,
            Previous => _record - 1,
            _ => command.P1 == 0 ? _record : command.P1,
        };
        wrong = command.P2 is not (Next or Previous or ThatOne) ? SimStatus.WrongP1P2
            : length != file.RecordLength ? SimStatus.WrongLength(file.RecordLength)
            : number < 1 || number > count ? SimStatus.OutOfRange
            : SimStatus.Success;
        if (wrong.IsSuccess && command.P2 != ThatOne) _record = number;
        return wrong.IsSuccess;
    }
}
