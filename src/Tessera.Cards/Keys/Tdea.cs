using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Cards;

/// <summary>Triple DES under a key that is checked first (SP 800-67); one of 16 octets is K1 K2 K1.</summary>
internal static class Tdea
{
    /// <summary>The cipher of a key of 16 or 24 octets; the caller disposes it.</summary>
    /// <exception cref="ArgumentException">Two of its parts are alike, so it is a single DES key.</exception>
    public static TripleDES Create(SecretKey key)
    {
        byte[] octets = key.Length == 16 ? [.. key.Reveal(), .. key.Reveal()[..8]] : [.. key.Reveal()];
        try
        {
            if (TripleDES.IsWeakKey(octets))
                throw new ArgumentException("Two parts of the triple DES key are alike: it is single DES.", nameof(key));
            var des = TripleDES.Create();
            des.SetKey(octets);
            return des;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
        }
    }
}
