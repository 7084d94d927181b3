using Tessera.Cards.Purse;
using Tessera.Platform.Money;
using Tessera.Wire;

namespace Tessera.Storage.Money;

/// <summary>A row of <c>movements</c>.</summary>
internal sealed class MovementRow
{
    public const string Columns =
        """
        m.card_id AS CardId, m.number AS Number, m.movement AS Movement, m.digest AS Digest, m.balance AS Balance,
        m.intent_id AS IntentId, m.alternative AS Alternative, m.entry_id AS EntryId, m.evidence AS Evidence,
        m.evidence_octets AS EvidenceOctets, m.evidence_nonce AS EvidenceNonce, m.late AS Late, m.account AS Account,
        m.at AS At
        """;

    public required string CardId { get; init; }

    public required long Number { get; init; }

    public required byte[] Movement { get; init; }

    public required byte[] Digest { get; init; }

    public required long Balance { get; init; }

    public required string? IntentId { get; init; }

    public required long Alternative { get; init; }

    public required string? EntryId { get; init; }

    public required string Evidence { get; init; }

    public required byte[] EvidenceOctets { get; init; }

    public required byte[] EvidenceNonce { get; init; }

    public required string Late { get; init; }

    public required long Account { get; init; }

    public required long At { get; init; }

    public BookedMovement ToMovement() => new(
        Cards.CardId.Parse(CardId),
        (uint)Number,
        new Bytes(Movement).Read<Movement>(),
        new Bytes(Digest),
        (uint)Balance,
        IntentId is null ? null : Platform.Money.IntentId.Parse(IntentId),
        (int)Alternative,
        EntryId is null ? null : Platform.Money.EntryId.Parse(EntryId),
        new Evidence(Enum.Parse<EvidenceKind>(Evidence), new Bytes(EvidenceOctets), new Bytes(EvidenceNonce)),
        Enum.Parse<LateState>(Late),
        Account,
        DateTimeOffset.FromUnixTimeMilliseconds(At));
}
