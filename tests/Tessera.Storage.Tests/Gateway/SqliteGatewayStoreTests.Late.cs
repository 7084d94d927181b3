using Dapper;
using Microsoft.Data.Sqlite;
using Tessera.Gateway;
using Tessera.Wire;
using Xunit;

namespace Tessera.Storage.Tests.Gateway;

public sealed partial class SqliteGatewayStoreTests
{
    [Fact]
    public async Task An_answer_that_comes_when_its_session_is_closed_is_late_until_it_is_taken()
    {
        await BeginAsync();
        await _store.CloseAsync(First, 0, Now, Cancel);
        Assert.Empty(await _store.LateAsync(null, 9, Cancel));

        Assert.Equal(Taking.Late, await _store.TakeAsync(Reply(First, 6) with { At = Now.AddSeconds(1) }, Cancel));
        Assert.Equal(Taking.Again, await _store.TakeAsync(Reply(First, 7), Cancel));
        Assert.Equal(Taking.Replayed, await _store.TakeAsync(Reply(First, 7), Cancel));
        await RestartAsync();

        Assert.Equal(
            new LateScript(First, 1, Script, Answer, Bytes.FromHex("05"), Now.AddSeconds(1)),
            Assert.Single(await _store.LateAsync(null, 9, Cancel)));
        await _store.LateTakenAsync(First, 1, Cancel);
        Assert.Empty(await _store.LateAsync(null, 9, Cancel));
        Assert.Equal(Taking.Again, await _store.TakeAsync(Reply(First, 8), Cancel));
        Assert.Empty(await _store.LateAsync(null, 9, Cancel));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task An_answer_that_nobody_had_taken_when_its_session_was_closed_is_late(byte taken, bool late)
    {
        await BeginAsync();
        Assert.Equal(Taking.Taken, await _store.TakeAsync(Reply(First, 6), Cancel));

        await _store.CloseAsync(First, taken, Now, Cancel);

        Assert.Equal(late, (await _store.LateAsync(null, 9, Cancel)).Count == 1);
    }

    [Fact]
    public async Task A_newer_opening_leaves_the_last_answer_of_the_session_before_as_late_and_none_before_it()
    {
        await BeginAsync();
        await _store.TakeAsync(Reply(First, 6), Cancel);
        await _store.AddAsync(Packet(First, 3) with { Number = 2 }, Script, Cancel);
        await _store.TakeAsync(Reply(First, 7) with { Number = 2 }, Cancel);

        await _store.TakeAsync(Opening(Second, 8), Cancel);

        Assert.Equal((First, 2), Names(Assert.Single(await _store.LateAsync(null, 9, Cancel))));
    }

    [Fact]
    public async Task An_answer_is_known_to_be_taken_when_the_next_script_was_sent()
    {
        await BeginAsync();
        await _store.TakeAsync(Reply(First, 6), Cancel);
        await _store.AddAsync(Packet(First, 3) with { Number = 2 }, Script, Cancel);

        await _store.CloseAsync(First, 0, Now, Cancel);

        Assert.Empty(await _store.LateAsync(null, 9, Cancel));
    }

    [Fact]
    public async Task The_end_of_a_session_that_has_ended_says_nothing_of_the_one_that_is_open()
    {
        await BeginAsync();
        await _store.TakeAsync(Opening(Second, 6), Cancel);
        await _store.AddAsync(Packet(Second, 3), Script, Cancel);
        await _store.TakeAsync(Reply(Second, 7), Cancel);

        await _store.CloseAsync(First, 0, Now, Cancel);

        Assert.Empty(await _store.LateAsync(null, 9, Cancel));
        Assert.Equal(Second, Assert.Single(await _store.OpenSessionsAsync(Cancel)).Id);
    }

    [Fact]
    public async Task Late_answers_are_read_page_by_page_the_oldest_first()
    {
        await _store.TakeAsync(Opening(First, 5), Cancel);
        foreach (var number in (byte[])[1, 2, 3])
            await _store.AddAsync(Packet(First, number) with { Number = number }, Script, Cancel);
        await _store.CloseAsync(First, 0, Now, Cancel);
        foreach (var (number, second) in ((byte, int)[])[(3, 1), (1, 2), (2, 2)])
        {
            var reply = Reply(First, (ulong)(6 + number + (5 * second)));
            await _store.TakeAsync(reply with { Number = number, At = Now.AddSeconds(second) }, Cancel);
        }

        var first = await _store.LateAsync(null, 2, Cancel);
        var rest = await _store.LateAsync(first[^1], 2, Cancel);

        Assert.Equal([3, 1, 2], first.Concat(rest).Select(late => (int)late.Number));
        Assert.Empty(await _store.LateAsync(rest[^1], 2, Cancel));
    }

    [Fact]
    public async Task A_closed_session_is_kept_until_its_late_answer_is_taken()
    {
        await BeginAsync();
        await _store.CloseAsync(First, 0, Now, Cancel);
        await _store.TakeAsync(Reply(First, 6), Cancel);

        await _store.PruneAsync(Now.AddDays(1), Now, Cancel);
        Assert.NotNull(await _store.SessionAsync(First, Cancel));

        await _store.LateTakenAsync(First, 1, Cancel);
        await _store.PruneAsync(Now.AddDays(1), Now, Cancel);
        Assert.Null(await _store.SessionAsync(First, Cancel));
    }

    [Fact]
    public async Task What_had_come_late_before_there_was_such_a_mark_has_it_now()
    {
        await BeginAsync();
        await _store.TakeAsync(Reply(First, 6), Cancel);
        await _store.CloseAsync(First, 1, Now, Cancel);
        await _store.TakeAsync(Opening(Second, 7), Cancel);
        await _store.AddAsync(Packet(Second, 3), Script, Cancel);
        await _store.TakeAsync(Reply(Second, 8), Cancel);
        await _database.DisposeAsync();
        var path = Path.Combine(_folder, "tessera.db");
        await using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            await connection.ExecuteAsync(new CommandDefinition(
                """
                DROP INDEX late_answers;
                DROP INDEX intents_of_card;
                ALTER TABLE sms_scripts DROP COLUMN late;
                DELETE FROM schema_version WHERE number = 41;
                """,
                cancellationToken: Cancel));
        }

        await StartAsync();

        var late = Assert.Single(await _store.LateAsync(null, 9, Cancel));
        Assert.Equal((First, 1, Now), (late.Session, late.Number, late.Since));
    }

    private async Task BeginAsync()
    {
        await _store.TakeAsync(Opening(First, 5), Cancel);
        await _store.AddAsync(Packet(First, 1), Script, Cancel);
    }

    private static (SmsSessionId Session, int Number) Names(LateScript late) => (late.Session, late.Number);
}
