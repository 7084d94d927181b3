using Tessera.Cards;
using Tessera.Gateway;
using Tessera.Wire;

namespace Tessera.Storage.Gateway;

public sealed partial class SqliteGatewayStore
{
    public Task KeepAsync(InboxPart part, CancellationToken cancel) => database.WriteAsync(
        "inbox part",
        transaction => transaction.ExecuteAsync(
            """
            INSERT INTO inbox (msisdn, user_data, received) VALUES (@Sender, @userData, @received)
            ON CONFLICT DO NOTHING
            """,
            new { part.Sender, userData = part.UserData.ToArray(), received = Milliseconds(part.Received) }),
        cancel);

    public Task ForgetAsync(IReadOnlyCollection<InboxPart> parts, CancellationToken cancel) => database.WriteAsync(
        "inbox forgetting", transaction => ForgetAsync(transaction, parts), cancel);

    public Task<IReadOnlyList<InboxPart>> InboxAsync(CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyList<InboxPart>>(
            async transaction =>
            [
                .. (await transaction.QueryAsync<(string Sender, byte[] UserData, long Received)>(
                    "SELECT msisdn, user_data, received FROM inbox ORDER BY received, msisdn, user_data"))
                .Select(row => new InboxPart(row.Sender, new Bytes(row.UserData), Moment(row.Received))),
            ],
            cancel);

    public Task<Taking> TakeAsync(Arrival arrival, CancellationToken cancel) => database.WriteAsync(
        arrival switch
        {
            OpeningArrival => "opening",
            AnswerArrival => "answer",
            AnnouncementArrival => "announcement",
            _ => "arrival",
        },
        async transaction =>
        {
            await ForgetAsync(transaction, arrival.Parts);
            if (!await TakeCounterAsync(transaction, arrival.Card, arrival.Counter)) return Taking.Replayed;
            return arrival switch
            {
                OpeningArrival opening => await TakeAsync(transaction, opening),
                AnswerArrival answer => await TakeAsync(transaction, answer),
                AnnouncementArrival announcement => await TakeAsync(transaction, announcement),
                _ => Taking.Taken,
            };
        },
        cancel);

    private static Task<int> ForgetAsync(Transaction transaction, IEnumerable<InboxPart> parts) =>
        transaction.ExecuteAsync(
            "DELETE FROM inbox WHERE msisdn = @Sender AND user_data = @userData",
            parts.Select(part => new { part.Sender, userData = part.UserData.ToArray() }));

    /// <summary>Only a counter that is higher counts, and only once.</summary>
    private static async Task<bool> TakeCounterAsync(Transaction transaction, CardId card, ulong counter) =>
        await transaction.ExecuteAsync(
            "UPDATE subscribers SET up_highest = @counter WHERE card_id = @card AND up_highest < @counter",
            new { card = card.ToString(), counter = (long)counter }) > 0;

    /// <summary>
    /// The session takes the place of the one that was open, and of an older one that had its number before the
    /// numbers began again. The same opening opens nothing again, not after the end of its session either: a card
    /// sends it more than once where its phone did not know whether it had left.
    /// </summary>
    private static async Task<Taking> TakeAsync(Transaction transaction, OpeningArrival arrival)
    {
        var values = new
        {
            card = arrival.Card.ToString(),
            session = (long)arrival.Session.Number,
            opening = arrival.Opening.ToArray(),
            profile = arrival.Profile.ToArray(),
            at = Milliseconds(arrival.At),
            messages = arrival.Count.Messages,
            octets = arrival.Count.Octets,
            open = (long?)null,
            taken = 0L,
        };
        var same = await transaction.ExecuteAsync(
            """
            UPDATE sms_sessions
            SET heard = max(heard, @at), up_messages = up_messages + @messages, up_octets = up_octets + @octets
            WHERE card_id = @card AND session = @session AND opening = @opening
            """,
            values);
        if (same > 0) return Taking.Again;

        await transaction.ExecuteAsync(
            $"""
            {CloseSession};
            DELETE FROM sms_sessions WHERE card_id = @card AND session = @session;
            INSERT INTO sms_sessions (card_id, session, opening, profile, heard, up_messages, up_octets)
            VALUES (@card, @session, @opening, @profile, @at, @messages, @octets);
            UPDATE subscribers SET profile = @profile WHERE card_id = @card AND length(@profile) > 0;
            """,
            values);
        return Taking.Taken;
    }

    private static async Task<Taking> TakeAsync(Transaction transaction, AnnouncementArrival arrival)
    {
        if (arrival.Profile.Length > 0)
        {
            await transaction.ExecuteAsync(
                "UPDATE subscribers SET profile = @profile WHERE card_id = @card",
                new { card = arrival.Card.ToString(), profile = arrival.Profile.ToArray() });
        }

        return Taking.Taken;
    }

    private static async Task<Taking> TakeAsync(Transaction transaction, AnswerArrival arrival)
    {
        var values = new
        {
            card = arrival.Card.ToString(),
            session = (long)arrival.Session.Number,
            number = (long)arrival.Number,
            answer = arrival.Answer.ToArray(),
            at = Milliseconds(arrival.At),
            messages = arrival.Count.Messages,
            octets = arrival.Count.Octets,
        };
        var known = await transaction.FindAsync<long>(
            "SELECT count(*) FROM sms_scripts WHERE card_id = @card AND session = @session AND number = @number",
            values);
        if (known == 0) return Taking.Unasked;

        await transaction.ExecuteAsync(
            """
            UPDATE sms_sessions
            SET heard = max(heard, @at), up_messages = up_messages + @messages, up_octets = up_octets + @octets
            WHERE card_id = @card AND session = @session
            """,
            values);
        var first = await transaction.FindAsync<long?>(
            """
            UPDATE sms_scripts SET answer = @answer, late = (
              SELECT @at FROM sms_sessions WHERE card_id = @card AND session = @session AND closed IS NOT NULL)
            WHERE card_id = @card AND session = @session AND number = @number AND answer IS NULL
            RETURNING late IS NOT NULL
            """,
            values);
        return first switch
        {
            null => Taking.Again,
            0 => Taking.Taken,
            _ => Taking.Late,
        };
    }
}
