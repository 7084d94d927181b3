using Tessera.VirtualCard.Memory;

namespace Tessera.Storage.Tests.Purses;

/// <summary>A card image that outlives its power, which goes in the middle of a chosen write.</summary>
internal sealed class TornMedium(IImageMedium image) : IImageMedium
{
    private int _writesLeft = int.MaxValue;
    private double _part;

    public string Name => image.Name;

    public int Length => image.Length;

    public bool IsTorn { get; private set; }

    /// <summary>Lets some writes pass and leaves a part of the next one, 0 to 1.</summary>
    public void TearAfter(int writes, double part) => (_writesLeft, _part) = (writes, part);

    public void Read(int offset, Span<byte> octets)
    {
        ThrowIfTorn();
        image.Read(offset, octets);
    }

    public void Write(int offset, ReadOnlySpan<byte> octets)
    {
        ThrowIfTorn();
        if (_writesLeft-- > 0)
        {
            image.Write(offset, octets);
            return;
        }

        image.Write(offset, octets[..(int)(_part * octets.Length)]);
        IsTorn = true;
        ThrowIfTorn();
    }

    public void Flush() => ThrowIfTorn();

    public void Dispose()
    {
        // The image is there for the next power.
    }

    private void ThrowIfTorn()
    {
        if (IsTorn) throw new IOException("The power went.");
    }
}
