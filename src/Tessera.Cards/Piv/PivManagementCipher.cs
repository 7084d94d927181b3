using System.Security.Cryptography;

namespace Tessera.Cards.Piv;

/// <summary>The management key of a PIV card at work: one block at a time, by triple DES or AES.</summary>
public static class PivManagementCipher
{
    /// <summary>Octets of a block, of a challenge and of a witness.</summary>
    public static int BlockLength(PivAlgorithm algorithm) => algorithm == PivAlgorithm.TripleDes ? 8 : 16;

    /// <param name="key">As long as the algorithm wants it.</param>
    /// <param name="block">One block.</param>
    public static byte[] Encipher(PivAlgorithm algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> block)
    {
        using SymmetricAlgorithm cipher = algorithm == PivAlgorithm.TripleDes ? TripleDES.Create() : Aes.Create();
        cipher.Mode = CipherMode.ECB;
        cipher.Padding = PaddingMode.None;
        var copy = key.ToArray();
        try
        {
            // Given like this, a key of three equal parts is taken, too: cards are delivered with such a one.
            using var transform = cipher.CreateEncryptor(copy, null);
            return transform.TransformFinalBlock(block.ToArray(), 0, block.Length);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
        }
    }
}
