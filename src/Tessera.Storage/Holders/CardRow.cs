using Tessera.Platform.Holders;
using Tessera.Wire;

namespace Tessera.Storage.Holders;

/// <summary>A row of <c>cards</c>.</summary>
internal class CardRow
{
    public const string Columns =
        "c.card_id AS CardId, c.holder_id AS HolderId, c.kind AS Kind, c.key_version AS KeyVersion, " +
        "c.currency AS Currency, c.greatest_balance AS GreatestBalance, c.since AS Since, " +
        StateColumn + " AS State";

    private const string StateColumn =
        "CASE c.state WHEN 'Active' THEN COALESCE((SELECT r.state FROM card_reports r WHERE r.card_id = c.card_id), 'Active') " +
        "ELSE c.state END";

    public required string CardId { get; init; }

    public required string HolderId { get; init; }

    public required string Kind { get; init; }

    public required long KeyVersion { get; init; }

    public required long Currency { get; init; }

    public required long GreatestBalance { get; init; }

    public required string State { get; init; }

    public required long Since { get; init; }

    /// <param name="applications">Of all cards read together.</param>
    public CardRegistration ToCard(ILookup<string, Bytes> applications) => new(
        Cards.CardId.Parse(CardId),
        Platform.Holders.HolderId.Parse(HolderId),
        Enum.Parse<CardKind>(Kind),
        [.. applications[CardId]],
        (byte)KeyVersion,
        (ushort)Currency,
        (uint)GreatestBalance,
        Enum.Parse<CardState>(State),
        DateTimeOffset.FromUnixTimeMilliseconds(Since));

    /// <summary>How a card stands; null where there is none.</summary>
    public static async Task<CardState?> StateAsync(Transaction transaction, string card) =>
        await transaction.FindAsync<string>($"SELECT {StateColumn} FROM cards c WHERE c.card_id = @card", new { card })
            is { } state
            ? Enum.Parse<CardState>(state)
            : null;

    /// <summary>A card that is neither suspect nor revoked stands so from here on; what failed at it is forgotten.</summary>
    public static async Task StandAsync(Transaction transaction, string card, CardState state, long now)
    {
        await transaction.ExecuteAsync("DELETE FROM card_reports WHERE card_id = @card", new { card });
        if (state != CardState.Active)
            await transaction.ExecuteAsync(
                "INSERT INTO card_reports (card_id, state, at) VALUES (@card, @state, @now)",
                new { card, state = state.ToString(), now });
        await transaction.ExecuteAsync("UPDATE cards SET tries = 0, tried = NULL WHERE card_id = @card", new { card });
    }

    /// <summary>The applications of all cards of the holder.</summary>
    public static async Task<ILookup<string, Bytes>> ApplicationsAsync(Transaction transaction, string holder) =>
        (await transaction.QueryAsync<(string CardId, byte[] Application)>(
            """
            SELECT a.card_id, a.application FROM card_applications a JOIN cards c USING (card_id)
            WHERE c.holder_id = @holder ORDER BY a.card_id, a.position
            """,
            new { holder }))
        .ToLookup(row => row.CardId, row => new Bytes(row.Application), StringComparer.Ordinal);
}

/// <summary>The same with the name of its holder.</summary>
internal sealed class ListedRow : CardRow
{
    public required string Name { get; init; }
}
