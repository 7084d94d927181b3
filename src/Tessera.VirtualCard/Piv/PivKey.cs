using System.Security.Cryptography;
using Tessera.Cards.Piv;
using Tessera.Wire;

namespace Tessera.VirtualCard.Piv;

/// <summary>An asymmetric private key in a slot of the PIV application. Zeroed when disposed.</summary>
internal abstract class PivKey : IDisposable
{
    /// <summary>The octets that the longest key takes in its cell.</summary>
    public const int MaxLength = 1 + PivRsaKey.MaxContent;

    public abstract PivAlgorithm Algorithm { get; }

    /// <summary>What stands in the template 7F49 (NIST SP 800-73-5 part 2).</summary>
    public abstract Bytes PublicKey { get; }

    /// <summary>A new key of the platform; the caller disposes it.</summary>
    /// <exception cref="ArgumentException">Not an algorithm of asymmetric keys.</exception>
    public static AsymmetricAlgorithm Generate(PivAlgorithm algorithm) => algorithm switch
    {
        PivAlgorithm.Rsa2048 or PivAlgorithm.Rsa3072 => RSA.Create(algorithm.KeyLength() * 8),
        PivAlgorithm.P256 => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        PivAlgorithm.P384 => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        _ => throw new ArgumentException($"{algorithm} has no private key.", nameof(algorithm)),
    };

    /// <summary>A copy of a key that <see cref="Generate"/> made.</summary>
    public static PivKey Of(AsymmetricAlgorithm key) =>
        key is RSA rsa ? PivRsaKey.Of(rsa) : PivEcKey.Of((ECDsa)key);

    /// <summary>The key that a cell holds.</summary>
    public static PivKey Read(ReadOnlySpan<byte> cell)
    {
        var algorithm = (PivAlgorithm)cell[0];
        return algorithm.IsRsa()
            ? PivRsaKey.Read(algorithm, cell[1..])
            : PivEcKey.Read(algorithm, cell[1..]);
    }

    /// <summary>What a cell holds: algorithm 1 | the key. The caller zeroes it.</summary>
    public byte[] Write()
    {
        var content = WriteContent();
        byte[] cell = [(byte)Algorithm, .. content];
        CryptographicOperations.ZeroMemory(content);
        return cell;
    }

    /// <summary>
    /// Signs a digest, or does the private-key operation on a padded block; null where it has no right form.
    /// </summary>
    public abstract Bytes? Sign(ReadOnlySpan<byte> input);

    /// <summary>The shared secret with the holder of a point; null where that is none, or the key cannot.</summary>
    public abstract Bytes? Agree(ReadOnlySpan<byte> point);

    public abstract void Dispose();

    protected abstract byte[] WriteContent();
}
