using System.Security.Cryptography;

namespace Tessera.VirtualCard.Memory;

/// <summary>The first 8 octets of SHA-256: tells what was written whole from what was torn.</summary>
internal static class Checksum
{
    public const int Length = 8;

    /// <summary>Writes the checksum of all but the last 8 octets into those.</summary>
    public static void Seal(Span<byte> sealedOctets) =>
        Compute(sealedOctets[..^Length], sealedOctets[^Length..]);

    public static bool Holds(ReadOnlySpan<byte> sealedOctets)
    {
        Span<byte> expected = stackalloc byte[Length];
        Compute(sealedOctets[..^Length], expected);
        return expected.SequenceEqual(sealedOctets[^Length..]);
    }

    private static void Compute(ReadOnlySpan<byte> octets, Span<byte> checksum)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(octets, hash);
        hash[..Length].CopyTo(checksum);
    }
}
