using System.Security.Cryptography;
using Tessera.Cards.Piv;
using Tessera.Wire;

namespace Tessera.VirtualCard.Piv;

/// <summary>A key on the curve P-256 or P-384: it signs (ECDSA) and agrees (ECDH).</summary>
/// <remarks>
/// <code>
/// in its cell   d | x | y      each as long as a coordinate
/// </code>
/// </remarks>
internal sealed class PivEcKey : PivKey
{
    private const byte Uncompressed = 0x04;

    private readonly ECParameters _key;

    private PivEcKey(PivAlgorithm algorithm, ECParameters key) => (Algorithm, _key) = (algorithm, key);

    public override PivAlgorithm Algorithm { get; }

    public override Bytes PublicKey =>
        Bytes.Of(new Tlv(0x86, new Bytes((byte[])[Uncompressed, .. _key.Q.X!, .. _key.Q.Y!])));

    public static PivEcKey Of(ECDsa key) => new(
        key.KeySize == 256 ? PivAlgorithm.P256 : PivAlgorithm.P384,
        key.ExportParameters(includePrivateParameters: true));

    /// <summary>A private number from outside; null where it has another length or is none of the curve.</summary>
    public static PivEcKey? Import(PivAlgorithm algorithm, ReadOnlySpan<byte> d)
    {
        if (d.Length != algorithm.KeyLength()) return null;
        var key = new ECParameters { Curve = CurveOf(algorithm), D = d.ToArray() };
        try
        {
            using var ec = ECDsa.Create(key);
            return Of(ec);
        }
        catch (CryptographicException)
        {
            // Zero or above the order: who sent it is told so.
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key.D);
        }
    }

    public static PivEcKey Read(PivAlgorithm algorithm, ReadOnlySpan<byte> content)
    {
        var length = algorithm.KeyLength();
        var reader = new ByteReader(content);
        return new PivEcKey(algorithm, new ECParameters
        {
            Curve = CurveOf(algorithm),
            D = reader.ReadOctets(length, "d").ToArray(),
            Q = new ECPoint
            {
                X = reader.ReadOctets(length, "x").ToArray(),
                Y = reader.ReadOctets(length, "y").ToArray(),
            },
        });
    }

    public override Bytes? Sign(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty || input.Length > Algorithm.KeyLength()) return null;
        using var ec = ECDsa.Create(_key);
        return new Bytes(ec.SignHash(input.ToArray(), DSASignatureFormat.Rfc3279DerSequence));
    }

    public override Bytes? Agree(ReadOnlySpan<byte> point)
    {
        var length = Algorithm.KeyLength();
        if (point.Length != 1 + (2 * length) || point[0] != Uncompressed) return null;
        try
        {
            using var other = ECDiffieHellman.Create(new ECParameters
            {
                Curve = CurveOf(Algorithm),
                Q = new ECPoint { X = point[1..(1 + length)].ToArray(), Y = point[(1 + length)..].ToArray() },
            });
            using var own = ECDiffieHellman.Create(_key);
            using var key = other.PublicKey;
            return new Bytes(own.DeriveRawSecretAgreement(key));
        }
        catch (CryptographicException)
        {
            // No point of the curve: the host is told so.
            return null;
        }
    }

    public override void Dispose() => CryptographicOperations.ZeroMemory(_key.D);

    protected override byte[] WriteContent() => [.. _key.D!, .. _key.Q.X!, .. _key.Q.Y!];

    private static ECCurve CurveOf(PivAlgorithm algorithm) =>
        algorithm == PivAlgorithm.P256 ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384;
}
