using System.Security.Cryptography.X509Certificates;
using Tessera.Cards;
using Tessera.Cards.Identity;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Signing;

/// <summary>The certificates of a card that signs, kept by the server once it has seen them.</summary>
/// <param name="Certificate">Of key 9C, DER.</param>
/// <param name="CardCertificate">Of key 9E, by which the card proves itself without its holder; null for none.</param>
public sealed record CardSigner(Bytes Certificate, Bytes? CardCertificate)
{
    private const string SerialNumber = "2.5.4.5";

    /// <summary>What key 9C signs with; null where no card does.</summary>
    internal SignatureAlgorithm? Algorithm => AlgorithmOf(Certificate);

    /// <summary>What key 9E signs with; null where it signs nothing.</summary>
    internal SignatureAlgorithm? CardAlgorithm => CardCertificate is { } own ? AlgorithmOf(own) : null;

    /// <summary>Whose key 9C is, in the words of the certificate.</summary>
    public static string NameOf(Bytes certificate)
    {
        using var read = X509CertificateLoader.LoadCertificate(certificate.Span);
        return CertificateName.Of(read.SubjectName);
    }

    /// <summary>
    /// The cards that a certificate names, one as a rule or none: a serial number in the name that has the form of a card id
    /// is that of the card (X.520).
    /// </summary>
    public static IReadOnlyList<CardId> CardsOf(Bytes certificate)
    {
        using var read = X509CertificateLoader.LoadCertificate(certificate.Span);
        return [.. read.SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(part => !part.HasMultipleElements
                && string.Equals(part.GetSingleElementType().Value, SerialNumber, StringComparison.Ordinal))
            .Select(part => part.GetSingleElementValue())
            .Where(value => value is { Length: 2 * CardId.Length } && value.All(char.IsAsciiHexDigit))
            .Select(value => CardId.Parse(value!))];
    }

    /// <summary>Whether a card signed a statement (docs/protocols/script.md §5) with the key of a certificate.</summary>
    /// <param name="signature">PKCS#1 v1.5, or ECDSA in DER.</param>
    public static bool Verifies(Bytes certificate, Bytes statement, Bytes signature)
    {
        using var read = X509CertificateLoader.LoadCertificate(certificate.Span);
        return CertificateKey.Verifies(read, statement.Span, signature.Span);
    }

    private static SignatureAlgorithm? AlgorithmOf(Bytes certificate) =>
        CertificateKey.AlgorithmOf(certificate) is { } algorithm ? (SignatureAlgorithm)algorithm : null;
}
