using Tessera.Gateway.Tests.Road;
using Tessera.Smpp;
using Tessera.Testing;
using Tessera.Toolkit;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Gateway.Tests.Links;

public class SmsLinkTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_card_that_opens_a_session_is_handed_out_with_all_it_said()
    {
        await using var world = await GatewayWorld.StartAsync();

        var link = await world.OpenAsync();

        Assert.Equal(Bytes.Of(world.Card.Id), link.Terminal);
        Assert.Equal(1, link.Session);
        Assert.Equal(PlayedCard.OpeningOf(1), ((ILink)link).Opening);
        Assert.Equal(TerminalProfile.Phone, link.Profile);
        Assert.Equal(new LinkTraits(242, TimeSpan.FromSeconds(15)), link.Traits);
        Assert.Equal((Bytes.Empty, false), (link.Atr, link.Begun));
        Assert.False(link.Ended.IsCancellationRequested);
    }

    [Theory]
    [InlineData(40, 1)]
    [InlineData(98, 1)]
    [InlineData(102, 2)]
    [InlineData(240, 2)]
    [InlineData(246, 3)]
    [InlineData(368, 3)]
    public async Task A_script_goes_down_in_as_few_messages_as_carry_it_and_its_answer_comes_back(int length, int parts)
    {
        await using var world = await GatewayWorld.StartAsync(with: options => options with { MaxParts = 3 });
        var link = await world.OpenAsync();
        var script = Scripts.Of(1, 1, length);
        Assert.InRange(script.Length, length, length + 2);

        var sending = link.SendAsync(1, script, Cancel);
        await world.AnswerAsync();

        Assert.Equal(world.Card.AnswerOf(1, 1), await sending);
        Assert.Equal(script, Assert.Single(world.Card.Ran));
        Assert.Equal((parts, 2), (link.Traffic.Down.Messages, link.Traffic.Up.Messages));
        Assert.Equal(parts, world.Centre.Count);
    }

    [Fact]
    public async Task A_dialogue_of_two_scripts_is_counted_to_the_last_octet()
    {
        await using var world = await GatewayWorld.StartAsync();
        var link = await world.OpenAsync();
        await ExchangeAsync(world, link, 1, 200);
        await ExchangeAsync(world, link, 2, 60);

        var sent = world.Told.OfType<ScriptSent>().ToList();
        var taken = world.Told.OfType<AnswerTaken>().ToList();
        var opened = Assert.Single(world.Told.OfType<SessionOpened>());
        Assert.Equal(sent.Sum(script => script.Count.Octets), link.Traffic.Down.Octets);
        Assert.Equal(opened.Count.Octets + taken.Sum(answer => answer.Count.Octets), link.Traffic.Up.Octets);
        Assert.Equal((3, 3, 6), (link.Traffic.Down.Messages, link.Traffic.Up.Messages, link.Traffic.Messages));
        Assert.Equal(link.Traffic, (await world.Store.SessionAsync(link.Id, Cancel))!.Traffic);
    }

    [Fact]
    public async Task Messages_are_for_the_SIM_valid_as_long_as_the_session_and_tell_what_became_of_them()
    {
        var time = new ManualTime();
        await using var world = await GatewayWorld.StartAsync(time);
        var link = await world.OpenAsync();
        time.Advance(TimeSpan.FromMinutes(4));

        var sending = link.SendAsync(1, Scripts.Of(1, 1, 40), Cancel);
        var message = (await world.Centre.NextAsync(Cancel)).Message;

        Assert.Equal((SmppAddress.International("5000"), GatewayWorld.Number), (message.Source, message.Destination.Digits));
        Assert.Equal((EsmClass.WithHeader, 0x7F, DataCoding.Sim), (message.EsmClass, message.ProtocolId, message.DataCoding));
        Assert.Equal(RegisteredDelivery.Always, message.RegisteredDelivery);
        Assert.Equal(SmppTime.FromNow(TimeSpan.FromMinutes(11)), message.ValidityPeriod);
        await world.SayAsync(world.Card, world.Card.Say(world.Card.Hear(message.Text)!.Value));
        await sending;
    }

    [Fact]
    public async Task A_script_that_has_its_answer_is_not_sent_again()
    {
        await using var world = await GatewayWorld.StartAsync();
        var link = await world.OpenAsync();
        var first = await ExchangeAsync(world, link, 1, 40);

        Assert.Equal(first, await link.SendAsync(1, Scripts.Of(1, 1, 40), Cancel));
        Assert.Equal(1, world.Centre.Count);
    }

    [Fact]
    public async Task What_is_no_script_of_this_session_and_number_is_refused()
    {
        await using var world = await GatewayWorld.StartAsync();
        var link = await world.OpenAsync();
        await ExchangeAsync(world, link, 1, 40);

        foreach (var (number, script) in ((byte, Bytes)[])
        [
            (2, Scripts.Of(2, 2)), (2, Scripts.Of(1, 3)), (2, Scripts.Of(1, 2, 243)), (2, Bytes.FromHex("AA00")),
            (1, Scripts.Of(1, 1, 40, mark: 1)),
        ])
            await Assert.ThrowsAsync<ArgumentException>(() => link.SendAsync(number, script, Cancel));

        Assert.Equal(1, world.Centre.Count);
    }

    [Fact]
    public async Task One_script_at_a_time_waits_for_its_answer()
    {
        await using var world = await GatewayWorld.StartAsync();
        var link = await world.OpenAsync();
        var sending = link.SendAsync(1, Scripts.Of(1, 1), Cancel);

        await Assert.ThrowsAsync<InvalidOperationException>(() => link.SendAsync(2, Scripts.Of(1, 2), Cancel));
        await world.AnswerAsync();
        await sending;
        await ExchangeAsync(world, link, 2, 40);
    }

    [Fact]
    public async Task Who_stops_waiting_and_asks_again_costs_no_message()
    {
        await using var world = await GatewayWorld.StartAsync();
        var link = await world.OpenAsync();
        using var impatient = new CancellationTokenSource();
        var given = link.SendAsync(1, Scripts.Of(1, 1), impatient.Token);
        var answer = await world.CarryAsync();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);

        var sending = link.SendAsync(1, Scripts.Of(1, 1), Cancel);
        await world.SayAsync(world.Card, world.Card.Say(answer!.Value));

        Assert.Equal(answer, await sending);
        Assert.Equal(1, world.Centre.Count);
    }

    [Fact]
    public async Task Nobody_but_the_card_opens_a_session()
    {
        await using var world = await GatewayWorld.StartAsync();
        var link = await world.OpenAsync();

        await Assert.ThrowsAsync<ConnectionLostException>(() => link.ReopenAsync(Cancel));
    }

    [Fact]
    public async Task A_newer_opening_ends_the_session_before_and_whoever_waits_in_it()
    {
        await using var world = await GatewayWorld.StartAsync();
        var older = await world.OpenAsync();
        var waiting = older.SendAsync(1, Scripts.Of(1, 1), Cancel);
        await world.Centre.NextAsync(Cancel);

        var newer = await world.OpenAsync();

        await Assert.ThrowsAsync<ConnectionLostException>(() => waiting);
        await Assert.ThrowsAsync<ConnectionLostException>(() => older.SendAsync(2, Scripts.Of(1, 2), Cancel));
        Assert.True(older.Ended.IsCancellationRequested);
        Assert.Equal((2, false), (newer.Session, newer.Ended.IsCancellationRequested));
        Assert.Equal(older.Id, Assert.Single(world.Told.OfType<SessionClosed>()).Session);
    }

    [Fact]
    public async Task A_session_that_its_application_has_ended_is_over()
    {
        await using var world = await GatewayWorld.StartAsync();
        var link = await world.OpenAsync();

        await link.CloseAsync(Cancel);

        await Assert.ThrowsAsync<ConnectionLostException>(() => link.SendAsync(1, Scripts.Of(1, 1), Cancel));
        Assert.True(link.Ended.IsCancellationRequested);
        Assert.Empty(await world.Store.OpenSessionsAsync(Cancel));
    }

    [Fact]
    public async Task The_last_part_of_a_millisecond_is_waited_for_and_not_asked_for_again_and_again()
    {
        await using var world = await GatewayWorld.StartAsync(new ManualTime());
        var link = await world.OpenAsync();
        var sending = link.SendAsync(1, Scripts.Of(1, 1), Cancel);
        var half = TimeSpan.FromMilliseconds(0.5);
        world.Time.Advance(half);
        await world.AnswerAsync();
        await sending;
        await world.Time.TimerAsync(world.Options.SessionLife, Cancel).WaitAsync(GatewayWorld.Patience, Cancel);

        world.Time.Advance(world.Options.SessionLife - half);
        await world.PassAsync(TimeSpan.FromMilliseconds(1));

        var ended = new TaskCompletionSource();
        await using var registered = link.Ended.Register(ended.SetResult);
        await ended.Task.WaitAsync(GatewayWorld.Patience, Cancel);
    }

    [Fact]
    public async Task A_phone_that_was_told_before_is_named_by_its_digest()
    {
        await using var world = await GatewayWorld.StartAsync();
        var phone = OpeningProfile.Whole(TerminalProfile.TextOnly.Octets.Span);
        await world.SayAsync(world.Card, world.Card.Open(phone));
        await world.LinkAsync();
        await world.SayAsync(world.Card, world.Card.Open(phone.ToDigest()));
        Assert.Equal(TerminalProfile.TextOnly, (await world.LinkAsync()).Profile);

        await world.RestartAsync();
        Assert.Equal(TerminalProfile.TextOnly, (await world.LinkAsync()).Profile);

        await world.SayAsync(world.Card, world.Card.Open(OpeningProfile.Whole([9, 9, 9, 9, 9]).ToDigest()));
        Assert.Equal(world.Options.UnknownProfile, (await world.LinkAsync()).Profile);
    }

    private static async Task<Bytes> ExchangeAsync(GatewayWorld world, SmsLink link, byte number, int length)
    {
        var sending = link.SendAsync(number, Scripts.Of(link.Session, number, length), Cancel);
        await world.AnswerAsync();
        return await sending;
    }
}
