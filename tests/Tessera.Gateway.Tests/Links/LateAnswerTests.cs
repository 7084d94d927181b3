using Tessera.Gateway.Tests.Road;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Gateway.Tests.Links;

/// <summary>Answers that nobody waits for are offered until what they prove is settled.</summary>
public class LateAnswerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_that_comes_after_the_silence_that_ended_its_session_is_offered_with_its_script()
    {
        await using var world = await GatewayWorld.StartAsync(new ManualTime());
        var link = await world.OpenAsync();
        var sending = link.SendAsync(1, Script, Cancel);
        var answer = await world.CarryAsync();
        await world.PassAsync(world.Options.SessionLife);
        await Assert.ThrowsAsync<ConnectionLostException>(() => sending);
        await using var reading = world.Gateway.LateAsync(Cancel).GetAsyncEnumerator(Cancel);
        var offered = NextAsync(reading);

        await world.SayAsync(world.Card, world.Card.Say(answer!.Value));

        var late = await offered;
        Assert.Equal((link.Id, (byte)1, Script, answer.Value), (late.Id, late.Number, late.Script, late.Answer));
        Assert.True(Assert.Single(world.Told.OfType<AnswerTaken>()).Late);
        Assert.Equal(
            (link.Terminal, link.Session, link.Profile, link.Traits, null),
            (late.Terminal, late.Session, late.Profile, late.Traits, late.Opening));
        Assert.True(late.Ended.IsCancellationRequested);
        Assert.Equal(answer, await late.SendAsync(1, Script, Cancel));
        await Assert.ThrowsAsync<ConnectionLostException>(() => late.SendAsync(2, Script, Cancel));
        await Assert.ThrowsAsync<ConnectionLostException>(() => late.SendAsync(1, Scripts.Of(1, 1, 60), Cancel));
        await Assert.ThrowsAsync<ConnectionLostException>(() => late.ReopenAsync(Cancel));
    }

    [Fact]
    public async Task What_is_not_settled_is_offered_again_at_the_next_start_and_what_is_settled_never()
    {
        await using var world = await GatewayWorld.StartAsync();
        await LateAsync(world);
        var late = await FirstAsync(world);

        await world.RestartAsync();
        Assert.Equal(late.Id, (await FirstAsync(world)).Id);
        await world.Gateway.SettledAsync(late, Cancel);

        await world.RestartAsync();
        Assert.Empty(await world.Store.LateAsync(null, 9, Cancel));
        await LateAsync(world);
        Assert.Equal(2, (await FirstAsync(world)).Id.Number);
    }

    [Fact]
    public async Task What_is_not_settled_is_offered_again_at_the_next_tidying()
    {
        await using var world = await GatewayWorld.StartAsync(new ManualTime());
        await LateAsync(world);
        await using var reading = world.Gateway.LateAsync(Cancel).GetAsyncEnumerator(Cancel);
        var late = await NextAsync(reading);

        var again = NextAsync(reading);
        await world.Time.AdvanceUntilAsync(again, world.Options.Tidying);

        Assert.Equal((late.Id, late.Answer), ((await again).Id, (await again).Answer));
    }

    [Fact]
    public async Task An_answer_that_is_not_settled_does_not_stand_in_the_way_of_those_behind_it()
    {
        const int many = 40;
        await using var world = await GatewayWorld.StartAsync();
        foreach (var _ in Enumerable.Range(0, many)) await LateAsync(world);

        await using var reading = world.Gateway.LateAsync(Cancel).GetAsyncEnumerator(Cancel);
        List<int> offered = [];
        while (offered.Count < many) offered.Add((await NextAsync(reading)).Id.Number);

        Assert.Equal(Enumerable.Range(1, many), offered);
    }

    [Fact]
    public async Task An_answer_that_came_to_a_session_nobody_had_taken_up_is_late_when_a_newer_one_is_opened()
    {
        await using var world = await GatewayWorld.StartAsync();
        var link = await world.OpenAsync();
        var answer = await AnswerToNobodyAsync(world, link);
        await world.RestartAsync();
        await world.LinkAsync();
        await using var reading = world.Gateway.LateAsync(Cancel).GetAsyncEnumerator(Cancel);
        var offered = NextAsync(reading);

        await world.OpenAsync();

        Assert.Equal((link.Id, answer), ((await offered).Id, (await offered).Answer));
    }

    [Fact]
    public async Task An_answer_that_was_taken_is_not_late_when_its_session_ends()
    {
        await using var world = await GatewayWorld.StartAsync();
        var link = await world.OpenAsync();
        var sending = link.SendAsync(1, Script, Cancel);
        await world.AnswerAsync();
        await sending;

        await link.CloseAsync(Cancel);

        Assert.Empty(await world.Store.LateAsync(null, 9, Cancel));
    }

    [Fact]
    public async Task An_answer_that_is_not_of_the_card_or_comes_twice_is_offered_once_or_never()
    {
        await using var world = await GatewayWorld.StartAsync();
        var link = await world.OpenAsync();
        using var stopping = new CancellationTokenSource();
        var sending = link.SendAsync(1, Script, stopping.Token);
        var answer = (await world.CarryAsync())!.Value;
        await link.CloseAsync(Cancel);
        await Assert.ThrowsAsync<ConnectionLostException>(() => sending);

        var messages = world.Card.Say(answer);
        await world.SayAsync(world.Card, [Forged(messages[0])]);
        Assert.Empty(await world.Store.LateAsync(null, 9, Cancel));
        await world.SayAsync(world.Card, messages);
        await world.SayAsync(world.Card, messages);
        await world.SayAsync(world.Card, world.Card.Say(answer));

        Assert.Single(await world.Store.LateAsync(null, 9, Cancel));
        Assert.Equal([Refusal.Forged, Refusal.Replayed], world.Refused);
    }

    [Fact]
    public async Task Whoever_reads_them_comes_to_an_end_with_the_gateway()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var reading = world.Gateway.LateAsync(Cancel).GetAsyncEnumerator(Cancel);
        var more = reading.MoveNextAsync().AsTask();

        await world.Gateway.DisposeAsync();

        Assert.False(await more.WaitAsync(GatewayWorld.Patience, Cancel));
    }

    private static Bytes Script => Scripts.Of(1, 1);

    private static Bytes Forged(Bytes message)
    {
        var octets = message.ToArray();
        octets[^1] ^= 1;
        return new Bytes(octets);
    }

    /// <summary>A session of the card ends, and then the answer to its script comes.</summary>
    private static async Task LateAsync(GatewayWorld world)
    {
        var link = await world.OpenAsync();
        var sending = link.SendAsync(1, Scripts.Of(link.Session, 1), Cancel);
        var answer = await world.CarryAsync();
        await link.CloseAsync(Cancel);
        await Assert.ThrowsAsync<ConnectionLostException>(() => sending);
        await world.SayAsync(world.Card, world.Card.Say(answer!.Value));
    }

    private static async Task<Bytes> AnswerToNobodyAsync(GatewayWorld world, SmsLink link)
    {
        using var stopping = new CancellationTokenSource();
        var sending = link.SendAsync(1, Scripts.Of(link.Session, 1), stopping.Token);
        var answer = (await world.CarryAsync())!.Value;
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        await world.SayAsync(world.Card, world.Card.Say(answer));
        return answer;
    }

    private static async Task<LateAnswer> FirstAsync(GatewayWorld world)
    {
        await using var reading = world.Gateway.LateAsync(Cancel).GetAsyncEnumerator(Cancel);
        return await NextAsync(reading);
    }

    private static async Task<LateAnswer> NextAsync(IAsyncEnumerator<LateAnswer> reading)
    {
        Assert.True(await reading.MoveNextAsync().AsTask().WaitAsync(GatewayWorld.Patience, Cancel));
        return reading.Current;
    }
}
