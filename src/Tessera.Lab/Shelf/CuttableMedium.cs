using Tessera.VirtualCard.Memory;

namespace Tessera.Lab.Shelf;

/// <summary>A card image whose power can be cut before, or in the middle of, a chosen write.</summary>
/// <param name="medium">The image itself; disposed with this.</param>
public sealed class CuttableMedium(IImageMedium medium) : IImageMedium
{
    private readonly Lock _gate = new();
    private int? _writesLeft;
    private int _octetsOfLast;
    private bool _dead;

    /// <summary>Physical writes so far.</summary>
    public int Writes { get; private set; }

    public string Name => medium.Name;

    public int Length => medium.Length;

    /// <summary>
    /// Cuts the power at the write after <paramref name="writes"/> more, when some octets of it are there.
    /// </summary>
    public void CutAfter(int writes, int octets = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(writes);
        ArgumentOutOfRangeException.ThrowIfNegative(octets);
        lock (_gate) (_writesLeft, _octetsOfLast) = (writes, octets);
    }

    public void Read(int offset, Span<byte> octets)
    {
        lock (_gate)
        {
            ThrowIfDead();
            medium.Read(offset, octets);
        }
    }

    public void Write(int offset, ReadOnlySpan<byte> octets)
    {
        lock (_gate)
        {
            ThrowIfDead();
            Writes++;
            if (_writesLeft is { } left)
            {
                _writesLeft = left - 1;
                if (left == 0)
                {
                    medium.Write(offset, octets[..Math.Min(_octetsOfLast, octets.Length)]);
                    _dead = true;
                    ThrowIfDead();
                }
            }

            medium.Write(offset, octets);
        }
    }

    public void Flush()
    {
        lock (_gate)
        {
            ThrowIfDead();
            medium.Flush();
        }
    }

    public void Dispose() => medium.Dispose();

    private void ThrowIfDead()
    {
        if (_dead) throw new IOException($"{Name}: the power of the card was cut.");
    }
}
