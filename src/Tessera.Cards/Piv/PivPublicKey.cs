using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Cards.Piv;

/// <summary>A public key that a PIV card made (NIST SP 800-73-5 part 2).</summary>
/// <param name="SubjectPublicKey">As certificates have it: SubjectPublicKeyInfo, DER.</param>
public sealed record PivPublicKey(PivAlgorithm Algorithm, Bytes SubjectPublicKey)
{
    private const ushort Template = 0x7F49;

    /// <summary>PEM.</summary>
    public string Pem => PemEncoding.WriteString("PUBLIC KEY", SubjectPublicKey.Span);

    /// <exception cref="WireFormatException">The answer holds no key of that algorithm.</exception>
    internal static PivPublicKey Read(PivAlgorithm algorithm, Bytes answer)
    {
        var outer = new ByteReader(answer.Span);
        var reader = new ByteReader(Tlv.ReadExpected(ref outer, Template, "public key"));
        try
        {
            return new PivPublicKey(algorithm, new Bytes(
                algorithm.IsRsa() ? ReadRsa(ref reader) : ReadPoint(algorithm, ref reader)));
        }
        catch (CryptographicException e)
        {
            throw new WireFormatException("public key", 0, e.Message);
        }
    }

    private static byte[] ReadRsa(ref ByteReader reader)
    {
        var modulus = Tlv.ReadExpected(ref reader, 0x81, "modulus").ToArray();
        var exponent = Tlv.ReadExpected(ref reader, 0x82, "public exponent").ToArray();
        using var rsa = RSA.Create(new RSAParameters { Modulus = modulus, Exponent = exponent });
        return rsa.ExportSubjectPublicKeyInfo();
    }

    private static byte[] ReadPoint(PivAlgorithm algorithm, ref ByteReader reader)
    {
        var point = Tlv.ReadExpected(ref reader, 0x86, "point");
        var length = algorithm.KeyLength();
        if (point.Length != 1 + (2 * length) || point[0] != 0x04)
            throw new WireFormatException("point", 0, $"of {point.Length} octets is none of {algorithm}");
        using var ec = ECDsa.Create(new ECParameters
        {
            Curve = algorithm == PivAlgorithm.P256 ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384,
            Q = new ECPoint { X = point[1..(1 + length)].ToArray(), Y = point[(1 + length)..].ToArray() },
        });
        return ec.ExportSubjectPublicKeyInfo();
    }
}
