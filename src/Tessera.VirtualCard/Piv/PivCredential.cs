using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards.Piv;
using Tessera.Wire;

namespace Tessera.VirtualCard.Piv;

/// <summary>A key in a slot with its certificate, for a card to be born with. Zeroed when disposed.</summary>
public sealed class PivCredential : IDisposable
{
    private const int Years = 10;
    private const int NumberLength = 16;

    private PivCredential(PivSlot slot, PivKey key, Bytes certificate) =>
        (Slot, Key, Certificate) = (slot, key, certificate);

    /// <summary>The certificate, DER.</summary>
    public Bytes Certificate { get; }

    /// <summary>The key reference: 9A, 9C, 9D, 9E or 82 to 95.</summary>
    public byte Reference => Slot.Reference;

    internal PivSlot Slot { get; }

    internal PivKey Key { get; }

    /// <summary>A new key with a certificate that it signed itself.</summary>
    /// <param name="reference">The key reference.</param>
    /// <param name="subject">X.500 name of the holder.</param>
    /// <param name="now">The certificate is good from then on, for ten years.</param>
    /// <exception cref="ArgumentException">No such key reference or no asymmetric algorithm.</exception>
    public static PivCredential SelfSigned(byte reference, PivAlgorithm algorithm, string subject, DateTimeOffset now)
    {
        var slot = SlotOf(reference);
        using var key = PivKey.Generate(algorithm);
        var (request, signer) = Request(subject, key);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(Usage(slot, algorithm), critical: true));
        var number = RandomNumberGenerator.GetBytes(NumberLength);
        using var certificate = request.Create(request.SubjectName, signer, now, now.AddYears(Years), number);
        return new PivCredential(slot, PivKey.Of(key), new Bytes(certificate.RawData));
    }

    /// <summary>A new key with a certificate that an authority issues for it.</summary>
    /// <param name="reference">The key reference.</param>
    /// <param name="issue">Makes the certificate of the public key; the key is no longer its after that.</param>
    /// <exception cref="ArgumentException">No such key reference or no asymmetric algorithm.</exception>
    public static PivCredential Issued(
        byte reference, PivAlgorithm algorithm, Func<AsymmetricAlgorithm, X509Certificate2> issue)
    {
        var slot = SlotOf(reference);
        using var key = PivKey.Generate(algorithm);
        using var certificate = issue(key);
        return new PivCredential(slot, PivKey.Of(key), new Bytes(certificate.RawData));
    }

    public void Dispose() => Key.Dispose();

    private static PivSlot SlotOf(byte reference) => PivSlot.Find(reference)
        ?? throw new ArgumentException($"{reference:X2} is no key of a PIV card.", nameof(reference));

    private static (CertificateRequest Request, X509SignatureGenerator Signer) Request(
        string subject, AsymmetricAlgorithm key) => key is RSA rsa
        ? (new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1))
        : (new CertificateRequest(subject, (ECDsa)key, HashAlgorithmName.SHA256),
            X509SignatureGenerator.CreateForECDsa((ECDsa)key));

    private static X509KeyUsageFlags Usage(PivSlot slot, PivAlgorithm algorithm) => slot switch
    {
        { Rule: PinRule.Always } => X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation,
        { Agrees: true } when algorithm.IsRsa() => X509KeyUsageFlags.KeyEncipherment,
        { Agrees: true } => X509KeyUsageFlags.KeyAgreement,
        _ => X509KeyUsageFlags.DigitalSignature,
    };
}
