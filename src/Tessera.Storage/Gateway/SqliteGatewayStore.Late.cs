using Tessera.Gateway;
using Tessera.Wire;

namespace Tessera.Storage.Gateway;

public sealed partial class SqliteGatewayStore
{
    /// <summary>
    /// Ends the session of a card that is open, be it <c>@open</c> or, for null, any. The last answer is late unless it
    /// is known to have been taken; that of a script before was, or the next script would not be there.
    /// </summary>
    private const string CloseSession =
        """
        UPDATE sms_scripts SET late = @at
        WHERE card_id = @card AND answer IS NOT NULL AND late IS NULL AND number > @taken
        AND session = (SELECT session FROM sms_sessions
                       WHERE card_id = @card AND closed IS NULL AND session = coalesce(@open, session))
        AND number = (SELECT max(number) FROM sms_scripts l
                      WHERE l.card_id = sms_scripts.card_id AND l.session = sms_scripts.session);
        UPDATE sms_sessions SET closed = @at
        WHERE card_id = @card AND closed IS NULL AND session = coalesce(@open, session)
        """;

    public Task<IReadOnlyList<LateScript>> LateAsync(LateScript? after, int count, CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyList<LateScript>>(
            async transaction =>
            [
                .. (await transaction.QueryAsync<LateRow>(
                    """
                    SELECT c.card_id AS CardId, c.session AS Session, c.number AS Number, c.script AS Script,
                      c.answer AS Answer, s.profile AS Profile, c.late AS Since
                    FROM sms_scripts c JOIN sms_sessions s USING (card_id, session)
                    WHERE c.late IS NOT NULL
                    AND (c.late, c.card_id, c.session, c.number) > (@since, @card, @session, @number)
                    ORDER BY c.late, c.card_id, c.session, c.number LIMIT @count
                    """,
                    new
                    {
                        since = after is null ? long.MinValue : Milliseconds(after.Since),
                        card = after?.Session.Card.ToString() ?? "",
                        session = (long)(after?.Session.Number ?? 0),
                        number = (long)(after?.Number ?? 0),
                        count,
                    })).Select(row => row.ToScript()),
            ],
            cancel);

    public Task LateTakenAsync(SmsSessionId session, byte number, CancellationToken cancel) => database.WriteAsync(
        "late answer taken",
        transaction => transaction.ExecuteAsync(
            "UPDATE sms_scripts SET late = NULL WHERE card_id = @card AND session = @session AND number = @number",
            new { card = session.Card.ToString(), session = (long)session.Number, number = (long)number }),
        cancel);

    private sealed class LateRow
    {
        public required string CardId { get; init; }

        public required long Session { get; init; }

        public required long Number { get; init; }

        public required byte[] Script { get; init; }

        public required byte[] Answer { get; init; }

        public required byte[] Profile { get; init; }

        public required long Since { get; init; }

        public LateScript ToScript() => new(
            new SmsSessionId(Cards.CardId.Parse(CardId), (ushort)Session), (byte)Number, new Bytes(Script),
            new Bytes(Answer), new Bytes(Profile), Moment(Since));
    }
}
