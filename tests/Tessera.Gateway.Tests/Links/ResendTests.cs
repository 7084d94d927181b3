using Tessera.Gateway.Tests.Road;
using Tessera.Smpp;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Gateway.Tests.Links;

/// <summary>When a script is sent again, and when it is not.</summary>
public class ResendTests
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    private readonly ManualTime _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lost_answer_is_asked_for_again_under_a_new_counter_and_the_script_runs_once()
    {
        await using var world = await GatewayWorld.StartAsync(_time);
        var link = await world.OpenAsync();
        var sending = link.SendAsync(1, Scripts.Of(1, 1, 200), Cancel);
        Assert.Null(await world.CarryAsync());
        Assert.NotNull(await world.CarryAsync());

        await world.PassAsync(Quiet);
        await world.AnswerAsync();

        Assert.Equal(world.Card.AnswerOf(1, 1), await sending);
        Assert.Single(world.Card.Ran);
        Assert.Equal([1ul, 2ul], world.Card.Taken);
        Assert.Equal([1, 2], world.Told.OfType<ScriptSent>().Select(sent => sent.Send));
        Assert.Single(world.Told.OfType<ScriptSent>().Select(sent => sent.Script).Distinct());
    }

    [Fact]
    public async Task A_message_that_failed_is_followed_by_the_whole_packet_sooner()
    {
        await using var world = await GatewayWorld.StartAsync(_time);
        var link = await world.OpenAsync();
        var sending = link.SendAsync(1, Scripts.Of(1, 1, 200), Cancel);
        await world.CarryAsync();
        await world.Centre.ReceiptAsync(await world.Centre.NextAsync(Cancel), MessageState.Undeliverable, Cancel);

        await world.PassAsync(AfterFailure);
        await world.AnswerAsync();

        await sending;
        Assert.Equal(4, link.Traffic.Down.Messages);
        Assert.Contains(world.Told.OfType<PartSettled>(), part => part.State == PartState.Failed);
    }

    [Fact]
    public async Task A_message_that_the_SMSC_refuses_is_tried_again_and_the_rest_of_its_packet_is_not_sent()
    {
        await using var world = await GatewayWorld.StartAsync(_time);
        var link = await world.OpenAsync();
        world.Centre.Answer = _ => CommandStatus.InvalidDestinationAddress;
        var sending = link.SendAsync(1, Scripts.Of(1, 1, 200), Cancel);
        await _time.TimerAsync(AfterFailure, Cancel);
        Assert.Equal(1, world.Centre.Count);

        world.Centre.Answer = _ => CommandStatus.Ok;
        _time.Advance(AfterFailure);
        await world.AnswerAsync();

        await sending;
        Assert.Equal((3, 2), (world.Centre.Count, link.Traffic.Down.Messages));
    }

    [Fact]
    public async Task While_a_packet_may_be_on_its_way_no_other_follows()
    {
        await using var world = await GatewayWorld.StartAsync(_time);
        var link = await world.OpenAsync();
        var sending = link.SendAsync(1, Scripts.Of(1, 1), Cancel);
        await world.Centre.NextAsync(Cancel);
        await SeenAsync(() => world.Told.OfType<PartAccepted>().Any());

        await world.PassAsync(Life);

        await Assert.ThrowsAsync<ConnectionLostException>(() => sending);
        Assert.Equal(1, world.Centre.Count);
    }

    [Fact]
    public async Task A_card_that_is_silent_to_the_end_is_asked_a_few_times_and_the_session_ends()
    {
        await using var world = await GatewayWorld.StartAsync(
            _time, options => options with { MaxSends = 3, Quiet = TimeSpan.FromSeconds(100) });
        var link = await world.OpenAsync();
        var sending = link.SendAsync(1, Scripts.Of(1, 1), Cancel);
        for (var send = 0; send < 3; send++)
        {
            await world.CarryAsync();
            await world.PassAsync(TimeSpan.FromSeconds(100 << send));
        }

        _time.Advance(TimeSpan.FromSeconds(199));
        Assert.False(link.Ended.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(1));

        var lost = await Assert.ThrowsAsync<ConnectionLostException>(() => sending);
        Assert.Equal("The card was silent.", lost.Message);
        Assert.Equal(3, world.Centre.Count);
        Assert.Equal(3, Assert.Single(world.Told.OfType<SessionClosed>()).Traffic.Down.Messages);
        Assert.Empty(await world.Store.OpenSessionsAsync(Cancel));
    }

    [Fact]
    public async Task Each_word_of_the_card_gives_the_session_its_whole_life_again()
    {
        await using var world = await GatewayWorld.StartAsync(_time);
        var link = await world.OpenAsync();
        for (byte number = 1; number <= 3; number++)
        {
            _time.Advance(TimeSpan.FromMinutes(14));
            var sending = link.SendAsync(number, Scripts.Of(1, number), Cancel);
            await world.AnswerAsync();
            await sending;
        }

        _time.Advance(TimeSpan.FromMinutes(14));
        Assert.False(link.Ended.IsCancellationRequested);
        _time.Advance(TimeSpan.FromMinutes(1));
        await SeenAsync(() => link.Ended.IsCancellationRequested);
    }

    [Fact]
    public async Task A_new_session_waits_for_word_of_the_packet_of_the_session_before()
    {
        await using var world = await GatewayWorld.StartAsync(_time);
        var older = await world.OpenAsync();
        var lost = older.SendAsync(1, Scripts.Of(1, 1), Cancel);
        var stale = await world.Centre.NextAsync(Cancel);
        await SeenAsync(() => world.Told.OfType<PartAccepted>().Any());
        var newer = await world.OpenAsync();
        await Assert.ThrowsAsync<ConnectionLostException>(() => lost);

        var sending = newer.SendAsync(1, Scripts.Of(2, 1), Cancel);
        await _time.TimerAsync(TimeSpan.FromSeconds(30), Cancel);
        Assert.Equal(1, world.Centre.Count);
        await world.Centre.ReceiptAsync(stale, MessageState.Delivered, Cancel);
        await world.AnswerAsync();

        await sending;
    }

    [Fact]
    public async Task A_new_session_does_not_wait_for_ever_for_the_packet_of_the_session_before()
    {
        await using var world = await GatewayWorld.StartAsync(_time);
        var older = await world.OpenAsync();
        var lost = older.SendAsync(1, Scripts.Of(1, 1), Cancel);
        await world.Centre.NextAsync(Cancel);
        await SeenAsync(() => world.Told.OfType<PartAccepted>().Any());
        var newer = await world.OpenAsync();
        await Assert.ThrowsAsync<ConnectionLostException>(() => lost);

        var sending = newer.SendAsync(1, Scripts.Of(2, 1), Cancel);
        await world.PassAsync(TimeSpan.FromSeconds(30));
        await world.AnswerAsync();

        await sending;
    }

    [Fact]
    public async Task A_receipt_that_overtakes_the_response_counts()
    {
        await using var world = await GatewayWorld.StartAsync(_time);
        var link = await world.OpenAsync();
        await world.Store.ReceiptAsync(GatewayWorld.Number, "1", PartState.Delivered, _time.GetUtcNow(), Cancel);

        var sending = link.SendAsync(1, Scripts.Of(1, 1), Cancel);
        await world.Centre.NextAsync(Cancel);
        await world.PassAsync(Quiet);
        await world.AnswerAsync();

        await sending;
    }

    [Theory]
    [InlineData(MessageState.Enroute)]
    [InlineData(MessageState.Accepted)]
    [InlineData(MessageState.Unknown)]
    public async Task A_receipt_that_is_not_final_says_nothing(MessageState state)
    {
        await using var world = await GatewayWorld.StartAsync(_time);
        var link = await world.OpenAsync();
        var sending = link.SendAsync(1, Scripts.Of(1, 1), Cancel);
        var sent = await world.Centre.NextAsync(Cancel);
        await SeenAsync(() => world.Told.OfType<PartAccepted>().Any());

        Assert.Equal(CommandStatus.Ok, await world.Centre.ReceiptAsync(sent, state, Cancel));

        Assert.Empty(world.Told.OfType<PartSettled>());
        await world.SayAsync(world.Card, world.Card.Say(world.Card.Hear(sent.Message.Text)!.Value));
        await sending;
    }

    private static async Task SeenAsync(Func<bool> seen) =>
        await Eventually.SeeAsync(() => Task.FromResult(seen()), yes => yes, Cancel);
}
