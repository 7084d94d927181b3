using Tessera.VirtualCard.Memory;
using Tessera.Wire;

namespace Tessera.VirtualCard.Sim.Files;

/// <summary>
/// The octets of the telephony files, whatever class of commands wants them. Each change is one atomic step.
/// </summary>
/// <remarks>
/// <code>
/// invalidated    a bit for each cell from 80 on, b1 of the first octet for 80; not there on a SIM that was made before
///                files could be invalidated
/// </code>
/// </remarks>
internal sealed class SimContents(CardMemory memory)
{
    public const int InvalidatedLength = 16;

    private const byte FirstCell = 0x80;

    public bool CanInvalidate => memory.Has(CellId.InvalidatedFiles);

    /// <summary>False for a file that this SIM was not made with.</summary>
    public bool Has(ElementaryFile file) => memory.Has(file.Cell);

    public ReadOnlySpan<byte> Of(ElementaryFile file) => memory.Read(file.Cell);

    public int SizeOf(ElementaryFile file) => Of(file).Length;

    public int RecordsOf(ElementaryFile file) => SizeOf(file) / file.RecordLength;

    /// <param name="number">From 1; in a cyclic file that of the newest.</param>
    public ReadOnlySpan<byte> Record(ElementaryFile file, int number) =>
        Of(file).Slice((number - 1) * file.RecordLength, file.RecordLength);

    public void Write(ElementaryFile file, int offset, ReadOnlySpan<byte> octets)
    {
        var content = Of(file).ToArray();
        octets.CopyTo(content.AsSpan(offset));
        Commit(file.Cell, content);
    }

    /// <summary>The oldest record of a cyclic file becomes the newest.</summary>
    public void Append(ElementaryFile file, ReadOnlySpan<byte> record)
    {
        var content = Of(file).ToArray();
        content.AsSpan(0, content.Length - record.Length).CopyTo(content.AsSpan(record.Length));
        record.CopyTo(content);
        Commit(file.Cell, content);
    }

    /// <summary>INCREASE: the newest record and a value of three octets make a new one.</summary>
    /// <returns>The new record; null where it cannot hold the sum, and nothing changed.</returns>
    public Bytes? Increase(ElementaryFile file, ReadOnlySpan<byte> value)
    {
        var sum = Record(file, 1).ToArray();
        var carry = 0;
        for (var i = 1; i <= sum.Length; i++)
        {
            carry += sum[^i] + (i <= value.Length ? value[^i] : 0);
            sum[^i] = (byte)carry;
            carry >>= 8;
        }

        if (carry != 0) return null;
        Append(file, sum);
        return new Bytes(sum);
    }

    public bool IsInvalidated(ElementaryFile file)
    {
        var (octet, bit) = PlaceOf(file);
        return CanInvalidate && (memory.Read(CellId.InvalidatedFiles)[octet] & bit) != 0;
    }

    /// <summary>INVALIDATE or REHABILITATE, for all that share the octets.</summary>
    public void Invalidate(ElementaryFile file, bool isInvalidated)
    {
        var (octet, bit) = PlaceOf(file);
        var all = memory.Read(CellId.InvalidatedFiles).ToArray();
        all[octet] = (byte)(isInvalidated ? all[octet] | bit : all[octet] & ~bit);
        Commit(CellId.InvalidatedFiles, all);
    }

    private static (int Octet, int Bit) PlaceOf(ElementaryFile file) =>
        ((file.Cell - FirstCell) / 8, 1 << ((file.Cell - FirstCell) % 8));

    private void Commit(byte cell, ReadOnlySpan<byte> content)
    {
        using var change = memory.Begin();
        change.Write(cell, content);
        change.Commit();
    }
}
