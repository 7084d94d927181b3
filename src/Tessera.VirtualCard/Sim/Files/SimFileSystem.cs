using Tessera.Cards;
using Tessera.VirtualCard.Memory;
using Tessera.Wire;

namespace Tessera.VirtualCard.Sim.Files;

/// <summary>What is selected among the telephony files, and the commands that work on it (3GPP TS 51.011 §8).</summary>
internal sealed class SimFileSystem(CardMemory memory, Chv chv)
{
    private const int MaxPattern = 16;

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
        if (file is null) return null;
        (_file, _record) = (file, 0);
        return Describe(file);
    }

    /// <summary>STATUS: what SELECT says of the current directory (§9.2.1).</summary>
    public Bytes Status()
    {
        var characteristics = (byte)(chv.IsEnabled ? 0x00 : 0x80);
        return new Bytes((byte[])
        [
            0, 0, 0, 0, (byte)(_directory.Id >> 8), (byte)_directory.Id, (byte)(_directory.Parent is null ? 1 : 2),
            0, 0, 0, 0, 0, 9, characteristics,
            (byte)SimFiles.Directories.Count(each => each.Parent == _directory),
            (byte)SimFiles.All.Count(each => each.Parent == _directory),
            2, 0, (byte)(0x80 | chv.Tries), (byte)(0x80 | chv.UnblockTries), 0, 0,
        ]);
    }

    public ResponseApdu ReadBinary(CommandApdu command)
    {
        if (Refuse(file => file.Read, transparent: true, command, reads: true) is { } refused) return new(refused);
        return RefuseRange(command, command.Le ?? 0) is { } wrong
            ? new ResponseApdu(wrong)
            : new ResponseApdu(Bytes.CopyOf(Content.Slice(OffsetOf(command), command.Le!.Value)), SimStatus.Success);
    }

    public StatusWord UpdateBinary(CommandApdu command)
    {
        if (Refuse(file => file.Update, transparent: true, command, reads: false) is { } refused) return refused;
        if (RefuseRange(command, command.Data.Length) is { } wrong) return wrong;
        Write(OffsetOf(command), command.Data.Span);
        return SimStatus.Success;
    }

    public ResponseApdu ReadRecord(CommandApdu command)
    {
        if (Refuse(file => file.Read, transparent: false, command, reads: true) is { } refused) return new(refused);
        return TryFind(command, command.Le ?? 0, out var number, out var wrong)
            ? new ResponseApdu(Bytes.CopyOf(Record(number)), SimStatus.Success)
            : new ResponseApdu(wrong);
    }

    public StatusWord UpdateRecord(CommandApdu command)
    {
        if (Refuse(file => file.Update, transparent: false, command, reads: false) is { } refused) return refused;
        if (!TryFind(command, command.Data.Length, out var number, out var wrong)) return wrong;
        Write((number - 1) * _file!.RecordLength, command.Data.Span);
        return SimStatus.Success;
    }

    /// <summary>SEEK: the next record that begins with a pattern (§8.7); type 2 answers its number.</summary>
    public ResponseApdu Seek(CommandApdu command)
    {
        if (Refuse(file => file.Read, transparent: false, command, reads: false) is { } refused) return new(refused);
        var pattern = command.Data;
        if (command.P1 != 0 || (command.P2 & ~0x13) != 0) return new ResponseApdu(SimStatus.WrongP1P2);
        if (pattern.Length > Math.Min(MaxPattern, _file!.RecordLength)) return new(SimStatus.WrongLength(MaxPattern));

        var count = _file.Records;
        var order = (command.P2 & 0x03) switch
        {
            0x00 => Enumerable.Range(1, count),
            0x01 => Enumerable.Range(1, count).Reverse(),
            0x02 => Enumerable.Range(_record + 1, count - _record),
            _ => Enumerable.Range(1, Math.Max(_record - 1, 0)).Reverse(),
        };
        var found = order.FirstOrDefault(number => Record(number).StartsWith(pattern.Span));
        if (found == 0) return new ResponseApdu(SimStatus.NotFound);
        _record = found;
        return (command.P2 & 0x10) == 0
            ? new ResponseApdu(SimStatus.Success)
            : new ResponseApdu(new Bytes((byte[])[(byte)found]), SimStatus.Success);
    }

    private ReadOnlySpan<byte> Content => memory.Read(_file!.Cell);

    private static int OffsetOf(CommandApdu command) => (command.P1 << 8) | command.P2;

    private bool IsNear(DedicatedFile directory) =>
        directory == SimFiles.Master || directory == _directory || directory == _directory.Parent ||
        directory.Parent == _directory || directory.Parent == _directory.Parent;

    private StatusWord? Refuse(
        Func<ElementaryFile, SimAccess> access, bool transparent, CommandApdu command, bool reads) =>
        _file is null ? SimStatus.NoFileSelected
        : _file.IsTransparent != transparent ? SimStatus.OtherKindOfFile
        : !chv.Grants(access(_file)) ? SimStatus.AccessDenied
        : reads != (command.Data.Length == 0) ? SimStatus.WrongLength(_file.IsTransparent ? 0 : _file.RecordLength)
        : null;

    private StatusWord? RefuseRange(CommandApdu command, int length)
    {
        var left = _file!.Size - OffsetOf(command);
        return left < 0 ? SimStatus.WrongP1P2
            : length == 0 || length > left ? SimStatus.WrongLength(left)
            : null;
    }

    /// <summary>By mode (§8.5): 02 next, 03 previous, 04 by number or, for number 0, the current one.</summary>
    private bool TryFind(CommandApdu command, int length, out int number, out StatusWord wrong)
    {
        var file = _file!;
        number = command.P2 switch
        {
            0x02 => _record + 1,
            0x03 => _record == 0 ? file.Records : _record - 1,
            _ => command.P1 == 0 ? _record : command.P1,
        };
        wrong = command.P2 is not (0x02 or 0x03 or 0x04) ? SimStatus.WrongP1P2
            : length != file.RecordLength ? SimStatus.WrongLength(file.RecordLength)
            : number < 1 || number > file.Records ? SimStatus.OutOfRange
            : SimStatus.Success;
        if (wrong.IsSuccess && command.P2 != 0x04) _record = number;
        return wrong.IsSuccess;
    }

    private ReadOnlySpan<byte> Record(int number) =>
        Content.Slice((number - 1) * _file!.RecordLength, _file.RecordLength);

    private void Write(int offset, ReadOnlySpan<byte> octets)
    {
        var content = Content.ToArray();
        octets.CopyTo(content.AsSpan(offset));
        using var change = memory.Begin();
        change.Write(_file!.Cell, content);
        change.Commit();
    }

    /// <summary>What SELECT says of a file (§9.2.1).</summary>
    private static Bytes Describe(ElementaryFile file)
    {
        byte[] head =
        [
            0, 0, (byte)(file.Size >> 8), (byte)file.Size, (byte)(file.Id >> 8), (byte)file.Id, 4, 0,
            (byte)(((byte)file.Read << 4) | (byte)file.Update), 0xFF, 0xFF, 1,
        ];
        return new Bytes((byte[])(file.IsTransparent
            ? [.. head, 2, 0, 0]
            : [.. head, 2, 1, (byte)file.RecordLength]));
    }
}
