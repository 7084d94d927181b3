using System.Security.Cryptography;
using Tessera.Cards.Piv;

namespace Tessera.VirtualCard.Tests.Piv;

/// <summary>What a host does with its copy of the management key: single blocks.</summary>
internal static class HostCipher
{
    public static byte[] Encipher(PivAlgorithm algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> block)
    {
        using var cipher = Create(algorithm);
        using var transform = cipher.CreateEncryptor(key.ToArray(), null);
        return transform.TransformFinalBlock(block.ToArray(), 0, block.Length);
    }

    public static byte[] Decipher(PivAlgorithm algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> block)
    {
        using var cipher = Create(algorithm);
        using var transform = cipher.CreateDecryptor(key.ToArray(), null);
        return transform.TransformFinalBlock(block.ToArray(), 0, block.Length);
    }

    private static SymmetricAlgorithm Create(PivAlgorithm algorithm)
    {
        SymmetricAlgorithm cipher = algorithm == PivAlgorithm.TripleDes ? TripleDES.Create() : Aes.Create();
        (cipher.Mode, cipher.Padding) = (CipherMode.ECB, PaddingMode.None);
        return cipher;
    }
}
