using Tessera.Cards.Store;
using Tessera.VirtualCard.Memory;
using Tessera.Wire;

namespace Tessera.VirtualCard.Applets;

/// <summary>One field as its cell holds it.</summary>
/// <remarks>
/// <code>
/// not defined  id 1 | version 2 | content 0..128
/// defined      00 | definition 2 | id 1 | version 2 | content 0..128
/// </code>
/// An empty cell is free. Cells of cards made before there were definitions have 131 octets.
/// </remarks>
internal sealed record StoreField(byte Id, ushort Version, Bytes Content, FieldDefinition Definition = default)
{
    public const int MaxLength = 1 + FieldDefinition.Length + 3 + StoreCommands.MaxContent;

    private const byte Defined = 0x00;

    public static StoreField? Read(ReadOnlySpan<byte> cell)
    {
        if (cell.IsEmpty) return null;
        var reader = new ByteReader(cell);
        var id = reader.ReadByte("id");
        var definition = default(FieldDefinition);
        if (id == Defined)
        {
            definition = FieldDefinition.Read(ref reader);
            id = reader.ReadByte("id");
        }

        return new StoreField(id, reader.ReadUInt16("version"), Bytes.CopyOf(reader.ReadRest()), definition);
    }

    public Bytes Write() => Bytes.Of(output =>
    {
        var writer = new ByteWriter(output);
        if (Definition != default)
        {
            writer.WriteByte(Defined);
            Definition.Write(writer);
        }

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

    /// <summary>All of a field in one atomic step; false when there is no room.</summary>
    public bool TryCommit(StoreField field)
    {
        if (Place([field]) is not { } places) return false;
        using var change = memory.Begin();
        foreach (var (cell, octets) in places) change.Write(cell, octets.Span);
        change.Commit();
        return true;
    }

    /// <summary>
    /// Where fields go and what their cells become: its own for one that is there, a free one for another; null when one
    /// of them has no room.
    /// </summary>
    public IReadOnlyList<(byte Cell, Bytes Octets)>? Place(IReadOnlyList<StoreField> fields)
    {
        var free = new Queue<byte>(Cells.Where(cell => memory.Read(cell).IsEmpty));
        var places = new List<(byte, Bytes)>();
        foreach (var field in fields)
        {
            var octets = field.Write();
            if (CellOf(field.Id) is not { } cell && !free.TryDequeue(out cell)) return null;
            if (octets.Length > memory[cell].Capacity) return null;
            places.Add((cell, octets));
        }

        return places;
    }

    private byte? CellOf(byte id)
    {
        foreach (var cell in Cells)
        {
            if (StoreField.Read(memory.Read(cell))?.Id == id) return cell;
        }

        return null;
    }
}
