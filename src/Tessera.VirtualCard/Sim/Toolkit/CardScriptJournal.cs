using System.Buffers.Binary;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard.Memory;
using Tessera.Wire;

namespace Tessera.VirtualCard.Sim.Toolkit;

/// <summary>
/// The journal of scripts in the memory of a card (docs/protocols/script.md §6.4): the last session, and the newest
/// four scripts with their answers.
/// </summary>
/// <remarks>
/// <code>
/// journal    last session 2 | place of the next script 1
/// script     session 2 | number 1 | hash 32 | 00 begun, 01 answered | answer        empty where there is none
/// </code>
/// </remarks>
internal sealed class CardScriptJournal(CardMemory memory) : IScriptJournal
{
    private const int Places = 4;
    private const int HeadLength = 3;
    private const int HashLength = 32;
    private const int AnswerAt = HeadLength + HashLength + 1;

    public ushort LastSession => BinaryPrimitives.ReadUInt16BigEndian(memory.Read(CellId.Journal));

    private byte Next => memory.Read(CellId.Journal)[2];

    /// <summary>Its cells, as a card is born with them.</summary>
    public static IEnumerable<NewCell> Cells() =>
    [
        new(CellId.Journal, HeadLength, new Bytes(new byte[HeadLength])),
        .. Enumerable.Range(0, Places).Select(place =>
            new NewCell(CellOf(place), AnswerAt + ResponseScript.MaxLength, Bytes.Empty)),
    ];

    public JournaledScript? Find(ushort session, byte number)
    {
        if (PlaceOf(session, number) is not { } place) return null;
        var cell = memory.Read(CellOf(place));
        Bytes? answer = cell[AnswerAt - 1] == 0 ? null : Bytes.CopyOf(cell[AnswerAt..]);
        return new JournaledScript(Bytes.CopyOf(cell.Slice(HeadLength, HashLength)), answer);
    }

    public byte LastNumber(ushort session) => Kept()
        .Where(script => script.Session == session).Select(script => script.Number).DefaultIfEmpty().Max();

    public void OpenSession(ushort session)
    {
        using var change = memory.Begin();
        foreach (var script in Kept().Where(script => script.Session == session).ToArray())
            change.Write(CellOf(script.Place), []);
        change.Write(CellId.Journal, [(byte)(session >> 8), (byte)session, Next]);
        change.Commit();
    }

    public void Begin(ushort session, byte number, Bytes hash)
    {
        var (place, last) = (Next, LastSession);
        using var change = memory.Begin();
        change.Write(CellOf(place), [(byte)(session >> 8), (byte)session, number, .. hash.Span, 0]);
        change.Write(CellId.Journal, [(byte)(last >> 8), (byte)last, (byte)((place + 1) % Places)]);
        change.Commit();
    }

    public void Finish(ushort session, byte number, Bytes answer)
    {
        if (PlaceOf(session, number) is not { } place) return;
        var begun = memory.Read(CellOf(place))[..(AnswerAt - 1)].ToArray();
        using var change = memory.Begin();
        change.Write(CellOf(place), [.. begun, 1, .. answer.Span]);
        change.Commit();
    }

    private int? PlaceOf(ushort session, byte number) => Kept()
        .Where(script => script.Session == session && script.Number == number)
        .Select(script => (int?)script.Place).FirstOrDefault();

    private IEnumerable<(int Place, ushort Session, byte Number)> Kept()
    {
        for (var place = 0; place < Places; place++)
        {
            var cell = memory.Read(CellOf(place)).ToArray();
            if (cell.Length > 0) yield return (place, BinaryPrimitives.ReadUInt16BigEndian(cell), cell[2]);
        }
    }

    private static byte CellOf(int place) => (byte)(CellId.JournalScript + place);
}
