using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.VirtualCard.Applets;
using Tessera.VirtualCard.Memory;
using Tessera.Wire;

namespace Tessera.VirtualCard.Tests.Purse;

/// <summary>What a store holds, without any card (docs/protocols/purse.md §3, store.md §2).</summary>
internal sealed record GoodsModel(Sequence<StoreField> Fields)
{
    public static GoodsModel Of(CardMemory memory) => new(
    [
        .. Enumerable.Range(CellId.StoreField, StoreCommands.MaxFields)
            .Select(cell => StoreField.Read(memory.Read(cell))).OfType<StoreField>().OrderBy(field => field.Id),
    ]);

    public StoreField? this[byte id] => Fields.FirstOrDefault(field => field.Id == id);

    public GoodsModel With(Bytes goods) => GoodsField.ReadList(goods).Aggregate(this, (model, one) => new GoodsModel(
    [
        .. model.Fields.Where(field => field.Id != one.Field)
            .Append(new StoreField(one.Field, one.Version, one.Content, one.Definition)).OrderBy(field => field.Id),
    ]));

    /// <summary>Every fault of goods that S2 covers, in its place.</summary>
    public StatusWord Judge(Bytes goods)
    {
        IReadOnlyList<GoodsField> fields;
        try
        {
            fields = GoodsField.ReadList(goods);
        }
        catch (WireFormatException)
        {
            return StatusWord.WrongData;
        }

        foreach (var one in fields)
        {
            if (Judge(one, this[one.Field]) is var status && status != StatusWord.Success) return status;
        }

        return fields.Count(one => this[one.Field] is null) + Fields.Count > StoreCommands.MaxFields
            ? StatusWord.NotEnoughMemory
            : StatusWord.Success;
    }

    private static StatusWord Judge(GoodsField one, StoreField? there)
    {
        if (one.Version <= (there?.Version ?? 0)) return new StatusWord(0x9405);
        if (there is not null && there.Definition != one.Definition) return new StatusWord(0x9406);
        if (one.Definition.Type != FieldType.Object) return StatusWord.Success;
        var (isRemoval, number) = (one.Content.Span[0] == 0, Number(one.Content));
        var stored = there is { Content.Length: > 13 } ? Number(there.Content) : (uint?)null;
        return (stored, isRemoval) switch
        {
            (null, true) => StatusWord.ReferencedDataNotFound,
            (null, false) => StatusWord.Success,
            _ => isRemoval && number == stored ? StatusWord.Success : new StatusWord(0x6A89),
        };
    }

    private static uint Number(Bytes content) => content.Span[0] == 0
        ? content.Read<RemovedObject>().Number
        : content.Read<SignedObject>().Number;
}
