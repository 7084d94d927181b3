using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Wire;

namespace Tessera.Cards.Piv;

/// <summary>The object with a certificate, as a PIV card gives it (NIST SP 800-73-5 part 1), and what key it is about.</summary>
/// <remarks><code>53 L { 70 L certificate, 71 01 how, FE 00 }      how: 00 as it is, bit 1 compressed</code></remarks>
public static class PivCertificate
{
    /// <summary>The certificate, DER, in an answer to GET DATA.</summary>
    /// <exception cref="WireFormatException">It is none, or a compressed one, which is not read here.</exception>
    public static Bytes Read(Bytes answer)
    {
        var outer = new ByteReader(answer.Span);
        var reader = new ByteReader(Tlv.ReadExpected(ref outer, 0x53, "content"));
        var certificate = Bytes.CopyOf(Tlv.ReadExpected(ref reader, 0x70, "certificate"));
        while (reader.Remaining > 0)
        {
            if (Tlv.ReadValue(ref reader, out var tag) is [not 0] && tag == 0x71)
                throw new WireFormatException("certificate", 0, "is compressed");
        }

        return certificate;
    }

    /// <summary>What its key signs with on a card; null where that is none of a PIV card.</summary>
    /// <exception cref="CryptographicException">It is no certificate.</exception>
    public static PivAlgorithm? AlgorithmOf(Bytes certificate)
    {
        using var read = X509CertificateLoader.LoadCertificate(certificate.Span);
        using var rsa = read.GetRSAPublicKey();
        using var curve = read.GetECDsaPublicKey();
        return (rsa?.KeySize, curve?.KeySize) switch
        {
            (2048, _) => PivAlgorithm.Rsa2048,
            (3072, _) => PivAlgorithm.Rsa3072,
            (_, 256) => PivAlgorithm.P256,
            (_, 384) => PivAlgorithm.P384,
            _ => null,
        };
    }
}
