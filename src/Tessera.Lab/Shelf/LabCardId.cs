using System.Buffers.Binary;
using System.Security.Cryptography;
using Tessera.Cards;

namespace Tessera.Lab.Shelf;

/// <summary>Names new cards of the lab: random, so that two labs do not make the same card.</summary>
internal static class LabCardId
{
    public static CardId New()
    {
        Span<byte> octets = stackalloc byte[CardId.Length];
        RandomNumberGenerator.Fill(octets);
        return new CardId(BinaryPrimitives.ReadUInt64BigEndian(octets));
    }
}
