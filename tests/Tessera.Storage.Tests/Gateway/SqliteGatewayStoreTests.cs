using Tessera.Cards;
using Tessera.Gateway;
using Tessera.Storage.Gateway;
using Tessera.Wire;
using Xunit;

namespace Tessera.Storage.Tests.Gateway;

public sealed partial class SqliteGatewayStoreTests : IAsyncLifetime
{
    private const string Number = "33612345678";

    private static readonly CardId Card = new(0xA1A2A3A4A5A6A7A8);
    private static readonly SmsSessionId First = new(Card, 0x2A);
    private static readonly SmsSessionId Second = new(Card, 0x2B);
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);
    private static readonly Bytes Script = Bytes.FromHex("AA06C00401002A01");
    private static readonly Bytes Answer = Bytes.FromHex("AB09C00401002A01800100");

    private readonly string _folder = Directory.CreateTempSubdirectory("tessera-").FullName;
    private Database _database = null!;
    private SqliteGatewayStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        await _store.RegisterAsync(new Subscriber(Card, Number, 0x7F), Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_subscriber_is_found_by_card_and_by_number()
    {
        await RestartAsync();

        Assert.Equal(new Subscriber(Card, Number, 0x7F), await _store.FindAsync(Card, Cancel));
        Assert.Equal(Card, Assert.Single(await _store.FindAsync(Number, Cancel)).Card);
        Assert.Null(await _store.FindAsync(new CardId(1), Cancel));
        Assert.Empty(await _store.FindAsync("33600000000", Cancel));
    }

    [Fact]
    public async Task A_card_that_moves_to_another_number_keeps_its_counters_and_its_profile()
    {
        await _store.ReserveAsync(Card, 16, Cancel);
        await _store.TakeAsync(Opening(First, 9), Cancel);

        await _store.RegisterAsync(new Subscriber(Card, "33699999999", 2), Cancel);

        Assert.Equal(17ul, await _store.ReserveAsync(Card, 1, Cancel));
        Assert.Equal(Taking.Replayed, await _store.TakeAsync(Opening(Second, 9), Cancel));
        Assert.Empty(await _store.FindAsync(Number, Cancel));
        Assert.Equal(Bytes.FromHex("09"), (await _store.FindAsync(Card, Cancel))!.Profile);
    }

    [Fact]
    public async Task A_number_has_a_few_cards_and_no_more()
    {
        for (var card = 1u; card < SqliteGatewayStore.MaxCardsOfNumber; card++)
            await _store.RegisterAsync(new Subscriber(new CardId(card), Number, 1), Cancel);

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => _store.RegisterAsync(new Subscriber(new CardId(99), Number, 1), Cancel));
        await _store.RegisterAsync(new Subscriber(Card, Number, 1), Cancel);

        Assert.Equal(SqliteGatewayStore.MaxCardsOfNumber, (await _store.FindAsync(Number, Cancel)).Count);
    }

    [Fact]
    public async Task Counters_are_never_taken_twice_whatever_is_lost()
    {
        Assert.Equal(1ul, await _store.ReserveAsync(Card, 16, Cancel));
        await RestartAsync();
        Assert.Equal(17ul, await _store.ReserveAsync(Card, 16, Cancel));

        await Assert.ThrowsAsync<InvalidOperationException>(() => _store.ReserveAsync(new CardId(1), 1, Cancel));
    }

    [Fact]
    public async Task A_message_that_waits_outlives_the_server_and_is_kept_once()
    {
        var (one, other) = (Part("02700001"), Part("0500030102020A", 5));
        await _store.KeepAsync(one, Cancel);
        await _store.KeepAsync(one with { Received = Now.AddSeconds(9) }, Cancel);
        await _store.KeepAsync(other, Cancel);
        await RestartAsync();

        Assert.Equal([one, other], await _store.InboxAsync(Cancel));
        await _store.ForgetAsync([one], Cancel);
        Assert.Equal([other], await _store.InboxAsync(Cancel));
        await _store.PruneAsync(Now, Now.AddSeconds(6), Cancel);
        Assert.Empty(await _store.InboxAsync(Cancel));
    }

    [Fact]
    public async Task An_opening_is_taken_once_and_its_messages_leave_the_inbox_with_it()
    {
        var part = Part("02700001");
        await _store.KeepAsync(part, Cancel);
        var opening = Opening(First, 5) with { Parts = [part] };

        Assert.Equal(Taking.Taken, await _store.TakeAsync(opening, Cancel));
        Assert.Equal(Taking.Replayed, await _store.TakeAsync(opening, Cancel));
        await RestartAsync();

        Assert.Empty(await _store.InboxAsync(Cancel));
        var session = Assert.Single(await _store.OpenSessionsAsync(Cancel));
        Assert.Equal(
            new SmsSession(
                First, opening.Opening, opening.Profile, Now, Begun: false,
                new SmsTraffic(new MessageCount(1, 140), default)),
            session);
    }

    [Fact]
    public async Task A_newer_opening_closes_the_session_before_and_the_same_one_opens_nothing()
    {
        await _store.TakeAsync(Opening(First, 5), Cancel);

        Assert.Equal(Taking.Again, await _store.TakeAsync(Opening(First, 6), Cancel));
        Assert.Equal(Taking.Taken, await _store.TakeAsync(Opening(Second, 7), Cancel));

        Assert.Equal(Second, Assert.Single(await _store.OpenSessionsAsync(Cancel)).Id);
        Assert.Equal(2, (await _store.SessionAsync(First, Cancel))!.Traffic.Up.Messages);
    }

    [Fact]
    public async Task A_session_that_has_ended_is_not_opened_again_by_another_copy_of_its_opening()
    {
        await _store.TakeAsync(Opening(First, 5), Cancel);
        await _store.AddAsync(Packet(First, 1), Script, Cancel);
        await _store.TakeAsync(Reply(First, 6), Cancel);
        await _store.CloseAsync(First, 0, Now, Cancel);

        Assert.Equal(Taking.Again, await _store.TakeAsync(Opening(First, 7), Cancel));

        Assert.Empty(await _store.OpenSessionsAsync(Cancel));
        Assert.Equal(Answer, (await _store.ScriptAsync(First, 1, Cancel))!.Answer);
    }

    [Fact]
    public async Task A_session_number_that_comes_around_again_begins_with_nothing()
    {
        await _store.TakeAsync(Opening(First, 5), Cancel);
        await _store.AddAsync(Packet(First, 1), Script, Cancel);
        await _store.TakeAsync(Opening(Second, 6), Cancel);

        await _store.TakeAsync(Opening(First, 7) with { Opening = Bytes.FromHex("E300") }, Cancel);

        Assert.Null(await _store.ScriptAsync(First, 1, Cancel));
        Assert.Null(await _store.InFlightAsync(Card, Cancel));
    }

    [Fact]
    public async Task The_first_answer_to_a_script_holds()
    {
        await _store.TakeAsync(Opening(First, 5), Cancel);
        Assert.Equal(Taking.Unasked, await _store.TakeAsync(Reply(First, 6), Cancel));
        await _store.AddAsync(Packet(First, 1), Script, Cancel);
        await RestartAsync();

        Assert.Equal(new OutboxScript(Script, null, 1), await _store.ScriptAsync(First, 1, Cancel));
        Assert.Equal(Taking.Taken, await _store.TakeAsync(Reply(First, 7), Cancel));
        Assert.Equal(Taking.Replayed, await _store.TakeAsync(Reply(First, 7), Cancel));
        Assert.Equal(Taking.Again, await _store.TakeAsync(Reply(First, 8) with { Answer = Bytes.FromHex("AB00") }, Cancel));
        await RestartAsync();

        Assert.Equal(Answer, (await _store.ScriptAsync(First, 1, Cancel))!.Answer);
        Assert.Equal(3, Assert.Single(await _store.OpenSessionsAsync(Cancel)).Traffic.Up.Messages);
    }

    [Fact]
    public async Task An_answer_takes_its_packet_off_the_road()
    {
        await _store.TakeAsync(Opening(First, 5), Cancel);
        var packet = Packet(First, 1);
        await _store.AddAsync(packet, Script, Cancel);
        Assert.Equal(packet, await _store.InFlightAsync(Card, Cancel));

        await _store.TakeAsync(Reply(First, 6), Cancel);

        Assert.Null(await _store.InFlightAsync(Card, Cancel));
    }

    [Fact]
    public async Task A_packet_is_on_its_way_until_the_last_receipt()
    {
        await _store.TakeAsync(Opening(First, 5), Cancel);
        await _store.AddAsync(Packet(First, 3), Script, Cancel);
        var (one, two) = (new PartReference(First, 3, 1), new PartReference(First, 3, 2));

        Assert.Equal(PartState.Accepted, await _store.AcceptedAsync(one, "1f", Now, Cancel));
        Assert.Equal(one, await _store.ReceiptAsync(Number, "1f", PartState.Delivered, Now, Cancel));
        await RestartAsync();
        Assert.Equal(
            [PartState.Delivered, PartState.ToSend],
            (await _store.InFlightAsync(Card, Cancel))!.Parts.Select(part => part.State));
        await _store.AcceptedAsync(two, "20", Now, Cancel);
        Assert.Equal(two, await _store.ReceiptAsync(Number, "20", PartState.Failed, Now, Cancel));

        Assert.Null(await _store.InFlightAsync(Card, Cancel));
        Assert.Equal(new MessageCount(2, 9), Assert.Single(await _store.OpenSessionsAsync(Cancel)).Traffic.Down);
    }

    [Fact]
    public async Task A_receipt_may_come_before_the_word_that_the_message_was_accepted()
    {
        await _store.TakeAsync(Opening(First, 5), Cancel);
        await _store.AddAsync(Packet(First, 3), Script, Cancel);

        Assert.Null(await _store.ReceiptAsync(Number, "1f", PartState.Delivered, Now, Cancel));
        Assert.Null(await _store.ReceiptAsync("33600000000", "20", PartState.Delivered, Now, Cancel));

        Assert.Equal(PartState.Delivered, await _store.AcceptedAsync(new(First, 3, 1), "1f", Now, Cancel));
        Assert.Equal(PartState.Accepted, await _store.AcceptedAsync(new(First, 3, 2), "20", Now, Cancel));
    }

    [Fact]
    public async Task A_receipt_from_long_ago_is_not_of_a_message_that_got_the_same_id_since()
    {
        await _store.TakeAsync(Opening(First, 5), Cancel);
        await _store.AddAsync(Packet(First, 3), Script, Cancel);
        await _store.ReceiptAsync(Number, "1f", PartState.Failed, Now, Cancel);

        Assert.Equal(PartState.Accepted, await _store.AcceptedAsync(new(First, 3, 1), "1f", Now.AddHours(1), Cancel));
    }

    [Fact]
    public async Task A_receipt_from_another_number_settles_nothing()
    {
        await _store.RegisterAsync(new Subscriber(new CardId(1), "33688888888", 1), Cancel);
        await _store.TakeAsync(Opening(First, 5), Cancel);
        await _store.AddAsync(Packet(First, 3), Script, Cancel);
        await _store.AcceptedAsync(new(First, 3, 1), "1f", Now, Cancel);

        Assert.Null(await _store.ReceiptAsync("33688888888", "1f", PartState.Delivered, Now, Cancel));
    }

    [Fact]
    public async Task Sending_again_is_another_packet_with_the_same_script()
    {
        await _store.TakeAsync(Opening(First, 5), Cancel);
        await _store.AddAsync(Packet(First, 1), Script, Cancel);
        await _store.AddAsync(Packet(First, 2), Script, Cancel);

        Assert.Equal(2, (await _store.ScriptAsync(First, 1, Cancel))!.Sends);
        Assert.Equal(2ul, (await _store.InFlightAsync(Card, Cancel))!.Counter);
        Assert.True(Assert.Single(await _store.OpenSessionsAsync(Cancel)).Begun);
    }

    [Fact]
    public async Task A_refused_message_does_not_count_and_will_not_arrive()
    {
        await _store.TakeAsync(Opening(First, 5), Cancel);
        await _store.AddAsync(Packet(First, 1), Script, Cancel);

        await _store.RefusedAsync(new(First, 1, 1), Now, Cancel);
        await _store.RefusedAsync(new(First, 1, 2), Now, Cancel);

        Assert.Null(await _store.InFlightAsync(Card, Cancel));
        Assert.Equal(default, Assert.Single(await _store.OpenSessionsAsync(Cancel)).Traffic.Down);
    }

    [Fact]
    public async Task What_was_closed_long_ago_is_forgotten_with_all_it_sent()
    {
        await _store.TakeAsync(Opening(First, 5), Cancel);
        await _store.AddAsync(Packet(First, 1), Script, Cancel);
        await _store.CloseAsync(First, 0, Now, Cancel);
        await _store.TakeAsync(Opening(Second, 6), Cancel);

        await _store.PruneAsync(Now.AddSeconds(1), Now, Cancel);

        Assert.Null(await _store.SessionAsync(First, Cancel));
        Assert.Null(await _store.ScriptAsync(First, 1, Cancel));
        Assert.NotNull(await _store.SessionAsync(Second, Cancel));
    }

    [Fact]
    public async Task Something_authentic_that_nobody_understands_uses_up_its_counter()
    {
        var arrival = new UnreadableArrival(Card, 5, Now, new MessageCount(1, 20), []);

        Assert.Equal(Taking.Taken, await _store.TakeAsync(arrival, Cancel));
        Assert.Equal(Taking.Replayed, await _store.TakeAsync(Opening(First, 5), Cancel));
    }

    private static InboxPart Part(string hex, int second = 0) => new(Number, Bytes.FromHex(hex), Now.AddSeconds(second));

    private static OpeningArrival Opening(SmsSessionId session, byte counter) => new(
        session, counter, Now, new MessageCount(1, 140), [], Bytes.FromHex($"E301{session.Number:X4}"),
        new Bytes(new[] { counter }));

    private static AnswerArrival Reply(SmsSessionId session, ulong counter) =>
        new(session, counter, Now, new MessageCount(1, 60), [], 1, Answer);

    private static OutboxPacket Packet(SmsSessionId session, ulong counter) => new(
        session, 1, counter, Now.AddMinutes(15), [new(Bytes.FromHex("0102030405")), new(Bytes.FromHex("06070809"))]);

    private async Task StartAsync()
    {
        _database = await Database.OpenAsync(Path.Combine(_folder, "tessera.db"), cancel: Cancel);
        _store = new SqliteGatewayStore(_database);
    }

    private async Task RestartAsync()
    {
        await _database.DisposeAsync();
        await StartAsync();
    }
}
