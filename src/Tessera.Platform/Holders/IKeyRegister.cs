using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards;
using Tessera.Cards.Issuing;
using Tessera.Cards.Piv;
using Tessera.Wire;

namespace Tessera.Platform.Holders;

/// <summary>A key by which a card of any maker is known.</summary>
/// <param name="Digest">SHA-256 of its SubjectPublicKeyInfo.</param>
/// <param name="Subject">Of its certificate, for people.</param>
/// <param name="Name">
/// What the certificate calls its holder, as <see cref="Sessions.Verifying.HolderNaming"/> reads it; null where an operator
/// registered the card.
/// </param>
public sealed record KnownKey(Bytes Digest, CardId Card, string Subject, string? Name)
{
    /// <summary>The digest of the key of a certificate.</summary>
    public static Bytes DigestOf(X509Certificate2 certificate) =>
        new(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    /// <summary>A card that has nothing but keys, as it is registered.</summary>
    public static CardRegistration Registration(CardId card, HolderId holder, DateTimeOffset now) =>
        new(card, holder, CardKind.Iso, [PivCommands.Aid], 0, 0, 0, CardState.Active, now);

    /// <summary>What a card is called here that has no id of its own: the first octets of the digest of a key.</summary>
    public static CardId CardOf(Bytes digest) => Bytes.CopyOf(digest.Span[..CardId.Length]).Read<CardId>();
}

/// <summary>
/// The durable register of cards that are known by their keys; each method is one database transaction.
/// </summary>
public interface IKeyRegister
{
    Task<KnownKey?> FindAsync(Bytes digest, CancellationToken cancel);

    /// <summary>
    /// Registers a card that a certificate speaks for: with the holder of that name, who is new where nobody has it. A key
    /// that is known stays as it is.
    /// </summary>
    /// <param name="key">With a name.</param>
    /// <param name="stranger">The holder, where nobody has the name yet.</param>
    /// <returns>The key as it is registered.</returns>
    Task<KnownKey> WelcomeAsync(KnownKey key, Holder stranger, CancellationToken cancel);

    /// <summary>Registers a card by its keys, as an operator has it; one that is registered gets keys it had not.</summary>
    /// <param name="card">Its holder is registered.</param>
    /// <param name="keys">All of that card.</param>
    /// <exception cref="IssuingException">A key is that of another card, or the card is another holder's.</exception>
    Task RegisterAsync(CardRegistration card, IReadOnlyList<KnownKey> keys, CancellationToken cancel);
}
