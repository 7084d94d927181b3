using System.Security.Cryptography;

namespace Tessera.VirtualCard.Memory;

/// <summary>A card image that lives as long as this object: closing a card on it does not erase it.</summary>
public sealed class MemoryMedium : IImageMedium
{
    private byte[] _octets = [];

    public string Name => "card image in memory";

    public int Length => _octets.Length;

    public void Read(int offset, Span<byte> octets) => _octets.AsSpan(offset, octets.Length).CopyTo(octets);

    public void Write(int offset, ReadOnlySpan<byte> octets)
    {
        var end = checked(offset + octets.Length);
        if (end > _octets.Length) Grow(end);
        octets.CopyTo(_octets.AsSpan(offset));
    }

    /// <summary>Writes the whole image to an empty medium, and flushes it.</summary>
    public void CopyTo(IImageMedium medium)
    {
        medium.Write(0, _octets);
        medium.Flush();
    }

    public void Flush()
    {
        // What is written is there.
    }

    public void Dispose()
    {
        // The image outlives the card that was opened on it.
    }

    private void Grow(int length)
    {
        var larger = new byte[length];
        _octets.CopyTo(larger, 0);
        CryptographicOperations.ZeroMemory(_octets);
        _octets = larger;
    }
}
