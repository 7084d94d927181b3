using Tessera.Cards.Purse;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Storage.Holders;
using Tessera.Wire;

namespace Tessera.Storage.Money;

/// <summary>Reads a holder's purse from its rows.</summary>
internal static class PurseRows
{
    public static async Task<HolderPurse?> FindAsync(Transaction transaction, string holder)
    {
        var purse = await transaction.FindAsync<(long Currency, long Version)?>(
            "SELECT currency, version FROM purses WHERE holder_id = @holder", new { holder });
        if (purse is not var (currency, version)) return null;

        var id = HolderId.Parse(holder);
        var account = AccountId.Purse(id, (ushort)currency).ToString();
        return new HolderPurse(
            id,
            (ushort)currency,
            version,
            await transaction.FindAsync<long>("SELECT balance FROM accounts WHERE account = @account", new { account }),
            await CopiesAsync(transaction, holder),
            await IntentRow.QueryAsync(
                transaction, "holder_id = @holder AND state IN ('Authorised', 'Unknown')", new { holder }));
    }

    private static async Task<IReadOnlyList<CardCopy>> CopiesAsync(Transaction transaction, string holder)
    {
        var applications = await CardRow.ApplicationsAsync(transaction, holder);
        var cards = (await transaction.QueryAsync<CardRow>(
                $"SELECT {CardRow.Columns} FROM cards c WHERE c.holder_id = @holder", new { holder }))
            .ToDictionary(row => row.CardId, row => row.ToCard(applications), StringComparer.Ordinal);
        var copies = await transaction.QueryAsync<CopyRow>(
            """
            SELECT p.card_id AS CardId, p.balance AS Balance, p.number AS Number, p.last_s2 AS LastS2,
                   (SELECT COALESCE(SUM(d.amount), 0) FROM deliveries d
                    WHERE d.card_id = p.card_id AND d.state = 'Pending') AS Pending,
                   (SELECT COALESCE(SUM(d.amount), 0) FROM deliveries d
                    WHERE d.card_id = p.card_id AND d.state = 'InFlight') AS InFlight,
                   l.allowance AS Allowance, l.without_pin AS WithoutPin, l.given_back AS GivenBack, l.borne AS Borne,
                   i.offline_allowance AS WantedAllowance, i.without_pin AS WantedWithoutPin,
                   CASE WHEN l.card_id IS NULL THEN 0 ELSE
                     (SELECT COALESCE(MAX(m.number), 1) FROM movements m
                      WHERE m.card_id = p.card_id AND m.intent_id IS NOT NULL) END AS Ordered
            FROM card_copies p LEFT JOIN purse_limits l USING (card_id) LEFT JOIN issuances i USING (card_id)
            WHERE p.holder_id = @holder ORDER BY p.rowid
            """,
            new { holder });
        List<CardCopy> found = [];
        foreach (var copy in copies)
        {
            var ahead = copy.Allowance is null ? [] : await AheadAsync(transaction, copy.CardId, copy.Number);
            found.Add(copy.ToCopy(cards[copy.CardId]) with { Ahead = ahead });
        }

        return found;
    }

    private static async Task<IReadOnlyList<AheadMovement>> AheadAsync(
        Transaction transaction, string card, long number) =>
        [
            .. (await transaction.QueryAsync<(long Number, byte[] Movement, long Balance)>(
                """
                SELECT number, movement, balance FROM movements
                WHERE card_id = @card AND number > @number ORDER BY number
                """,
                new { card, number })).Select(row => new AheadMovement(
                    (uint)row.Number, new Bytes(row.Movement).Read<Movement>(), (uint)row.Balance)),
        ];

    private sealed class CopyRow
    {
        public required string CardId { get; init; }

        public required long Balance { get; init; }

        public required long Number { get; init; }

        public required byte[] LastS2 { get; init; }

        public required long Pending { get; init; }

        public required long InFlight { get; init; }

        public required long? Allowance { get; init; }

        public required long? WithoutPin { get; init; }

        public required long? GivenBack { get; init; }

        public required long? Borne { get; init; }

        public required long? WantedAllowance { get; init; }

        public required long? WantedWithoutPin { get; init; }

        public required long Ordered { get; init; }

        public CardCopy ToCopy(CardRegistration card) =>
            new(card, (uint)Balance, (uint)Number, new Bytes(LastS2), Pending, InFlight)
            {
                Limits = Allowance is { } allowance
                    ? new CopyLimits((uint)allowance, (uint?)WithoutPin, (uint)(Number - Ordered + 1))
                    {
                        GivenBack = GivenBack ?? 0,
                        Borne = Borne ?? 0,
                    }
                    : null,
                Wish = (WantedAllowance ?? WantedWithoutPin) is null
                    ? null
                    : new CardWish((uint?)WantedAllowance, (uint?)WantedWithoutPin),
            };
    }
}
