using Tessera.Platform.Changes;

namespace Tessera.Storage.Changes;

/// <summary>Writes changes and deliveries.</summary>
internal static class ChangeRows
{
    public static async Task InsertAsync(Transaction transaction, RecordedChange recorded)
    {
        var change = recorded.Change;
        await transaction.ExecuteAsync(
            """
            INSERT INTO changes (change_id, holder_id, application, field, card_id, prior, new, kind, policy, session_id, at)
            VALUES (@id, @holder, @application, @field, @card, @prior, @after, @kind, @policy, @session, @at)
            """,
            new
            {
                id = change.Id.ToString(),
                holder = change.Holder.ToString(),
                application = change.Application.ToArray(),
                field = change.Field,
                card = change.Card?.ToString(),
                prior = change.Prior.ToArray(),
                after = change.New.ToArray(),
                kind = change.Kind.ToString(),
                policy = change.Policy.ToString(),
                session = change.Session?.ToString(),
                at = change.Time.ToUnixTimeMilliseconds(),
            });
        await transaction.ExecuteAsync(
            """
            INSERT INTO deliveries (change_id, card_id, state, amount, carrier, at)
            VALUES (@change, @card, @state, @amount, @carrier, @at)
            """,
            recorded.Deliveries.Select(delivery => new
            {
                change = delivery.Change.ToString(),
                card = delivery.Card.ToString(),
                state = delivery.State.ToString(),
                amount = delivery.Amount,
                carrier = delivery.Carrier?.ToString("N"),
                at = delivery.Time.ToUnixTimeMilliseconds(),
            }));
    }
}
