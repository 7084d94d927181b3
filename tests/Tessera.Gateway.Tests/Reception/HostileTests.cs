using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Gateway.Tests.Road;
using Tessera.Smpp;
using Tessera.Testing;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Gateway.Tests.Reception;

/// <summary>What is not from a card of ours is acknowledged, dropped and counted, and nobody hears of it.</summary>
public class HostileTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_replayed_opening_opens_nothing()
    {
        await using var world = await GatewayWorld.StartAsync();
        var opening = world.Card.Open();
        await world.SayAsync(world.Card, opening);
        await world.LinkAsync();

        await world.SayAsync(world.Card, opening);
        await world.RestartAsync();
        await world.LinkAsync();
        await world.SayAsync(world.Card, opening);

        Assert.Equal([Refusal.Replayed, Refusal.Replayed], world.Refused);
        Assert.False(world.Gateway.Links.TryRead(out _));
    }

    [Fact]
    public async Task A_counter_that_was_passed_over_is_not_taken_any_more()
    {
        await using var world = await GatewayWorld.StartAsync();
        var late = world.Card.Open();
        await world.OpenAsync();

        await world.SayAsync(world.Card, late);

        Assert.Equal([Refusal.Replayed], world.Refused);
        Assert.False(world.Gateway.Links.TryRead(out _));
    }

    [Fact]
    public async Task A_forged_packet_moves_no_counter()
    {
        await using var world = await GatewayWorld.StartAsync();
        using var others = MasterKeys.Generate(1);
        var forger = new PlayedCard(others, world.Card.Id, world.Card.Number);
        for (var i = 0; i < 5; i++) await world.SayAsync(forger, forger.Open());

        await world.OpenAsync();

        Assert.Equal(Enumerable.Repeat(Refusal.Forged, 5), world.Refused);
    }

    [Fact]
    public async Task The_gateways_own_packets_do_not_come_back()
    {
        await using var world = await GatewayWorld.StartAsync();
        var link = await world.OpenAsync();
        var sending = link.SendAsync(1, Scripts.Of(1, 1), Cancel);
        var sent = await world.Centre.NextAsync(Cancel);

        await world.SayAsync(world.Card, [sent.Message.Text]);

        Assert.Equal([Refusal.Reflected], world.Refused);
        await world.SayAsync(world.Card, world.Card.Say(world.Card.Hear(sent.Message.Text)!.Value));
        await sending;
    }

    [Fact]
    public async Task A_card_that_calls_from_the_number_of_another_is_forged_until_both_have_that_number()
    {
        await using var world = await GatewayWorld.StartAsync();
        var old = world.NewCard(7, "33600000007");
        await world.RegisterAsync(old);
        foreach (var message in old.Open()) await world.Centre.DeliverAsync(world.Card.Number, message, Cancel);
        Assert.Equal([Refusal.Forged], world.Refused);

        var moved = world.NewCard(8, world.Card.Number);
        await world.RegisterAsync(moved);

        Assert.Equal(moved.Id, (await world.OpenAsync(moved)).Id.Card);
        Assert.Equal(world.Card.Id, (await world.OpenAsync()).Id.Card);
    }

    [Fact]
    public async Task Numbers_that_nobody_has_and_messages_that_are_none_are_dropped()
    {
        await using var world = await GatewayWorld.StartAsync();
        var text = PlayedCentre.MessageOf(world.Card.Number, new Bytes("Hello"u8.ToArray()));

        Assert.Equal(CommandStatus.Ok, await world.Centre.DeliverAsync("33600000000", world.Card.Open()[0], Cancel));
        Assert.Equal(CommandStatus.Ok, await world.Centre.DeliverAsync(text with { EsmClass = EsmClass.Default }, Cancel));
        Assert.Equal(CommandStatus.Ok, await world.Centre.DeliverAsync(text, Cancel));
        Assert.Equal(CommandStatus.Ok, await world.Centre.DeliverAsync(text with { EsmClass = EsmClass.Receipt }, Cancel));

        Assert.Equal([Refusal.UnknownNumber, Refusal.Malformed, Refusal.Malformed], world.Refused);
        await world.OpenAsync();
    }

    [Fact]
    public async Task An_answer_that_nobody_asked_for_is_dropped_and_one_that_came_before_is_given_once()
    {
        await using var world = await GatewayWorld.StartAsync();
        var link = await world.OpenAsync();
        var sending = link.SendAsync(1, Scripts.Of(1, 1), Cancel);
        var answer = await world.CarryAsync();
        await world.SayAsync(world.Card, world.Card.Say(answer!.Value));
        await sending;

        await world.SayAsync(world.Card, world.Card.Say(Bytes.FromHex("AB09C00401000102800101")));
        await world.SayAsync(world.Card, world.Card.Say(Bytes.FromHex("AB09C00401000101800101")));
        await world.SayAsync(world.Card, world.Card.Say(Bytes.FromHex("AB0701")));

        Assert.Equal([Refusal.Unasked, Refusal.UnknownContent], world.Refused);
        Assert.Equal([false, true], world.Told.OfType<AnswerTaken>().Select(taken => taken.Again));
        Assert.Equal(answer, await link.SendAsync(1, Scripts.Of(1, 1), Cancel));
    }

    [Fact]
    public async Task A_flood_from_one_number_does_not_push_out_what_another_sent()
    {
        await using var world = await GatewayWorld.StartAsync(with: options => options with { MaxPartsOfSender = 6 });
        var flooder = world.NewCard(7, "33600000007");
        await world.RegisterAsync(flooder);
        var halves = world.Card.Say(Bytes.Of(PlayedCard.OpeningOf(1, LongProfile())));
        await world.SayAsync(world.Card, [halves[0]]);
        var random = new Random(5);
        for (var i = 0; i < 300; i++)
        {
            var octets = RandomNumberGenerator.GetBytes(random.Next(8, 140));
            (octets[0], octets[1], octets[2], octets[4], octets[5]) = (5, 0, 3, 3, (byte)random.Next(2, 4));
            await world.SayAsync(flooder, [new Bytes(octets)]);
        }

        await world.SayAsync(world.Card, [halves[1]]);

        Assert.Equal(world.Card.Id, (await world.LinkAsync()).Id.Card);
        Assert.InRange((await world.Store.InboxAsync(Cancel)).Count, 1, 6);
    }

    [Fact]
    public async Task What_came_too_long_ago_makes_no_packet_with_what_comes_now()
    {
        await using var world = await GatewayWorld.StartAsync(
            new ManualTime(), options => options with { PartLife = TimeSpan.FromMinutes(1) });
        var halves = world.Card.Say(Bytes.Of(PlayedCard.OpeningOf(1, LongProfile())));
        await world.SayAsync(world.Card, [halves[0]]);
        world.Time.Advance(TimeSpan.FromMinutes(1));

        await world.SayAsync(world.Card, [halves[1]]);

        Assert.Equal([Refusal.Incomplete], world.Refused);
        Assert.Equal(halves[1], Assert.Single(await world.Store.InboxAsync(Cancel)).UserData);
        Assert.False(world.Gateway.Links.TryRead(out _));
    }

    [Fact]
    public async Task The_longest_answer_that_a_script_may_have_comes_through()
    {
        await using var world = await GatewayWorld.StartAsync();
        var link = await world.OpenAsync();
        var sending = link.SendAsync(1, Scripts.Of(1, 1), Cancel);
        await world.CarryAsync();
        var octets = new byte[ResponseScript.MaxLength - 20];
        Bytes.FromHex("AB821FE8C00401000101800101").Span.CopyTo(octets);
        var at = 13;
        while (at < octets.Length)
        {
            var length = Math.Min(octets.Length - at - 2, 0x7F);
            (octets[at], octets[at + 1]) = (0x23, (byte)length);
            at += 2 + length;
        }

        var messages = world.Card.Say(new Bytes(octets));
        await world.SayAsync(world.Card, messages.Reverse());

        Assert.Equal(62, messages.Count);
        Assert.Equal(new Bytes(octets), await sending);
    }

    [Fact]
    public async Task What_stays_unfinished_is_forgotten_in_memory_and_on_disk()
    {
        var time = new ManualTime();
        await using var world = await GatewayWorld.StartAsync(time);
        var halves = world.Card.Say(Bytes.Of(PlayedCard.OpeningOf(1, LongProfile())));
        await world.SayAsync(world.Card, [halves[0]]);
        Assert.Single(await world.Store.InboxAsync(Cancel));

        await time.TimerAsync(TimeSpan.FromMinutes(10), Cancel);
        time.Advance(TimeSpan.FromMinutes(10));
        await Eventually.SeeAsync(() => Task.FromResult(world.Refused.Count), count => count == 1, Cancel);

        Assert.Equal([Refusal.Incomplete], world.Refused);
        Assert.Empty(await world.Store.InboxAsync(Cancel));
        await world.SayAsync(world.Card, [halves[1]]);
        Assert.False(world.Gateway.Links.TryRead(out _));
    }

    [Fact]
    public async Task An_opening_for_which_there_is_no_room_stays_with_the_SMSC()
    {
        await using var world = await GatewayWorld.StartAsync(with: options => options with { MaxSessions = 1 });
        var other = world.NewCard(7, "33600000007");
        await world.RegisterAsync(other);
        var first = await world.OpenAsync();
        var opening = Assert.Single(other.Open());

        Assert.Equal(
            CommandStatus.ReceiverTemporaryError, await world.Centre.DeliverAsync(other.Number, opening, Cancel));
        await first.CloseAsync(Cancel);
        await Eventually.SeeAsync(
            () => world.Centre.DeliverAsync(other.Number, opening, Cancel), status => status == CommandStatus.Ok, Cancel);

        Assert.Equal(other.Id, (await world.LinkAsync()).Id.Card);
    }

    [Fact]
    public async Task Everything_is_counted()
    {
        var counts = new System.Collections.Concurrent.ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Meter.Name is SmsGateway.MeterName) to.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            counts.AddOrUpdate($"{instrument.Name} {(tags.Length > 0 ? tags[0].Value : "")}", value, (_, sum) => sum + value));
        listener.Start();
        await using var world = await GatewayWorld.StartAsync();
        var link = await world.OpenAsync();
        var sending = link.SendAsync(1, Scripts.Of(1, 1, 200), Cancel);
        await world.AnswerAsync();
        await sending;
        await world.Centre.DeliverAsync("33600000000", world.Card.Open()[0], Cancel);

        // Others may be counted at the same time: at least what happened here.
        Assert.True(counts["tessera.gateway.messages up"] >= 2);
        Assert.True(counts["tessera.gateway.messages down"] >= 2);
        Assert.True(counts["tessera.gateway.octets down"] >= 200);
        Assert.True(counts["tessera.gateway.refused UnknownNumber"] >= 1);
    }

    private static Toolkit.Scripts.OpeningProfile LongProfile()
    {
        var octets = new byte[120];
        Toolkit.TerminalProfile.Phone.Octets.Span.CopyTo(octets);
        return Toolkit.Scripts.OpeningProfile.Whole(octets);
    }
}
