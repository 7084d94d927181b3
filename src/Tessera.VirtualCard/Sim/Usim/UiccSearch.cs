using Tessera.Cards;
using Tessera.VirtualCard.Sim.Files;
using Tessera.Wire;

namespace Tessera.VirtualCard.Sim.Usim;

/// <summary>SEARCH RECORD of a UICC (ETSI TS 102 221 §11.1.7): the numbers of the records that hold a pattern.</summary>
/// <remarks>
/// <code>
/// P2 b3-b1   100 forward from record P1, 101 backward from it; P1 00 for the current one
///            110 enhanced: data begin with an indication 1 and a value 1
/// indication b3-b1 100 forward from P1, 101 backward from P1, 110 forward from the next, 111 backward from the previous
///            b4    0: the value is the offset in the record to search from; 1: search behind the value's first place
/// </code>
/// </remarks>
internal sealed class UiccSearch(SimContents contents, UiccFileCommands files)
{
    private const byte ModeBits = 0x07;
    private const byte Forward = 0x04;
    private const byte Backward = 0x05;
    private const byte Enhanced = 0x06;
    private const byte FromNext = 0x06;
    private const byte FromPrevious = 0x07;
    private const byte BehindValue = 0x08;
    private const int IndicationLength = 2;

    public ResponseApdu Process(CommandApdu command, UiccSelection here)
    {
        if (files.OpenRecords(command, here, file => file.Access.Read, out var file) is { } refused)
            return new ResponseApdu(refused);
        var mode = command.P2 & ModeBits;
        var data = command.Data.Span;
        if (mode is not (Forward or Backward or Enhanced)) return new ResponseApdu(StatusWord.IncorrectP1P2);
        if (file.IsCyclic && mode == Enhanced) return new ResponseApdu(UiccStatus.FunctionNotSupported);
        byte indication = 0, value = 0;
        if (mode == Enhanced)
        {
            if (data.Length <= IndicationLength) return new ResponseApdu(StatusWord.WrongLength);
            (indication, value) = (data[0], data[1]);
            data = data[IndicationLength..];
            if (indication is < Forward or > (BehindValue | FromPrevious) || (indication & Forward) == 0)
                return new ResponseApdu(StatusWord.WrongData);
            mode = indication & ModeBits;
        }

        if (data.IsEmpty || data.Length > file.RecordLength) return new ResponseApdu(StatusWord.WrongLength);
        if (Order(command.P1, mode, here.Record, contents.RecordsOf(file)) is not { } order)
            return new ResponseApdu(StatusWord.RecordNotFound);

        var pattern = data.ToArray();
        var found = order.Where(number => Holds(contents.Record(file, number), pattern, indication, value))
            .Select(number => (byte)number).ToArray();
        if (found.Length == 0) return new ResponseApdu(UiccStatus.NothingFound);
        here.Record = found[0];
        return new ResponseApdu(new Bytes(found), StatusWord.Success);
    }

    private static bool Holds(ReadOnlySpan<byte> record, byte[] pattern, byte indication, byte value)
    {
        var from = (indication & BehindValue) == 0 ? value : record.IndexOf(value) + 1;
        if (from == 0 && (indication & BehindValue) != 0) return false;
        return from <= record.Length && record[from..].IndexOf(pattern) >= 0;
    }

    /// <summary>The records to look at; null where the one to begin with is not there.</summary>
    private static IEnumerable<int>? Order(byte p1, int mode, int current, int count)
    {
        var isForward = mode is Forward or FromNext;
        var from = mode switch
        {
            FromNext => current + 1,
            FromPrevious => current == 0 ? count : current - 1,
            _ when p1 == 0 => current,
            _ => p1,
        };
        if (from < 1 || from > count) return null;
        return isForward ? Enumerable.Range(from, count - from + 1) : Enumerable.Range(1, from).Reverse();
    }
}
