using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards.Piv;
using Tessera.Wire;

namespace Tessera.Cards.Identity;

/// <summary>A request for a certificate that a card's key signs itself (PKCS#10, RFC 2986).</summary>
/// <remarks>
/// <code>
/// CertificationRequest { info { version 0, subject, public key, [0] no attributes }, algorithm, signature }
/// </code>
/// The info is made first, the card signs it, and both become the request: nothing here waits for a card.
/// </remarks>
public sealed class CertificationRequest
{
    private readonly PivPublicKey _key;
    private readonly byte[] _info;

    /// <param name="subject">X.500 name, as "CN=Ada Lovelace".</param>
    /// <exception cref="ArgumentException">It is no such name.</exception>
    public CertificationRequest(string subject, PivPublicKey key)
    {
        _key = key;
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            writer.WriteEncodedValue(CertificateName.Parse(subject).RawData);
            writer.WriteEncodedValue(key.SubjectPublicKey.Span);
            writer.PushSetOf(Attributes);
            writer.PopSetOf(Attributes);
        }

        _info = writer.Encode();
    }

    /// <summary>What the card has to be given (GENERAL AUTHENTICATE).</summary>
    public Bytes Input => PivSignature.Input(_key.Algorithm, _info);

    private static Asn1Tag Attributes => new(TagClass.ContextSpecific, 0, isConstructed: true);

    /// <summary>The request, DER.</summary>
    /// <param name="signature">What the card made of <see cref="Input"/>.</param>
    /// <exception cref="CryptographicException">Another key signed.</exception>
    public Bytes Signed(Bytes signature)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(_info);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(_key.Algorithm switch
                {
                    PivAlgorithm.P256 => "1.2.840.10045.4.3.2",
                    PivAlgorithm.P384 => "1.2.840.10045.4.3.3",
                    _ => "1.2.840.113549.1.1.11",
                });
                if (_key.Algorithm.IsRsa()) writer.WriteNull();
            }

            writer.WriteBitString(signature.Span);
        }

        var der = writer.Encode();
        CertificateRequest.LoadSigningRequest(der, HashAlgorithmName.SHA256);
        return new Bytes(der);
    }
}
