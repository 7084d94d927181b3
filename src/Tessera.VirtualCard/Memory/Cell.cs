using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tessera.VirtualCard.Memory;

/// <summary>The place of one object in a card image.</summary>
/// <remarks>
/// <code>
/// id 1 | length 2 | octets (length) | checksum 8      the rest of the capacity is not read
/// </code>
/// </remarks>
internal sealed record Cell(byte Id, int Offset, int Capacity)
{
    public const int Overhead = Head + Checksum.Length;
    public const int MaxCapacity = ushort.MaxValue;

    private const int Head = 3;

    /// <exception cref="DamagedImageException">The cell is not as a card wrote it.</exception>
    public byte[] Read(IImageMedium medium)
    {
        var octets = new byte[Overhead + Capacity];
        medium.Read(Offset, octets);
        int length = BinaryPrimitives.ReadUInt16BigEndian(octets.AsSpan(1));
        if (octets[0] != Id || length > Capacity || !Checksum.Holds(octets.AsSpan(0, Overhead + length)))
            throw new DamagedImageException(medium.Name, Offset, $"cell {Id:X2} does not match its checksum");
        var content = octets[Head..(Head + length)];
        CryptographicOperations.ZeroMemory(octets);
        return content;
    }

    public void Write(IImageMedium medium, ReadOnlySpan<byte> content)
    {
        var octets = new byte[Overhead + content.Length];
        octets[0] = Id;
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(1), (ushort)content.Length);
        content.CopyTo(octets.AsSpan(Head));
        Checksum.Seal(octets);
        medium.Write(Offset, octets);
        CryptographicOperations.ZeroMemory(octets);
    }
}
