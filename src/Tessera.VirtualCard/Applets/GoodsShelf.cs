using System.Buffers.Binary;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.VirtualCard.Memory;
using Tessera.Wire;

namespace Tessera.VirtualCard.Applets;

/// <summary>Where the purse puts the goods of a debit: into the data store (docs/protocols/purse.md §9).</summary>
internal sealed class GoodsShelf(CardMemory memory)
{
    private static readonly StatusWord OlderVersion = new(0x9405);
    private static readonly StatusWord OtherDefinition = new(0x9406);
    private static readonly StatusWord ObjectIsThere = new(0x6A89);

    private const int RemovedLength = sizeof(uint) + RemovedObject.MarkLength;

    private readonly StoreFile _store = new(memory);

    /// <summary>Not on a card that was made before there were limits, nor on one whose store has no key.</summary>
    public bool IsThere => memory.Has(CellId.PurseLimits) && memory.Has(CellId.StoreKey) && _store.IsPersonalised;

    /// <summary>Why those goods cannot be taken in as the store is; null where they can, and where there are none.</summary>
    public StatusWord? Refuse(Bytes goods)
    {
        if (goods.Length == 0) return null;
        if (Read(goods) is not { } fields) return StatusWord.WrongData;
        return fields.Select(Refuse).FirstOrDefault(refused => refused is not null)
            ?? (_store.Place([.. fields.Select(Field)]) is null ? StatusWord.NotEnoughMemory : null);
    }

    /// <summary>Goods that were not refused, as a part of the movement's own step.</summary>
    public void Put(MemoryTransaction change, Bytes goods)
    {
        if (goods.Length == 0) return;
        foreach (var (cell, octets) in _store.Place([.. GoodsField.ReadList(goods).Select(Field)])!)
            change.Write(cell, octets.Span);
    }

    /// <summary>An object that is there stays until it is removed, and what is not there cannot be.</summary>
    private StatusWord? Refuse(GoodsField field)
    {
        var there = _store.Find(field.Field);
        if (field.Version <= there.Version) return OlderVersion;
        if (there.Version > 0 && there.Definition != field.Definition) return OtherDefinition;
        if (field.Definition.Type != FieldType.Object) return null;
        var (number, removed) = (NumberOf(field.Content), RemovedBy(field.Content));
        if (number is null && removed is null) return StatusWord.WrongData;
        return (NumberOf(there.Content), removed) switch
        {
            (null, null) => null,
            (null, _) => StatusWord.ReferencedDataNotFound,
            (var stored, _) => stored == removed ? null : ObjectIsThere,
        };
    }

    /// <summary>Kind 01 to 03, key 4, number 4: null where it is no object.</summary>
    private static uint? NumberOf(Bytes content) => content.Span is [>= 0x01 and <= 0x03, _, _, _, _, .. var rest]
        && rest.Length >= sizeof(uint)
            ? BinaryPrimitives.ReadUInt32BigEndian(rest)
            : null;

    /// <summary>00, number 4, mark 8: null where it removes nothing.</summary>
    private static uint? RemovedBy(Bytes content) => content.Span is [0x00, .. var rest] && rest.Length == RemovedLength
        ? BinaryPrimitives.ReadUInt32BigEndian(rest)
        : null;

    private static StoreField Field(GoodsField field) =>
        new(field.Field, field.Version, field.Content, field.Definition);

    private static IReadOnlyList<GoodsField>? Read(Bytes goods)
    {
        try
        {
            return GoodsField.ReadList(goods);
        }
        catch (WireFormatException)
        {
            return null;
        }
    }
}
