using Tessera.Gateway.Tests.Road;
using Tessera.Wire;
using Xunit;

namespace Tessera.Gateway.Tests.Life;

/// <summary>The server dies before and after every commit of a dialogue, and goes on where it was.</summary>
public class RestartTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dialogue_that_died_anywhere_ends_as_if_it_had_not()
    {
        var commits = 0;
        await using (var world = await GatewayWorld.StartAsync())
        {
            world.OnDurable = _ => commits++;
            await using var phone = new PlayedPhone(world);
            var (_, traffic) = await RunAsync(world, phone);
            Assert.Equal((3, 3), (traffic.Up.Messages, traffic.Down.Messages));
        }

        Assert.InRange(commits, 20, 60);
        for (var point = 1; point <= commits; point++)
        {
            await using var world = await GatewayWorld.StartAsync();
            var power = new FailingPower(point);
            world.OnDurable = power.Spend;
            await using var phone = new PlayedPhone(world);

            var (answers, traffic) = await RunAsync(world, phone, power);

            Assert.Equal([Script(1), Script(2)], world.Card.Ran);
            Assert.True(answers.SequenceEqual([world.Card.AnswerOf(1, 1), world.Card.AnswerOf(1, 2)]), $"Point {point}");
            Assert.Equal(3, traffic.Up.Messages);

            // The word that a message was accepted may be lost with the server, and its answer need no other.
            Assert.InRange(traffic.Down.Messages, 2, 3);
            Assert.Equal(world.Card.Taken.Order(), world.Card.Taken);
        }
    }

    [Fact]
    public async Task An_answer_that_came_while_nobody_waited_is_found()
    {
        await using var world = await GatewayWorld.StartAsync();
        var link = await world.OpenAsync();
        using var stopping = new CancellationTokenSource();
        var sending = link.SendAsync(1, Script(1), stopping.Token);
        Assert.Null(await world.CarryAsync());
        var answer = await world.CarryAsync();
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        await world.SayAsync(world.Card, world.Card.Say(answer!.Value));

        await world.RestartAsync();
        link = await world.LinkAsync();

        Assert.True(link.Begun);
        Assert.Equal(answer, await link.SendAsync(1, Script(1), Cancel));
        Assert.Equal((2, 2), (world.Centre.Count, link.Traffic.Up.Messages));
    }

    [Fact]
    public async Task A_message_that_waits_for_its_other_half_does_so_over_a_restart()
    {
        await using var world = await GatewayWorld.StartAsync();
        var halves = world.Card.Say(Bytes.Of(PlayedCard.OpeningOf(1, LongProfile())));
        Assert.Equal(2, halves.Count);
        await world.SayAsync(world.Card, [halves[1]]);

        await world.RestartAsync();
        await world.SayAsync(world.Card, [halves[0]]);

        Assert.Equal(new MessageCount(2, halves.Sum(half => half.Length)), (await world.LinkAsync()).Traffic.Up);
        Assert.Empty(await world.Store.InboxAsync(Cancel));
    }

    [Fact]
    public async Task Sessions_are_handed_out_again_until_they_are_closed()
    {
        await using var world = await GatewayWorld.StartAsync();
        var other = world.NewCard(7, "33600000007");
        await world.RegisterAsync(other);
        await (await world.OpenAsync()).CloseAsync(Cancel);
        var open = await world.OpenAsync(other);

        await world.RestartAsync();

        var link = await world.LinkAsync();
        Assert.Equal((open.Id, open.Opening, open.Profile), (link.Id, link.Opening, link.Profile));
        Assert.False(link.Begun);
        Assert.False(world.Gateway.Links.TryRead(out _));
        Assert.True(open.Ended.IsCancellationRequested);
    }

    [Fact]
    public async Task Counters_go_on_behind_those_that_may_have_been_used()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var phone = new PlayedPhone(world);
        phone.Open();
        var link = await world.LinkAsync();
        await link.SendAsync(1, Script(1), Cancel);
        await world.RestartAsync();
        link = await world.LinkAsync();
        await link.SendAsync(2, Script(2), Cancel);

        Assert.Equal([1ul, 17ul], world.Card.Taken);
    }

    private static Toolkit.Scripts.OpeningProfile LongProfile()
    {
        var octets = new byte[120];
        Toolkit.TerminalProfile.Phone.Octets.Span.CopyTo(octets);
        return Toolkit.Scripts.OpeningProfile.Whole(octets);
    }

    /// <summary>The first takes two messages, the second one.</summary>
    private static Bytes Script(byte number) => Scripts.Of(1, number, number == 1 ? 200 : 60);

    /// <summary>A server that runs two scripts, and starts again wherever it dies.</summary>
    private static async Task<(List<Bytes> Answers, SmsTraffic Traffic)> RunAsync(
        GatewayWorld world, PlayedPhone phone, FailingPower? power = null)
    {
        phone.Open();
        while (true)
        {
            var running = DialogueAsync(world);
            var failed = power?.Failed ?? Task.Delay(Timeout.Infinite, Cancel);
            if (await Task.WhenAny(running, failed) == running && running.IsCompletedSuccessfully) return await running;

            await failed;
            await world.StopAsync();
            await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            power!.Restore();
            power = null;
            await world.StartGatewayAsync();
        }
    }

    private static async Task<(List<Bytes> Answers, SmsTraffic Traffic)> DialogueAsync(GatewayWorld world)
    {
        var link = await world.LinkAsync();
        List<Bytes> answers = [await link.SendAsync(1, Script(1), Cancel), await link.SendAsync(2, Script(2), Cancel)];
        return (answers, (await world.Store.SessionAsync(link.Id, Cancel))!.Traffic);
    }

    /// <summary>Fails at one commit, and at every one after it until it is restored.</summary>
    private sealed class FailingPower(int point)
    {
        private readonly Lock _gate = new();
        private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left = point;

        public Task Failed => _failed.Task;

        public void Spend(string commit)
        {
            lock (_gate)
            {
                if (_left > 0 && --_left > 0) return;
                if (_left < 0) return;
            }

            _failed.TrySetResult();
            throw new IOException($"No power {commit}.");
        }

        public void Restore()
        {
            lock (_gate) _left = -1;
        }
    }
}
