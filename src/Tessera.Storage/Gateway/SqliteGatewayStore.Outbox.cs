using Tessera.Cards;
using Tessera.Gateway;
using Tessera.Wire;

namespace Tessera.Storage.Gateway;

public sealed partial class SqliteGatewayStore
{
    /// <summary>By how much a receipt may overtake the word that its message was accepted.</summary>
    private static readonly TimeSpan EarlyReceipt = TimeSpan.FromMinutes(10);

    public Task<OutboxScript?> ScriptAsync(SmsSessionId session, byte number, CancellationToken cancel) =>
        database.ReadAsync(
            async transaction => await transaction.FindAsync<ScriptRow>(
                """
                SELECT s.script AS Script, s.answer AS Answer,
                  (SELECT count(*) FROM outbox o WHERE o.card_id = s.card_id AND o.session = s.session
                   AND o.number = s.number AND o.position = 1) AS Sends
                FROM sms_scripts s WHERE s.card_id = @card AND s.session = @session AND s.number = @number
                """,
                new { card = session.Card.ToString(), session = (long)session.Number, number = (long)number })
                is { } row
                ? new OutboxScript(
                    new Bytes(row.Script), row.Answer is { } answer ? new Bytes(answer) : null, (int)row.Sends)
                : null,
            cancel);

    public Task AddAsync(OutboxPacket packet, Bytes script, CancellationToken cancel) => database.WriteAsync(
        "outbox packet",
        async transaction =>
        {
            await transaction.ExecuteAsync(
                """
                INSERT INTO sms_scripts (card_id, session, number, script) VALUES (@card, @session, @number, @script)
                ON CONFLICT DO NOTHING
                """,
                new
                {
                    card = packet.Session.Card.ToString(),
                    session = (long)packet.Session.Number,
                    number = (long)packet.Number,
                    script = script.ToArray(),
                });
            await transaction.ExecuteAsync(
                """
                INSERT INTO outbox (card_id, counter, position, session, number, user_data, valid_until, state)
                VALUES (@card, @counter, @position, @session, @number, @userData, @validUntil, @state)
                """,
                packet.Parts.Select((part, index) => new
                {
                    card = packet.Session.Card.ToString(),
                    counter = (long)packet.Counter,
                    position = (long)index + 1,
                    session = (long)packet.Session.Number,
                    number = (long)packet.Number,
                    userData = part.UserData.ToArray(),
                    validUntil = Milliseconds(packet.ValidUntil),
                    state = part.State.ToString(),
                }));
        },
        cancel);

    public Task<OutboxPacket?> InFlightAsync(CardId card, CancellationToken cancel) => database.ReadAsync(
        async transaction =>
        {
            var parts = (await transaction.QueryAsync<PartRow>(
                $"""
                SELECT {PartRow.Columns} FROM outbox o JOIN sms_scripts s USING (card_id, session, number)
                WHERE o.card_id = @card AND s.answer IS NULL
                AND o.counter = (SELECT max(counter) FROM outbox WHERE card_id = @card)
                ORDER BY o.position
                """,
                new { card = card.ToString() })).ToList();
            return parts.Exists(part => part.IsUnderWay) ? PartRow.ToPacket(card, parts) : null;
        },
        cancel);

    public Task<PartState> AcceptedAsync(
        PartReference part, string messageId, DateTimeOffset now, CancellationToken cancel) => database.WriteAsync(
        "accepted part",
        async transaction =>
        {
            var early = await transaction.FindAsync<string>(
                """
                DELETE FROM early_receipts WHERE message_id = @messageId AND at > @since
                AND msisdn = (SELECT msisdn FROM subscribers WHERE card_id = @card) RETURNING state
                """,
                new { card = part.Session.Card.ToString(), messageId, since = Milliseconds(now - EarlyReceipt) });
            return Enum.Parse<PartState>(await transaction.FindAsync<string>(
                """
                UPDATE outbox SET message_id = @messageId, state = CASE WHEN state = 'ToSend' THEN @state ELSE state END
                WHERE card_id = @card AND counter = @counter AND position = @position RETURNING state
                """,
                Values(part, messageId, early ?? nameof(PartState.Accepted)))
                ?? throw new InvalidOperationException("The part is not in the outbox."));
        },
        cancel);

