using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.Platform.Signing;

/// <summary>The durable files of evidence and the certificates of cards; each method is one database transaction.</summary>
public interface IEvidenceStore
{
    /// <summary>Files evidence, once for a step of a session.</summary>
    /// <returns>What is filed for that step: this, or what was filed before.</returns>
    Task<FiledEvidence> AddAsync(FiledEvidence evidence, CancellationToken cancel);

    /// <summary>What is filed for a step of a session; null for nothing.</summary>
    /// <param name="session">Its step, as in <see cref="FiledEvidence.Step"/>.</param>
    Task<FiledEvidence?> OfStepAsync(string session, CancellationToken cancel);

    Task<FiledEvidence?> FindAsync(Bytes id, CancellationToken cancel);

    /// <summary>The newest first, without their files.</summary>
    /// <param name="before">Read on behind this one; null for the newest.</param>
    Task<IReadOnlyList<FiledEvidence>> RecentAsync(Bytes? before, int count, CancellationToken cancel);

    /// <summary>The certificates of a card as they were last seen and believed; null for none.</summary>
    Task<CardSigner?> SignerAsync(CardId card, CancellationToken cancel);

    /// <param name="signer">Null where what was kept is no longer so.</param>
    Task KeepAsync(CardId card, CardSigner? signer, CancellationToken cancel);
}

/// <summary>A file of evidence with what it is found by.</summary>
/// <param name="Id">8 octets.</param>
/// <param name="Step">The step of the session that it is about.</param>
/// <param name="Card">Null where the card has told no id.</param>
/// <param name="Signer">Subject of the certificate.</param>
/// <param name="Title">Of the document.</param>
/// <param name="File">UTF-8; empty in a list.</param>
public sealed record FiledEvidence(
    Bytes Id, string Step, DateTimeOffset Time, string Application, CardId? Card, string Signer, string Title, Bytes File);
