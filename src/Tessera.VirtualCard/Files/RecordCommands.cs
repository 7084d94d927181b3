using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.VirtualCard.Files;

/// <summary>READ, WRITE, UPDATE, APPEND, ERASE and SEARCH RECORD (ISO/IEC 7816-4:2005 §7.3).</summary>
/// <remarks>
/// <code>
/// P2  b8 to b4 short identifier, 0 for the current file
///     b3 to b1 with P1 the first octet of the record, 00 for any: 0 first, 1 last, 2 next, 3 previous
///              with P1 the number, 00 for the current: 4 that one; READ 5 from it to the last, 6 from the last to it;
///              ERASE 5 from it to the last; SEARCH 4 from it onwards, 5 from it backwards
/// </code>
/// UPDATE of the previous record of a cyclic file is APPEND, so that the oldest becomes the newest. WRITE sets bits.
/// </remarks>
internal sealed class RecordCommands(FileContext context)
{
    private const int Next = 2;
    private const int Previous = 3;
    private const int ThatOne = 4;

    public ResponseApdu Process(CommandApdu command)
    {
        var mode = command.Ins switch
        {
            0xB2 or 0xA2 => AccessMode.Read,
            0xD2 or 0xE2 => AccessMode.Write,
            _ => AccessMode.Update,
        };
        var (sfi, how) = (command.P2 >> 3, command.P2 & 7);
        if (sfi > 30) return new ResponseApdu(StatusWord.IncorrectP1P2);
        if (context.Find(sfi, control => control.HasRecords, mode, command.Ins, out var refused) is not { } file)
            return new ResponseApdu(refused);

        var records = new RecordStore(context.Volume, file);
        return command.Ins switch
        {
            0xB2 when command.Data.Length > 0 => new ResponseApdu(StatusWord.WrongLength),
            0xB2 => Read(command, records, how),
            0xA2 => Search(command, records, how),
            0xE2 when command.P1 != 0 || how != 0 => new ResponseApdu(StatusWord.IncorrectP1P2),
            0xE2 => new ResponseApdu(Append(command, file, records)),
            0xDC when how == Previous && command.P1 == 0 && file.Control.Kind == FileKind.Cyclic =>
                new ResponseApdu(Append(command, file, records)),
            0x0C => new ResponseApdu(Erase(command, records, how)),
            _ => new ResponseApdu(Update(command, records, how, isOr: command.Ins == 0xD2)),
        };
    }

    private ResponseApdu Read(CommandApdu command, RecordStore records, int how)
    {
        if (how > 6) return new ResponseApdu(StatusWord.IncorrectP1P2);
        if (Locate(command.P1, records, Math.Min(how, ThatOne)) is not { } number)
            return new ResponseApdu(StatusWord.RecordNotFound);

        byte[] octets = how switch
        {
            5 => [.. records.All.Skip(number - 1).SelectMany(record => record)],
            6 => [.. records.All.Skip(number - 1).Reverse().SelectMany(record => record)],
            _ => records[number],
        };
        return FileContext.Answer(command, octets[..FileContext.Wanted(command, octets.Length)], octets.Length);
    }

    /// <summary>The new record becomes the current one.</summary>
    private StatusWord Append(CommandApdu command, CardFile file, RecordStore records)
    {
        if (!records.Takes(command.Data.Length)) return StatusWord.WrongLength;
        using var change = context.Memory.Begin();
        if (!records.TryAppend(change, command.Data.Span)) return StatusWord.NotEnoughMemory;
        change.Commit();
        context.Selection.Record = file.Control.Kind == FileKind.Cyclic ? 1 : records.Count;
        return StatusWord.Success;
    }

    private StatusWord Update(CommandApdu command, RecordStore records, int how, bool isOr)
    {
        if (how > ThatOne) return StatusWord.IncorrectP1P2;
        if (!records.Takes(command.Data.Length)) return StatusWord.WrongLength;
        if (Locate(command.P1, records, how) is not { } number) return StatusWord.RecordNotFound;

        var octets = command.Data.ToArray();
        if (isOr)
        {
            var before = records[number];
            for (var i = 0; i < Math.Min(octets.Length, before.Length); i++) octets[i] |= before[i];
        }

        using var change = context.Memory.Begin();
        if (!records.TryUpdate(change, number, octets)) return StatusWord.NotEnoughMemory;
        change.Commit();
        return StatusWord.Success;
    }

    private StatusWord Erase(CommandApdu command, RecordStore records, int how)
    {
        if (how is not (ThatOne or 5)) return StatusWord.IncorrectP1P2;
        if (command.Data.Length > 0) return StatusWord.WrongLength;
        if (Locate(command.P1, records, ThatOne) is not { } number) return StatusWord.RecordNotFound;

        using var change = context.Memory.Begin();
        records.Erase(change, number, how == ThatOne ? number : records.Count);
        change.Commit();
        return StatusWord.Success;
    }

    /// <summary>Simple search: numbers of the records in which the data are somewhere; the first becomes current.</summary>
    private ResponseApdu Search(CommandApdu command, RecordStore records, int how)
    {
        if (how is not (ThatOne or 5)) return new ResponseApdu(FileStatus.FunctionNotSupported);
        if (command.Data.Length == 0) return new ResponseApdu(StatusWord.WrongLength);
        var from = command.P1 != 0 ? command.P1 : context.Selection.Record;
        if (from == 0) from = how == ThatOne ? 1 : records.Count;
        if (from > records.Count) return new ResponseApdu(StatusWord.RecordNotFound);

        var pattern = command.Data;
        var found = records.All
            .Select((record, i) => (Number: i + 1, IsMatch: record.AsSpan().IndexOf(pattern.Span) >= 0))
            .Where(record => record.IsMatch && (how == ThatOne ? record.Number >= from : record.Number <= from))
            .Select(record => (byte)record.Number)
            .ToArray();
        if (how != ThatOne) Array.Reverse(found);
        if (found.Length == 0) return new ResponseApdu(FileStatus.EndReached);
        context.Selection.Record = found[0];
        return new ResponseApdu(
            Bytes.CopyOf(found.AsSpan(0, FileContext.Wanted(command, found.Length))), StatusWord.Success);
    }

    /// <summary>The number of a record; those that are found by their first octet become the current one.</summary>
    private int? Locate(byte p1, RecordStore records, int how)
    {
        var current = context.Selection.Record;
        if (how == ThatOne)
        {
            var number = p1 != 0 ? p1 : current;
            return number >= 1 && number <= records.Count ? number : null;
        }

        var order = Enumerable.Range(1, records.Count);
        if (how is not (0 or Next)) order = order.Reverse();
        if (current != 0 && how == Next) order = order.Where(number => number > current);
        if (current != 0 && how == Previous) order = order.Where(number => number < current);
        foreach (var number in order)
        {
            if (p1 != 0 && (records[number] is not [var first, ..] || first != p1)) continue;
            context.Selection.Record = number;
            return number;
        }

        return null;
    }
}
