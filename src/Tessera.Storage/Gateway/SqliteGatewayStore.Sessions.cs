using Tessera.Gateway;
using Tessera.Wire;

namespace Tessera.Storage.Gateway;

public sealed partial class SqliteGatewayStore
{
    private const string SessionQuery =
        """
        SELECT s.card_id AS CardId, s.session AS Session, s.opening AS Opening, s.profile AS Profile, s.heard AS Heard,
          s.up_messages AS UpMessages, s.up_octets AS UpOctets,
          EXISTS (SELECT 1 FROM sms_scripts c WHERE c.card_id = s.card_id AND c.session = s.session) AS Begun,
          (SELECT count(*) FROM outbox o
           WHERE o.card_id = s.card_id AND o.session = s.session AND o.message_id IS NOT NULL) AS DownMessages,
          (SELECT coalesce(sum(length(o.user_data)), 0) FROM outbox o
           WHERE o.card_id = s.card_id AND o.session = s.session AND o.message_id IS NOT NULL) AS DownOctets
        FROM sms_sessions s
        """;

    public Task<IReadOnlyList<SmsSession>> OpenSessionsAsync(CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyList<SmsSession>>(
            async transaction =>
            [
                .. (await transaction.QueryAsync<SessionRow>(
                    $"{SessionQuery} WHERE s.closed IS NULL ORDER BY s.heard, s.card_id"))
                .Select(row => row.ToSession()),
            ],
            cancel);

    public Task<SmsSession?> SessionAsync(SmsSessionId session, CancellationToken cancel) => database.ReadAsync(
        async transaction => (await transaction.FindAsync<SessionRow>(
            $"{SessionQuery} WHERE s.card_id = @card AND s.session = @session", Values(session)))?.ToSession(),
        cancel);

    public Task CloseAsync(
        SmsSessionId session, byte taken, DateTimeOffset now, CancellationToken cancel) => database.WriteAsync(
        "gateway session end",
        transaction => transaction.ExecuteAsync(
            CloseSession,
            new
            {
                card = session.Card.ToString(),
                open = (long?)session.Number,
                taken = (long)taken,
                at = Milliseconds(now),
            }),
        cancel);

    private static object Values(SmsSessionId session) =>
        new { card = session.Card.ToString(), session = (long)session.Number };

    private sealed class SessionRow
    {
        public required string CardId { get; init; }

        public required long Session { get; init; }

        public required byte[] Opening { get; init; }

        public required byte[] Profile { get; init; }

        public required long Heard { get; init; }

        public required long Begun { get; init; }

        public required long UpMessages { get; init; }

        public required long UpOctets { get; init; }

        public required long DownMessages { get; init; }

        public required long DownOctets { get; init; }

        public SmsSession ToSession() => new(
            new SmsSessionId(Cards.CardId.Parse(CardId), (ushort)Session),
            new Bytes(Opening),
            new Bytes(Profile),
            Moment(Heard),
            Begun != 0,
            new SmsTraffic(
                new MessageCount((int)UpMessages, (int)UpOctets),
                new MessageCount((int)DownMessages, (int)DownOctets)));
    }
}
