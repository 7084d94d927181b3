using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Issuing;
using Tessera.Platform.Holders;
using Tessera.Storage.Holders;
using Tessera.Wire;

namespace Tessera.Storage.Issuing;

/// <summary>The register of cards that are issued, in a server's database.</summary>
public sealed class IssuanceStore(Database database, TimeProvider time)
{
    /// <summary>
    /// Begins an issuance, with a new holder where one is named, in one transaction; goes on with the one that was begun
    /// for the same chip.
    /// </summary>
    /// <param name="chip">Key diversification data of the card's domain.</param>
    /// <param name="checks">Check values of the keys that the card of that id gets.</param>
    /// <exception cref="IssuingException">
    /// The chip was begun as another card or for somebody else, the id is taken, or there is no such holder.
    /// </exception>
    public Task<Issuance> BeginAsync(
        Bytes chip, IssueOrder order, byte keyVersion, Func<CardId, IReadOnlyList<CardKeyCheck>> checks, string by,
        CancellationToken cancel) =>
        database.WriteAsync("issuance", async transaction =>
        {
            if (await FindAsync(transaction, "chip = @chip", new { chip = chip.ToArray() }) is { } begun)
                return await SameAsync(transaction, begun, order);

            var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
            var card = order.Card ?? NewCard();
            if (await transaction.FindAsync<long?>(
                "SELECT 1 FROM cards WHERE card_id = @card UNION SELECT 1 FROM issuances WHERE card_id = @card",
                new { card = card.ToString() }) is not null)
                throw new IssuingException($"There is a card {card} already.");
            var holder = await HolderAsync(transaction, order, now);
            var sim = order is { Kind: CardKind.Sim, Msisdn: { } number } ? order.Sim.For(number) : null;
            if (sim is not null && await transaction.FindAsync<long?>(
                "SELECT 1 FROM issuances WHERE iccid = @Iccid OR imsi = @Imsi", new { sim.Iccid, sim.Imsi }) is not null)
                throw new IssuingException("There is a SIM with that ICCID or IMSI already.");
            var issuance = new Issuance(card, chip, holder, order, keyVersion, checks(card), by, now, null) { Sim = sim };
            await transaction.ExecuteAsync(
                """
                INSERT INTO issuances (card_id, chip, holder_id, kind, applications, key_version, checks, currency,
                                       greatest_balance, offline_allowance, without_pin, msisdn, sim_identity, iccid, imsi,
                                       replaces, operator, begun, finished)
                VALUES (@card, @chip, @holder, @kind, @applications, @keyVersion, @checks, @currency, @greatest, @allowance,
                        @withoutPin, @Msisdn, @identity, @iccid, @imsi, @replaces, @by, @begun, NULL)
                """,
                IssuanceRow.Values(issuance));
            return issuance;
        }, cancel);

    /// <summary>The card is registered and its purse is open.</summary>
    public Task FinishAsync(CardId card, CancellationToken cancel) => database.WriteAsync(
        "issued",
        transaction => transaction.ExecuteAsync(
            "UPDATE issuances SET finished = COALESCE(finished, @now) WHERE card_id = @card",
            new { card = card.ToString(), now = time.GetUtcNow().ToUnixTimeMilliseconds() }),
        cancel);

    /// <summary>A card without a purse is gone for good.</summary>
    public Task WithdrawAsync(CardId card, CancellationToken cancel) => database.WriteAsync(
        "withdrawn",
        transaction => transaction.ExecuteAsync(
            """
            UPDATE cards SET state = 'Revoked'
            WHERE card_id = @card AND card_id NOT IN (SELECT card_id FROM card_copies)
            """,
            new { card = card.ToString() }),
        cancel);

