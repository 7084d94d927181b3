using Tessera.Cards;
using Tessera.Platform.Changes;
using Tessera.Platform.Holders;
using Tessera.Wire;

namespace Tessera.Storage.Changes;

/// <summary>Changes and their deliveries in SQLite.</summary>
public sealed class SqliteChangeStore(Database database) : IChangeStore
{
    /// <summary>Octets of an AID; a section of the data store has more.</summary>
    private const int AppletLength = 9;

    public Task<FieldLog> ReadAsync(FieldKey field, CancellationToken cancel) => database.ReadAsync(
        async transaction =>
        {
            var values = new
            {
                holder = field.Holder.ToString(),
                application = field.Application.ToArray(),
                applet = field.Application.Span[..Math.Min(AppletLength, field.Application.Length)].ToArray(),
                field = field.Field,
            };
            var version = await transaction.FindAsync<long>(
                """
                SELECT version FROM fields
                WHERE holder_id = @holder AND application = @application AND field = @field
                """,
                values);
            var cards = await transaction.QueryAsync<string>(
                """
                SELECT DISTINCT c.card_id, c.since FROM cards c JOIN card_applications a USING (card_id)
                WHERE c.holder_id = @holder AND a.application IN (@application, @applet) AND c.state <> 'Revoked'
                ORDER BY c.since, c.card_id
                """,
                values);
            var rows = await transaction.QueryAsync<UnderWayRow>(
                $"""
                {UnderWayRow.Select}
                WHERE c.holder_id = @holder AND c.application = @application AND c.field = @field AND c.kind = 'Set'
                  AND d.state IN ('Pending', 'InFlight', 'Conflict')
                ORDER BY c.rowid, d.card_id
                """,
                values);
            var copies = await transaction.QueryAsync<FieldCopyRow>(
                $"""
                SELECT {FieldCopyRow.Columns} FROM field_copies
                WHERE holder_id = @holder AND application = @application AND field = @field ORDER BY card_id
                """,
                values);
            var latest = (await transaction.QueryAsync<ChangeRow>(
                $"""
                SELECT {ChangeRow.Columns} FROM changes c
                WHERE c.holder_id = @holder AND c.application = @application AND c.field = @field AND c.kind = 'Set'
                  AND NOT EXISTS (
                    SELECT 1 FROM deliveries d WHERE d.change_id = c.change_id AND d.state = 'Superseded')
                ORDER BY c.rowid DESC LIMIT 1
                """,
                values)).FirstOrDefault();
            return new FieldLog(
                field, version, [.. cards.Select(CardId.Parse)], [.. rows.Select(row => row.ToUnderWay())])
            {
                Copies = [.. copies.Select(row => row.ToCopy())],
                Latest = latest?.ToChange(),
            };
        },
        cancel);

    public Task<bool> CommitAsync(FieldBooking booking, CancellationToken cancel) => database.WriteAsync(
        "field",
        async transaction =>
        {
            var (key, version) = (booking.Basis.Key, booking.Basis.Version);
            var values = new
            {
                holder = key.Holder.ToString(),
                application = key.Application.ToArray(),
                field = key.Field,
                version,
            };
            await transaction.ExecuteAsync(
                """
                INSERT INTO fields (holder_id, application, field, version) VALUES (@holder, @application, @field, 0)
                ON CONFLICT DO NOTHING
                """,
                values);
            var advanced = await transaction.ExecuteAsync(
                """
                UPDATE fields SET version = version + 1
                WHERE holder_id = @holder AND application = @application AND field = @field AND version = @version
                """,
                values);
            if (advanced == 0) return false;

            await transaction.ExecuteAsync(
                """
                INSERT INTO deliveries (change_id, card_id, state, amount, carrier, at)
                VALUES (@change, @card, @state, @amount, @carrier, @at)
                ON CONFLICT (change_id, card_id) DO UPDATE SET state = @state, carrier = @carrier, at = @at
                """,
                booking.Moved.Select(ChangeRows.ValuesOf));
            if (booking.Recorded is { } recorded) await ChangeRows.InsertAsync(transaction, recorded);
            if (booking.Copy is { } copy) await FieldCopyRow.WriteAsync(transaction, key, copy);
            return true;
        },
        cancel);

    public Task<RecordedChange?> FindAsync(ChangeId change, CancellationToken cancel) => database.ReadAsync(
        async transaction =>
        {
            var id = change.ToString();
            var row = await transaction.FindAsync<ChangeRow>(
                $"SELECT {ChangeRow.Columns} FROM changes c WHERE c.change_id = @id", new { id });
            if (row is null) return null;
            var deliveries = await transaction.QueryAsync<DeliveryRow>(
                $"SELECT {DeliveryRow.Columns} FROM deliveries d WHERE d.change_id = @id ORDER BY d.card_id",
                new { id });
            return new RecordedChange(row.ToChange(), [.. deliveries.Select(delivery => delivery.ToDelivery())]);
        },
        cancel);

    public Task<IReadOnlyList<RecordedChange>> RecentAsync(ChangeId? before, int count, CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyList<RecordedChange>>(
            async transaction =>
            {
                var changes = (await transaction.QueryAsync<ChangeRow>(
                    $"""
                    SELECT {ChangeRow.Columns} FROM changes c
                    WHERE @before IS NULL OR c.rowid < (SELECT rowid FROM changes WHERE change_id = @before)
                    ORDER BY c.rowid DESC LIMIT @count
                    """,
                    new { before = before?.ToString(), count })).ToList();
                var deliveries = (await transaction.QueryAsync<DeliveryRow>(
                    $"SELECT {DeliveryRow.Columns} FROM deliveries d WHERE d.change_id IN @ids ORDER BY d.card_id",
                    new { ids = changes.Select(change => change.ChangeId) })).ToLookup(
                        row => row.ChangeId, row => row.ToDelivery(), StringComparer.Ordinal);
                return [.. changes.Select(row => new RecordedChange(row.ToChange(), [.. deliveries[row.ChangeId]]))];
            },
            cancel);

    public Task<IReadOnlyList<UnderWay>> PendingAsync(CardId card, int count, CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyList<UnderWay>>(
            async transaction =>
            [
                .. (await transaction.QueryAsync<UnderWayRow>(
                    $"""
                    {UnderWayRow.Select}
                    WHERE d.card_id = @card AND d.state = 'Pending' AND c.kind = 'Set'
                    ORDER BY c.policy = 'Optional', c.rowid LIMIT @count
                    """,
                    new { card = card.ToString(), count })).Select(row => row.ToUnderWay()),
            ],
            cancel);

    public Task<IReadOnlyList<FieldKey>> ConflictsAsync(HolderId holder, CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyList<FieldKey>>(
            async transaction =>
            [
                .. (await transaction.QueryAsync<(byte[] Application, string Field)>(
                    """
                    SELECT DISTINCT c.application, c.field FROM deliveries d JOIN changes c USING (change_id)
                    WHERE d.card_id IN (SELECT card_id FROM cards WHERE holder_id = @holder) AND d.state = 'Conflict'
                    ORDER BY c.application, c.field
                    """,
                    new { holder = holder.ToString() }))
                .Select(row => new FieldKey(holder, new Bytes(row.Application), row.Field)),
            ],
            cancel);
}
