using Tessera.Cards;
using Tessera.Platform.Changes;
using Tessera.Platform.Holders;
using Tessera.Wire;

namespace Tessera.Storage.Changes;

/// <summary>Writes changes and deliveries.</summary>
internal static class ChangeRows
{
    public static async Task InsertAsync(Transaction transaction, RecordedChange recorded)
    {
        var change = recorded.Change;
        await transaction.ExecuteAsync(
            """
            INSERT INTO changes (change_id, holder_id, application, field, card_id, prior, new, kind, policy,
                                 session_id, at)
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
            recorded.Deliveries.Select(ValuesOf));
    }

    public static object ValuesOf(Delivery delivery) => new
    {
        change = delivery.Change.ToString(),
        card = delivery.Card.ToString(),
        state = delivery.State.ToString(),
        amount = delivery.Amount,
        carrier = delivery.Carrier?.ToString("N"),
        at = delivery.Time.ToUnixTimeMilliseconds(),
    };
}

/// <summary>A row of <c>changes</c>.</summary>
internal class ChangeRow
{
    public const string Columns =
        """
        c.change_id AS ChangeId, c.holder_id AS HolderId, c.application AS Application, c.field AS Field,
        c.card_id AS Origin, c.prior AS Prior, c.new AS New, c.kind AS Kind, c.policy AS Policy,
        c.session_id AS SessionId, c.at AS ChangedAt
        """;

    public required string ChangeId { get; init; }

    public required string HolderId { get; init; }

    public required byte[] Application { get; init; }

    public required string Field { get; init; }

    public required string? Origin { get; init; }

    public required byte[] Prior { get; init; }

    public required byte[] New { get; init; }

    public required string Kind { get; init; }

    public required string Policy { get; init; }

    public required string? SessionId { get; init; }

    public required long ChangedAt { get; init; }

    public Change ToChange() => new(
        Platform.Changes.ChangeId.Parse(ChangeId),
        Platform.Holders.HolderId.Parse(HolderId),
        new Bytes(Application),
        Field,
        Origin is null ? null : CardId.Parse(Origin),
        new Bytes(Prior),
        new Bytes(New),
        Enum.Parse<ChangeKind>(Kind),
        Enum.Parse<DeliveryPolicy>(Policy),
        SessionId is null ? null : SessionReference.Parse(SessionId),
        DateTimeOffset.FromUnixTimeMilliseconds(ChangedAt));
}

/// <summary>A row of <c>deliveries</c>.</summary>
internal sealed class DeliveryRow
{
    public const string Columns =
        "d.change_id AS ChangeId, d.card_id AS CardId, d.state AS State, d.amount AS Amount, d.carrier AS Carrier, " +
        "d.at AS At";

    public required string ChangeId { get; init; }

    public required string CardId { get; init; }

    public required string State { get; init; }

    public required long Amount { get; init; }

    public required string? Carrier { get; init; }

    public required long At { get; init; }

    public Delivery ToDelivery() => new(
        Platform.Changes.ChangeId.Parse(ChangeId),
        Cards.CardId.Parse(CardId),
        Enum.Parse<DeliveryState>(State),
        Amount,
        Carrier is null ? null : Guid.ParseExact(Carrier, "N"),
        DateTimeOffset.FromUnixTimeMilliseconds(At));
}

/// <summary>A delivery joined with its change.</summary>
internal sealed class UnderWayRow : ChangeRow
{
    public const string Select =
        $"SELECT {Columns}, d.card_id AS CardId, d.state AS State, d.carrier AS Carrier, d.at AS At " +
        "FROM deliveries d JOIN changes c USING (change_id)";

    public required string CardId { get; init; }

    public required string State { get; init; }

    public required string? Carrier { get; init; }

    public required long At { get; init; }

    public UnderWay ToUnderWay() => new(
        ToChange(),
        new DeliveryRow { ChangeId = ChangeId, CardId = CardId, State = State, Amount = 0, Carrier = Carrier, At = At }
            .ToDelivery());
}
