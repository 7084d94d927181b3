namespace Tessera.VirtualCard.Memory;

/// <summary>A card image does not hold what a card wrote: which image, where, and why it cannot be used.</summary>
public sealed class DamagedImageException(string image, int offset, string reason)
    : IOException($"{image} at octet {offset}: {reason}")
{
    public string Image { get; } = image;

    public int Offset { get; } = offset;
}
