using System.Security.Cryptography.X509Certificates;
using Tessera.Cards.Pins;
using Tessera.Cards.Piv;
using Tessera.Wire;

namespace Tessera.Cards.Identity;

/// <summary>How a key comes to a certificate: made on the card, asked for by itself, written when it came.</summary>
/// <param name="piv">The application, selected; the manager is authenticated.</param>
/// <param name="card">The same card, for the PIN.</param>
public sealed class Enrolment(PivClient piv, ICardChannel card)
{
    /// <summary>Has the card make a key, and the key sign the request for its certificate.</summary>
    /// <param name="pin">Null for a key that needs none.</param>
    /// <returns>PKCS#10, DER.</returns>
    /// <exception cref="ArgumentException">The key does not sign, or the name is none.</exception>
    /// <exception cref="CardStatusException">The card refused, the PIN too.</exception>
    public async Task<Bytes> RequestAsync(
        byte reference, PivAlgorithm algorithm, string subject, PinBlock? pin, CancellationToken cancel)
    {
        if (!PivKeyReference.Signs(reference))
            throw new ArgumentException($"Key {reference:X2} signs nothing and cannot ask.", nameof(reference));
        CertificateName.Parse(subject);
        var key = await piv.GenerateAsync(reference, algorithm, cancel);
        var request = new CertificationRequest(subject, key);
        await VerifyAsync(pin, cancel);
        return request.Signed(await piv.SignAsync(reference, algorithm, request.Input, cancel));
    }

    /// <summary>Writes the certificate of a key, once the key has shown that it is its own.</summary>
    /// <exception cref="InvalidDataException">The certificate is that of another key.</exception>
    /// <inheritdoc cref="RequestAsync"/>
    public async Task ImportAsync(byte reference, X509Certificate2 certificate, PinBlock? pin, CancellationToken cancel)
    {
        await VerifyAsync(pin, cancel);
        using var challenge = KeyChallenge.Create(reference, certificate, Bytes.Empty);
        var proof = challenge is null
            ? new KeyProof(ProofState.UnknownKind)
            : challenge.Check(await card.TransmitAsync(challenge.Command, cancel));
        if (proof.State != ProofState.Proven)
            throw new InvalidDataException($"Key {reference:X2} of the card {Words(proof)}; nothing was written.");
        await piv.WriteCertificateAsync(reference, new Bytes(certificate.RawData).Memory, cancel);
    }

    /// <summary>Gives a card without one a name: a CHUID with a random GUID, unsigned (SP 800-73-5 part 1).</summary>
    /// <param name="until">The last day of the card.</param>
    /// <returns>The name that the card has now.</returns>
    public async Task<Guid> NameAsync(DateOnly until, CancellationToken cancel)
    {
        if (await piv.GuidAsync(cancel) is { } name) return name;
        var guid = Guid.NewGuid();
        await piv.WriteAsync(PivCommands.Chuid, PivChuid.Write(guid, until), cancel);
        return guid;
    }

    private static string Words(KeyProof proof) => proof.State == ProofState.OtherKey
        ? "is not that of the certificate"
        : proof.Words;

    private async Task VerifyAsync(PinBlock? pin, CancellationToken cancel)
    {
        if (pin is null) return;
        using var verify = PinCommands.Verify(pin);
        var status = (await card.TransmitAsync(verify.Apdu, cancel)).Status;
        if (!status.IsSuccess) throw new CardStatusException(verify.Apdu.Header, status);
    }
}
