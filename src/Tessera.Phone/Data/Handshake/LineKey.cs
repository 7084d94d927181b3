using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tessera.Phone.Data;

/// <summary>A private key of the line (P-256), owned: that of an end, or one drawn for a single call.</summary>
public sealed class LineKey : IDisposable
{
    private readonly ECDiffieHellman _key;

    private LineKey(ECDiffieHellman key)
    {
        _key = key;
        PublicKey = LinePublicKey.Of(key.ExportParameters(includePrivateParameters: false).Q);
    }

    public LinePublicKey PublicKey { get; }

    public static LineKey Generate() => new(ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>The key of the certificate that an end has for its other links.</summary>
    /// <exception cref="ArgumentException">The certificate has no private key of P-256.</exception>
    public static LineKey Of(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey();
        if (key is not { KeySize: 256 })
            throw new ArgumentException("The certificate has no private key of P-256.", nameof(certificate));

        var parameters = key.ExportParameters(includePrivateParameters: true);
        try
        {
            return new LineKey(ECDiffieHellman.Create(parameters));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(parameters.D);
        }
    }

    public void Dispose() => _key.Dispose();

    /// <summary>A key that is known beforehand, for the worked example.</summary>
    internal static LineKey FromScalar(ReadOnlySpan<byte> scalar) =>
        new(ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = scalar.ToArray() }));

    /// <summary>The x coordinate of the shared point, 32 octets; the caller zeroes them.</summary>
    internal byte[] Agree(LinePublicKey other)
    {
        using var peer = other.Import();
        return _key.DeriveRawSecretAgreement(peer.PublicKey);
    }
}
