using System.Security.Cryptography.X509Certificates;
using Tessera.Cards;
using Tessera.Cards.Piv;
using Tessera.Testing;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
using Tessera.VirtualCard.Piv;

namespace Tessera.Platform.Tests.Signing;

/// <summary>Makes real cards in software that can sign, with certificates of an authority of the test.</summary>
internal static class SigningCard
{
    /// <param name="withCardKey">It has key 9E, by which it proves itself without its holder.</param>
    public static CardOs Make(
        CardId id, TestAuthority authority, DateTimeOffset now, PivAlgorithm algorithm = PivAlgorithm.P256,
        bool withCardKey = true, bool hasPurse = true, Action<X509Certificate2>? issued = null)
    {
        List<PivCredential> credentials = [Credential(PivKeyReference.Signature, algorithm)];
        if (withCardKey) credentials.Add(Credential(PivKeyReference.CardAuthentication, PivAlgorithm.P256));
        using var card = Personalisation.Demonstration(
            id, hasPurse, piv: PivPersonalisation.Demonstration(id, now, credentials));
        return Open(card);

        PivCredential Credential(byte reference, PivAlgorithm with) => PivCredential.Issued(reference, with, key =>
        {
            var certificate = authority.Issue(
                $"CN=Ada Lovelace, SERIALNUMBER={id}", key, now.AddDays(-1), now.AddYears(5),
                new CertificateTraits(Usage: X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation));
            if (reference == PivKeyReference.Signature) issued?.Invoke(X509CertificateLoader.LoadCertificate(certificate.RawData));
            return certificate;
        });
    }

    /// <summary>A card without a key to sign with.</summary>
    public static CardOs Plain(CardId id)
    {
        using var card = Personalisation.Demonstration(id);
        return Open(card);
    }

    private static CardOs Open(Personalisation card)
    {
        var medium = new MemoryMedium();
        CardImage.Create(medium, card);
        var os = CardImage.Open(medium);
        os.Reset();
        return os;
    }
}
