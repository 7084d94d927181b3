using Tessera.Cards.Store;
using Tessera.VirtualCard.Memory;
using Tessera.Wire;

namespace Tessera.VirtualCard.Applets;

/// <summary>One field as its cell holds it.</summary>
/// <remarks><code>id 1 | version 2 | content 0..128; an empty cell is free</code></remarks>
internal sealed record StoreField(byte Id, ushort Version, Bytes Content)
{
    public const int MaxLength = 3 + StoreCommands.MaxContent;

    public static StoreField? Read(ReadOnlySpan<byte> cell)
    {
        if (cell.IsEmpty) return null;
        var reader = new ByteReader(cell);
        return new StoreField(reader.ReadByte("id"), reader.ReadUInt16("version"), Bytes.CopyOf(reader.ReadRest()));
    }

    public Bytes Write() => Bytes.Of(output =>
    {
        var writer = new ByteWriter(output);
        writer.WriteByte(Id);
        writer.WriteUInt16(Version);
        writer.WriteBytes(Content);
    });
}

/// <summary>The sixteen fields of a store (docs/protocols/store.md §2): a field keeps its cell for ever.</summary>
internal sealed class StoreFile(CardMemory memory)
{
    public const int TraitsLength = 1;

    public byte KeyVersion => memory.Read(CellId.StoreTraits)[0];

    /// <summary>Ids rising.</summary>
    public IEnumerable<StoreField> Fields =>
        Cells.Select(cell => StoreField.Read(memory.Read(cell))).OfType<StoreField>().OrderBy(each => each.Id);

    private static IEnumerable<byte> Cells =>
        Enumerable.Range(CellId.StoreField, StoreCommands.MaxFields).Select(cell => (byte)cell);

    /// <summary>The key of this card's store; the caller disposes it.</summary>
    public SecretKey OpenKey() => new(memory.Read(CellId.StoreKey));

    public bool IsPersonalised => !memory.Read(CellId.StoreKey).IsEmpty;

    public static void Blank(MemoryTransaction change)
    {
        change.Write(CellId.StoreTraits, new byte[TraitsLength]);
        change.Write(CellId.StoreKey, []);
        foreach (var cell in Cells) change.Write(cell, []);
    }

    /// <summary>The field, of version 0 and empty where it was never written.</summary>
    public StoreField Find(byte id) =>
        Fields.FirstOrDefault(field => field.Id == id) ?? new StoreField(id, 0, Bytes.Empty);

    /// <summary>Another key with its version, in one atomic step.</summary>
    public void Commit(byte keyVersion, SecretKey key)
    {
        using var change = memory.Begin();
        change.Write(CellId.StoreTraits, [keyVersion]);
        change.Write(CellId.StoreKey, key.Reveal());
        change.Commit();
    }

    /// <summary>Id, version and content in one atomic step; false when the field is new and there is no room.</summary>
    public bool TryCommit(StoreField field)
    {
        foreach (var cell in Cells.OrderBy(cell => memory.Read(cell).IsEmpty))
        {
            if (StoreField.Read(memory.Read(cell)) is { } other && other.Id != field.Id) continue;

            using var change = memory.Begin();
            change.Write(cell, field.Write().Span);
            change.Commit();
            return true;
        }

        return false;
    }
}
