using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.VirtualCard.Os;

/// <summary>Zeroes octets that may be a PIN. Only their owner may: they are the same memory for everybody.</summary>
internal static class Erasure
{
    public static void Erase(this Bytes octets) =>
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsMemory(octets.Memory).Span);
}
