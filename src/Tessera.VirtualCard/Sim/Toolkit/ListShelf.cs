using System.Buffers.Binary;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard.Memory;
using Tessera.Wire;

namespace Tessera.VirtualCard.Sim.Toolkit;

/// <summary>
/// The lists of choices that scripts told this card to keep (docs/protocols/script.md §8): eight, each for one
/// application; a new one takes the place of the one with its id, or of the one that is there longest.
/// </summary>
/// <remarks>
/// <code>
/// lists    place of the next list 1
/// list     application 1 | id 1 | version 2 | SELECT ITEM, D0 L ...       empty where there is none
/// </code>
/// </remarks>
internal sealed class ListShelf(CardMemory memory)
{
    private const int Places = Opening.MaxLists;
    private const int HeadLength = 4;

    private bool IsThere => memory.Has(CellId.Lists);

    private byte Next => memory.Read(CellId.Lists)[0];

    /// <summary>Its cells, as a card is born with them.</summary>
    public static IEnumerable<NewCell> Cells() =>
    [
        new(CellId.Lists, 1, new Bytes(new byte[1])),
        .. Enumerable.Range(0, Places).Select(place =>
            new NewCell(CellOf(place), HeadLength + ProactiveCommand.MaxFetchLength, Bytes.Empty)),
    ];

    /// <summary>What is kept for an application; the next to be replaced first.</summary>
    /// <param name="application">Its place in the menu, from 1.</param>
    public IReadOnlyList<ListVersion> Of(byte application) =>
        [.. Kept().Where(kept => kept.Application == application).Select(kept => kept.Name)];

    public ProactiveCommand? Find(byte application, ListVersion list)
    {
        foreach (var (place, owner, name) in Kept())
        {
            if (owner == application && name == list)
                return Bytes.CopyOf(memory.Read(CellOf(place))[HeadLength..]).Read<ProactiveCommand>();
        }

        return null;
    }

    /// <summary>Keeps lists in one atomic step; what is there already is left as it is.</summary>
    public void Keep(byte application, Sequence<CachedListStep> lists)
    {
        if (!IsThere) return;
        using var change = memory.Begin();
        var places = Kept().ToDictionary(kept => kept.Place, kept => (kept.Application, kept.Name.Id));
        var next = Next;
        foreach (var list in lists.Where(list => Find(application, list.Name) != list.Whole).TakeLast(Places))
        {
            var key = (application, list.Id);
            var place = places.Where(taken => taken.Value == key).Select(taken => (int?)taken.Key).FirstOrDefault() ?? next;
            if (places.GetValueOrDefault(place) != key) next = (byte)((next + 1) % Places);
            places[place] = key;
            change.Write(CellOf(place),
                [application, list.Id, (byte)(list.Version >> 8), (byte)list.Version, .. Bytes.Of(list.Whole!).Span]);
        }

        if (next != Next) change.Write(CellId.Lists, [next]);
        change.Commit();
    }

    /// <summary>The place that is overwritten next is that of the oldest.</summary>
    private IEnumerable<(int Place, byte Application, ListVersion Name)> Kept()
    {
        for (var i = 0; IsThere && i < Places; i++)
        {
            var place = (Next + i) % Places;
            var cell = memory.Read(CellOf(place));
            if (cell.IsEmpty) continue;
            yield return (place, cell[0], new ListVersion(cell[1], BinaryPrimitives.ReadUInt16BigEndian(cell[2..])));
        }
    }

    private static byte CellOf(int place) => (byte)(CellId.List + place);
}
