using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Smpp.Tests.Sessions;

/// <summary>The clocks of a session at work.</summary>
public class SessionClockTests
{
    private readonly ManualTime _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SmppServerOptions Server => Sides.Server with { Time = _time };

    private SmppClientOptions Client => Sides.Client with { Time = _time };

    [Fact]
    public async Task Whoever_does_not_bind_in_time_is_closed()
    {
        var (session, peer) = Sides.Serve(Server, Cancel);
        await peer.SendAsync(1, new EnquireLink());
        await peer.ExpectAsync(1, new EnquireLinkResp(CommandStatus.Ok));

        await PassAsync(11);

        Assert.Equal(SessionEndReason.NotBound, (await session.Completion).Reason);
        await peer.ExpectEndAsync();
    }

    [Fact]
    public async Task A_silent_peer_is_asked_and_then_closed()
    {
        var (session, peer) = Sides.Serve(Server, Cancel);
        await peer.BindAsync();

        await PassAsync(31);
        var (number, pdu) = await peer.ReceiveAsync();
        Assert.IsType<EnquireLink>(pdu);
        await peer.SendAsync(number, new EnquireLinkResp(CommandStatus.Ok));
        await peer.SendAsync(2, new EnquireLink());
        await peer.ExpectAsync(2, new EnquireLinkResp(CommandStatus.Ok));

        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.IsType<EnquireLink>((await peer.ReceiveAsync()).Pdu);
        Assert.False(session.Completion.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(SessionEndReason.Silent, (await session.Completion).Reason);
    }

    [Fact]
    public async Task A_session_without_requests_is_unbound()
    {
        var limits = new SessionLimits { Inactivity = TimeSpan.FromSeconds(20) };
        var (session, peer) = Sides.Serve(Server with { Limits = limits }, Cancel);
        await peer.BindAsync();

        await PassAsync(21);

        Assert.Equal(SessionEndReason.Inactive, (await session.Completion).Reason);
        Assert.IsType<Unbind>((await peer.ReceiveAsync()).Pdu);
        await peer.ExpectEndAsync();
    }

    [Fact]
    public async Task A_request_without_response_fails_and_gives_its_place_to_another()
    {
        var (client, peer) = await Sides.BindAsync(Client with { Limits = new SessionLimits { Window = 1 } }, Cancel);

        var first = client.SubmitAsync(Sides.To("1"), Cancel).AsTask();
        var second = client.SubmitAsync(Sides.To("2"), Cancel).AsTask();
        var (number, _) = await peer.ReceiveAsync();
        await PassAsync(11);
        await Assert.ThrowsAsync<TimeoutException>(() => first);

        // A response that comes too late is nobody's.
        await peer.SendAsync(number, new SubmitSmResp(CommandStatus.Ok, "late"));
        await peer.ExpectAsync(number + 1, Sides.To("2"));
        await peer.SendAsync(number + 1, new SubmitSmResp(CommandStatus.Ok, "b"));
        Assert.Equal("b", (await second).MessageId);
        await peer.CloseAsync();
        await client.Completion;
    }

    [Fact]
    public async Task A_bind_without_response_fails()
    {
        var pipes = new PipePair();
        var binding = SmppClient.BindAsync(pipes.Near, Client, Cancel);
        var peer = new RawPeer(pipes.Far, Cancel);
        await peer.ReceiveAsync();

        await PassAsync(11);

        await Assert.ThrowsAsync<TimeoutException>(() => binding);
        await peer.ExpectEndAsync();
    }

    [Fact]
    public async Task A_peer_that_takes_nothing_is_read_no_further_and_closed()
    {
        const int limit = 1024;
        var handled = 0;
        var pipes = new PipePair(limit);
        var peer = new RawPeer(pipes.Near, Cancel);
        var stuck = new StuckWriter();
        var session = SmppServerSession.Start(new PipeEnd(pipes.Far.Input, stuck), Server with
        {
            Limits = new SessionLimits { Outgoing = limit },
            Submit = (_, _, _) => new(new SubmitSmResp(CommandStatus.Ok, $"{++handled}")),
        });
        await peer.SendAsync(1, RawPeer.Bind);
        await stuck.Stuck.WaitAsync(Cancel);

        // It submits all the same: the answers fill our buffer, then its requests fill its own pipe.
        var sending = Task.Run(
            async () =>
            {
                for (var number = 2u; !session.Completion.IsCompleted; number++)
                    await peer.SendAsync(number, Sides.To("331"));
            },
            Cancel);
        await _time.AdvanceUntilAsync(session.Completion, TimeSpan.FromMilliseconds(500));

        Assert.Equal(SessionEndReason.NotTaken, (await session.Completion).Reason);
        await sending;
        Assert.InRange(handled, 0, limit);
    }

    [Fact]
    public async Task An_unbind_that_is_not_answered_does_not_hold_anybody_up()
    {
        var (client, peer) = await Sides.BindAsync(Client, Cancel);

        var closing = client.DisposeAsync().AsTask();
        Assert.IsType<Unbind>((await peer.ReceiveAsync()).Pdu);
        _time.Advance(TimeSpan.FromSeconds(3));
        await closing;

        Assert.Equal(SessionEndReason.Stopped, (await client.Completion).Reason);
        await Assert.ThrowsAsync<ConnectionLostException>(async () => await client.SubmitAsync(Sides.To("1"), Cancel));
    }

    /// <summary>Lets time pass once the session looks at its clocks.</summary>
    private async Task PassAsync(int seconds)
    {
        await _time.TimerAsync(new SessionLimits().Sweep, Cancel);
        _time.Advance(TimeSpan.FromSeconds(seconds));
    }
}
