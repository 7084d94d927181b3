using Tessera.Cards;
using Tessera.Platform.Signing;
using Tessera.Wire;

namespace Tessera.Storage.Signing;

/// <summary>Evidence and the certificates of cards in SQLite.</summary>
public sealed class SqliteEvidenceStore(Database database) : IEvidenceStore
{
    private const string Columns =
        "evidence_id AS EvidenceId, step AS Step, filed AS Filed, application AS Application, card_id AS CardId, " +
        "signer AS Signer, title AS Title";

    public Task<FiledEvidence> AddAsync(FiledEvidence evidence, CancellationToken cancel) => database.WriteAsync(
        "evidence",
        async transaction =>
        {
            if (await OfStepAsync(transaction, evidence.Step) is { } before) return before;
            await transaction.ExecuteAsync(
                """
                INSERT INTO evidence (evidence_id, step, filed, application, card_id, signer, title, file)
                VALUES (@id, @Step, @filed, @Application, @card, @Signer, @Title, @file)
                """,
                new
                {
                    id = evidence.Id.ToString(),
                    evidence.Step,
                    filed = evidence.Time.ToUnixTimeMilliseconds(),
                    evidence.Application,
                    card = evidence.Card?.ToString(),
                    evidence.Signer,
                    evidence.Title,
                    file = evidence.File.ToArray(),
                });
            return evidence;
        },
        cancel);

    public Task<FiledEvidence?> OfStepAsync(string session, CancellationToken cancel) =>
        database.ReadAsync(transaction => OfStepAsync(transaction, session), cancel);

    public Task<FiledEvidence?> FindAsync(Bytes id, CancellationToken cancel) => database.ReadAsync(
        async transaction => (await transaction.FindAsync<Row>(
            $"SELECT {Columns}, file AS File FROM evidence WHERE evidence_id = @id", new { id = id.ToString() }))?.ToEvidence(),
        cancel);

    public Task<IReadOnlyList<FiledEvidence>> RecentAsync(Bytes? before, int count, CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyList<FiledEvidence>>(
            async transaction =>
            [
                .. (await transaction.QueryAsync<Row>(
                    $"""
                    SELECT {Columns} FROM evidence
                    WHERE @before IS NULL OR number < (SELECT number FROM evidence WHERE evidence_id = @before)
                    ORDER BY number DESC LIMIT @count
                    """,
                    new { before = before?.ToString(), count })).Select(row => row.ToEvidence()),
            ],
            cancel);

    public Task<CardSigner?> SignerAsync(CardId card, CancellationToken cancel) => database.ReadAsync(
        async transaction => await transaction.FindAsync<(byte[] Certificate, byte[]? Own)?>(
            "SELECT certificate, card_certificate FROM card_signers WHERE card_id = @card", new { card = card.ToString() })
            is var (certificate, own)
            ? new CardSigner(new Bytes(certificate), own is null ? null : new Bytes(own))
            : null,
        cancel);

    public Task KeepAsync(CardId card, CardSigner? signer, CancellationToken cancel) => database.WriteAsync(
        "card signer",
        async transaction =>
        {
            await transaction.ExecuteAsync(
                "DELETE FROM card_signers WHERE card_id = @card", new { card = card.ToString() });
            if (signer is null) return;
            await transaction.ExecuteAsync(
                "INSERT INTO card_signers (card_id, certificate, card_certificate) VALUES (@card, @certificate, @own)",
                new
                {
                    card = card.ToString(),
                    certificate = signer.Certificate.ToArray(),
                    own = signer.CardCertificate?.ToArray(),
                });
        },
        cancel);

    private static async Task<FiledEvidence?> OfStepAsync(Transaction transaction, string step) =>
        (await transaction.FindAsync<Row>(
            $"SELECT {Columns}, file AS File FROM evidence WHERE step = @step", new { step }))?.ToEvidence();

    private sealed class Row
    {
        public required string EvidenceId { get; init; }

        public required string Step { get; init; }

        public required long Filed { get; init; }

        public required string Application { get; init; }

        public string? CardId { get; init; }

        public required string Signer { get; init; }

        public required string Title { get; init; }

        public byte[]? File { get; init; }

        public FiledEvidence ToEvidence() => new(
            Bytes.FromHex(EvidenceId), Step, DateTimeOffset.FromUnixTimeMilliseconds(Filed), Application,
            CardId is { } card ? Cards.CardId.Parse(card) : null, Signer, Title,
            File is { } octets ? new Bytes(octets) : Bytes.Empty);
    }
}