    /// <summary>SIMs that have a subscription of their own, in the order of their ICCIDs.</summary>
    public Task<IReadOnlyList<Issuance>> SimsAsync(CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyList<Issuance>>(
            async transaction =>
            [
                .. (await transaction.QueryAsync<IssuanceRow>(
                    $"{IssuanceRow.Select} WHERE iccid IS NOT NULL ORDER BY iccid")).Select(row => row.ToIssuance()),
            ],
            cancel);

    /// <summary>Cards of the register with the names of their holders, the newest first.</summary>
    public Task<IReadOnlyList<ListedCard>> ListAsync(CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyList<ListedCard>>(
            async transaction =>
            {
                List<ListedCard> cards = [];
                var rows = await transaction.QueryAsync<ListedRow>(
                    $"""
                    SELECT {CardRow.Columns}, h.name AS Name FROM cards c JOIN holders h USING (holder_id)
                    ORDER BY c.since DESC, c.card_id
                    """);
                var applications = (await transaction.QueryAsync<(string CardId, byte[] Application)>(
                        "SELECT card_id, application FROM card_applications ORDER BY card_id, position"))
                    .ToLookup(row => row.CardId, row => new Bytes(row.Application), StringComparer.Ordinal);
                foreach (var row in rows) cards.Add(new ListedCard(row.ToCard(applications), row.Name));
                return cards;
            },
            cancel);

    public Task<Issuance?> FindAsync(CardId card, CancellationToken cancel) => database.ReadAsync(
        transaction => FindAsync(transaction, "card_id = @card", new { card = card.ToString() }), cancel);

    public Task<Issuance?> FindByChipAsync(Bytes chip, CancellationToken cancel) => database.ReadAsync(
        transaction => FindAsync(transaction, "chip = @chip", new { chip = chip.ToArray() }), cancel);

    private static async Task<Issuance?> FindAsync(Transaction transaction, string condition, object values) =>
        (await transaction.FindAsync<IssuanceRow>($"{IssuanceRow.Select} WHERE {condition}", values))?.ToIssuance();

    /// <summary>Who goes on with a card that was begun may leave out what was said then, but not say otherwise.</summary>
    private static async Task<Issuance> SameAsync(Transaction transaction, Issuance begun, IssueOrder order)
    {
        var was = begun.Order;
        var name = await transaction.FindAsync<string>(
            "SELECT name FROM holders WHERE holder_id = @holder", new { holder = begun.Holder.ToString() });
        var differs =
            order.Kind != was.Kind ? "as another kind of card"
            : !string.Equals(order.Msisdn, was.Msisdn, StringComparison.Ordinal) ? "with another number"
            : begun.Sim is { } sim && !order.Sim.Is(sim) ? "with another subscription"
            : !order.Applications.SequenceEqual(was.Applications) ? "with other applications"
            : order.Card is { } card && card != begun.Card ? $"as card {begun.Card}"
            : begun.HasPurse && (order.Purse != was.Purse || order.Wish != was.Wish) ? "with another purse"
            : order.Replaces != was.Replaces ? "in another card's place"
            : order.Holder is { } holder && holder != begun.Holder ? $"for holder {begun.Holder}"
            : order.NewHolder is { } other && !string.Equals(other, name, StringComparison.Ordinal) ? $"for {name}"
            : null;
        return differs is null
            ? begun
            : throw new IssuingException($"This card was begun {differs}: end it as it was begun.");
    }

    private static async Task<HolderId> HolderAsync(Transaction transaction, IssueOrder order, DateTimeOffset now)
    {
        if (order.Replaces is { } lost)
        {
            return await transaction.FindAsync<string>(
                "SELECT holder_id FROM cards WHERE card_id = @lost", new { lost = lost.ToString() }) is { } owner
                ? HolderId.Parse(owner)
                : throw new IssuingException($"There is no card {lost}.");
        }

        if (order.NewHolder is { } name)
        {
            var id = HolderId.New(now);
            await transaction.ExecuteAsync(
                "INSERT INTO holders (holder_id, name, since) VALUES (@id, @name, @since)",
                new { id = id.ToString(), name, since = now.ToUnixTimeMilliseconds() });
            return id;
        }

        var holder = order.Holder ?? throw new IssuingException("The card is for nobody.");
        return await transaction.FindAsync<long?>(
            "SELECT 1 FROM holders WHERE holder_id = @holder", new { holder = holder.ToString() }) is not null
            ? holder
            : throw new IssuingException($"There is no holder {holder}.");
    }

    private static CardId NewCard() =>
        new((ulong)RandomNumberGenerator.GetInt32(1, int.MaxValue) << 32 | (uint)RandomNumberGenerator.GetInt32(int.MaxValue));
}

/// <summary>A card of the register and who has it.</summary>
public sealed record ListedCard(CardRegistration Card, string Holder);
