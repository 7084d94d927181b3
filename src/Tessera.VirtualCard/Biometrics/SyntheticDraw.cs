using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tessera.VirtualCard.Biometrics;

/// <summary>Numbers as if they were drawn, the same for the same two: SHA-256 of both and a count.</summary>
internal sealed class SyntheticDraw(long first, long second)
{
    private readonly byte[] _seed = new byte[3 * sizeof(long)];
    private readonly byte[] _drawn = new byte[SHA256.HashSizeInBytes];
    private long _count;

    /// <summary>0 to less than 1.</summary>
    public double Next()
    {
        var place = (int)(_count % (SHA256.HashSizeInBytes / sizeof(ulong))) * sizeof(ulong);
        if (place == 0)
        {
            BinaryPrimitives.WriteInt64BigEndian(_seed, first);
            BinaryPrimitives.WriteInt64BigEndian(_seed.AsSpan(sizeof(long)), second);
            BinaryPrimitives.WriteInt64BigEndian(_seed.AsSpan(2 * sizeof(long)), _count);
            SHA256.HashData(_seed, _drawn);
        }

        _count++;
        return (BinaryPrimitives.ReadUInt64BigEndian(_drawn.AsSpan(place)) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>At least <paramref name="least"/>, less than <paramref name="end"/>.</summary>
    public int Next(int least, int end) => least + (int)(Next() * (end - least));

    /// <summary>Of mean 0 and deviation 1.</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Next())) * Math.Cos(2 * Math.PI * Next());
}