    public Task RefusedAsync(PartReference part, DateTimeOffset now, CancellationToken cancel) => database.WriteAsync(
        "refused part",
        transaction => transaction.ExecuteAsync(
            "UPDATE outbox SET state = @state WHERE card_id = @card AND counter = @counter AND position = @position",
            Values(part, messageId: null, nameof(PartState.Failed))),
        cancel);

    public Task<PartReference?> ReceiptAsync(
        string number, string messageId, PartState state, DateTimeOffset now, CancellationToken cancel) =>
        database.WriteAsync(
            "receipt",
            async transaction =>
            {
                var values = new { number, messageId, state = state.ToString(), at = Milliseconds(now) };
                var part = await transaction.FindAsync<PartKeyRow>(
                    """
                    UPDATE outbox SET state = CASE WHEN state = 'Accepted' THEN @state ELSE state END
                    WHERE (card_id, counter, position) = (
                      SELECT o.card_id, o.counter, o.position FROM outbox o JOIN subscribers USING (card_id)
                      WHERE o.message_id = @messageId AND msisdn = @number ORDER BY o.counter DESC LIMIT 1)
                    RETURNING card_id AS CardId, session AS Session, counter AS Counter, position AS Position
                    """,
                    values);
                if (part is not null) return part.ToReference();

                await transaction.ExecuteAsync(
                    """
                    INSERT INTO early_receipts (msisdn, message_id, state, at)
                    SELECT @number, @messageId, @state, @at
                    WHERE EXISTS (SELECT 1 FROM subscribers WHERE msisdn = @number)
                    ON CONFLICT DO UPDATE SET state = @state, at = @at
                    """,
                    values);
                return null;
            },
            cancel);

    private static object Values(PartReference part, string? messageId, string? state = null) => new
    {
        card = part.Session.Card.ToString(),
        counter = (long)part.Counter,
        position = (long)part.Position,
        messageId,
        state,
    };

    private sealed class ScriptRow
    {
        public required byte[] Script { get; init; }

        public byte[]? Answer { get; init; }

        public required long Sends { get; init; }
    }

    private sealed class PartKeyRow
    {
        public required string CardId { get; init; }

        public required long Session { get; init; }

        public required long Counter { get; init; }

        public required long Position { get; init; }

        public PartReference ToReference() => new(
            new SmsSessionId(Cards.CardId.Parse(CardId), (ushort)Session), (ulong)Counter, (int)Position);
    }

    /// <summary>A row of <c>outbox</c>.</summary>
    private sealed class PartRow
    {
        public const string Columns =
            "o.session AS Session, o.number AS Number, o.counter AS Counter, o.valid_until AS ValidUntil, " +
            "o.user_data AS UserData, o.state AS State";

        public required long Session { get; init; }

        public required long Number { get; init; }

        public required long Counter { get; init; }

        public required long ValidUntil { get; init; }

        public required byte[] UserData { get; init; }

        public required string State { get; init; }

        public bool IsUnderWay => State is nameof(PartState.ToSend) or nameof(PartState.Accepted);

        public static OutboxPacket ToPacket(CardId card, List<PartRow> parts) => new(
            new SmsSessionId(card, (ushort)parts[0].Session),
            (byte)parts[0].Number,
            (ulong)parts[0].Counter,
            Moment(parts[0].ValidUntil),
            parts.Select(part => part.ToPart()).ToSequence());

        private OutboxPart ToPart() => new(new Bytes(UserData), Enum.Parse<PartState>(State));
    }
}
