using System.Collections.Concurrent;
using System.Net;
using Tessera.Wire;
using Xunit;

namespace Tessera.Smpp.Tests.Sessions;

/// <summary>Client and server with each other.</summary>
public class SessionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_is_submitted_over_tcp_and_named_by_the_smsc()
    {
        await using var listener = SmppListener.Listen(new IPEndPoint(IPAddress.Loopback, 0), Sides.Server);
        await using var client = await SmppClient.ConnectAsync(listener.EndPoint, Sides.Client, Cancel);

        var response = await client.SubmitAsync(Sides.To("331"), Cancel);

        Assert.Equal(new SubmitSmResp(CommandStatus.Ok, "331"), response);
        Assert.Equal("esme", Assert.Single(listener.Sessions).Bind?.SystemId);
        Assert.Equal((SessionState.BoundTrx, SessionState.BoundTrx), (client.State, listener.Sessions[0].State));
    }

    [Theory]
    [InlineData(BindMode.Transmitter, SessionState.BoundTx)]
    [InlineData(BindMode.Receiver, SessionState.BoundRx)]
    [InlineData(BindMode.Transceiver, SessionState.BoundTrx)]
    public async Task A_session_goes_the_way_it_was_bound_for(BindMode mode, SessionState state)
    {
        var pipes = new PipePair();
        var bound = new TaskCompletionSource<SmppServerSession>();
        await using var server = SmppServerSession.Start(pipes.Far, Sides.Server with { Bound = bound.SetResult });
        await using var client = await SmppClient.BindAsync(pipes.Near, Sides.Client with { Mode = mode }, Cancel);

        Assert.Same(server, await bound.Task.WaitAsync(Cancel));
        Assert.Equal((state, state), (client.State, server.State));

        if (mode == BindMode.Receiver)
            await Assert.ThrowsAsync<InvalidOperationException>(
                async () => await client.SubmitAsync(Sides.To("1"), Cancel));
        else
            (await client.SubmitAsync(Sides.To("1"), Cancel)).EnsureSuccess();

        if (mode == BindMode.Transmitter)
            await Assert.ThrowsAsync<InvalidOperationException>(
                async () => await server.DeliverAsync(Sides.From("1"), Cancel));
        else
            (await server.DeliverAsync(Sides.From("1"), Cancel)).EnsureSuccess();
    }

    [Fact]
    public async Task A_refused_bind_is_told_and_ends_both_sides()
    {
        var pipes = new PipePair();
        await using var server = SmppServerSession.Start(pipes.Far, Sides.Server);

        var refused = await Assert.ThrowsAsync<CommandStatusException>(
            () => SmppClient.BindAsync(pipes.Near, Sides.Client with { Password = "wrong" }, Cancel));

        Assert.Equal(CommandStatus.InvalidPassword, refused.Status);
        Assert.Equal(SessionEndReason.Refused, (await server.Completion).Reason);
        Assert.Null(server.Bind);
    }

    [Fact]
    public async Task The_handler_of_the_esme_decides_what_the_smsc_hears()
    {
        var pipes = new PipePair();
        await using var server = SmppServerSession.Start(pipes.Far, Sides.Server);
        await using var client = await SmppClient.BindAsync(
            pipes.Near,
            Sides.Client with
            {
                Deliver = async (message, _) =>
                {
                    await Task.Yield();
                    return message.Source.Digits is "1" ? CommandStatus.Ok : CommandStatus.ReceiverPermanentError;
                },
            },
            Cancel);

        Assert.Equal(CommandStatus.Ok, (await server.DeliverAsync(Sides.From("1"), Cancel)).Status);
        Assert.Equal(CommandStatus.ReceiverPermanentError, (await server.DeliverAsync(Sides.From("2"), Cancel)).Status);
    }

    [Fact]
    public async Task Every_other_operation_finds_its_handler_and_its_answer()
    {
        var pipes = new PipePair();
        var alerted = new TaskCompletionSource<AlertNotification>();
        var options = Sides.Server with
        {
            Query = (_, query, _) => new(new QuerySmResp(CommandStatus.Ok, query.MessageId) { ErrorCode = 7 }),
            Cancel = (_, _, _) => new(new CancelSmResp(CommandStatus.CancelFailed)),
            Replace = (_, _, _) => new(new ReplaceSmResp(CommandStatus.ReplaceFailed)),
            Data = (_, _, _) => new(new DataSmResp(CommandStatus.Ok, "d")),
        };
        await using var server = SmppServerSession.Start(pipes.Far, options);
        await using var client = await SmppClient.BindAsync(
            pipes.Near,
            Sides.Client with { Alerted = alerted.SetResult, Data = (_, _) => new(CommandStatus.ReceiverRejected) },
            Cancel);
        var address = SmppAddress.International("33");
        var alert = new AlertNotification(address, address);

        server.Alert(alert);

        Assert.Equal(alert, await alerted.Task.WaitAsync(Cancel));
        Assert.Equal(7, (await client.QueryAsync(new QuerySm("q", address), Cancel)).ErrorCode);
        Assert.Equal(
            CommandStatus.CancelFailed, (await client.CancelAsync(new CancelSm("c", address, address), Cancel)).Status);
        Assert.Equal(
            CommandStatus.ReplaceFailed, (await client.ReplaceAsync(new ReplaceSm("r", address), Cancel)).Status);
        Assert.Equal("d", (await client.SubmitAsync(new DataSm(), Cancel)).MessageId);
        Assert.Equal(CommandStatus.ReceiverRejected, (await server.DeliverAsync(new DataSm(), Cancel)).Status);
    }

    [Fact]
    public async Task Either_side_may_unbind()
    {
        foreach (var byClient in new[] { true, false })
        {
            var pipes = new PipePair();
            await using var server = SmppServerSession.Start(pipes.Far, Sides.Server);
            await using var client = await SmppClient.BindAsync(pipes.Near, Sides.Client, Cancel);

            var end = byClient ? await client.UnbindAsync(Cancel) : await server.UnbindAsync(Cancel);

            Assert.Equal(new SessionEnd(SessionEndReason.Unbound, "We said unbind."), end);
            Assert.Equal(
                new SessionEnd(SessionEndReason.Unbound, "The peer said unbind."),
                await (byClient ? server.Completion : client.Completion));
            Assert.Equal((SessionState.Unbound, SessionState.Unbound), (client.State, server.State));
            await Assert.ThrowsAsync<ConnectionLostException>(
                async () => await client.SubmitAsync(Sides.To("1"), Cancel));
        }
    }

    [Fact]
    public async Task No_more_requests_are_out_than_the_window_holds_and_all_are_answered()
    {
        const int window = 7;
        var (now, most) = (0, 0);
        var pipes = new PipePair();
        await using var server = SmppServerSession.Start(pipes.Far, Sides.Server with
        {
            Submit = async (_, message, cancel) =>
            {
                InterlockedMax(ref most, Interlocked.Increment(ref now));
                await Task.Yield();
                Interlocked.Decrement(ref now);
                return new SubmitSmResp(CommandStatus.Ok, message.Destination.Digits);
            },
        });
        await using var client = await SmppClient.BindAsync(
            pipes.Near, Sides.Client with { Limits = new SessionLimits { Window = window } }, Cancel);

        var answers = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 2000), new ParallelOptions { MaxDegreeOfParallelism = 50, CancellationToken = Cancel },
            async (i, cancel) => answers[$"{i}"] = (await client.SubmitAsync(Sides.To($"{i}"), cancel)).MessageId);

        Assert.Equal(2000, answers.Count);
        Assert.All(answers, answer => Assert.Equal(answer.Key, answer.Value));
        Assert.InRange(most, 1, window);
    }

    [Fact]
    public async Task A_handler_that_throws_answers_a_system_error_and_ends_the_session_with_its_cause()
    {
        var pipes = new PipePair();
        var cause = new InvalidDataException("broken");
        await using var server = SmppServerSession.Start(
            pipes.Far, Sides.Server with { Submit = (_, _, _) => throw cause });
        await using var client = await SmppClient.BindAsync(pipes.Near, Sides.Client, Cancel);

        Assert.Equal(CommandStatus.SystemError, (await client.SubmitAsync(Sides.To("1"), Cancel)).Status);

        var end = await server.Completion;
        Assert.Equal((SessionEndReason.Failed, cause), (end.Reason, end.Cause));
        Assert.Equal(SessionEndReason.Closed, (await client.Completion).Reason);
    }

    [Fact]
    public async Task A_listener_takes_no_more_sessions_than_it_may_and_ends_those_it_has()
    {
        var ended = new ConcurrentQueue<SessionEndReason>();
        await using var listener = SmppListener.Listen(
            new IPEndPoint(IPAddress.Loopback, 0),
            Sides.Server with { Ended = (_, end) => ended.Enqueue(end.Reason) },
            maxSessions: 1);
        await using var first = await SmppClient.ConnectAsync(listener.EndPoint, Sides.Client, Cancel);

        await Assert.ThrowsAsync<ConnectionLostException>(
            () => SmppClient.ConnectAsync(listener.EndPoint, Sides.Client, Cancel));

        await listener.DisposeAsync();
        Assert.Equal("The peer said unbind.", (await first.Completion).Text);
        Assert.Equal([SessionEndReason.Unbound], ended);
        Assert.Empty(listener.Sessions);
        await Assert.ThrowsAsync<ConnectionLostException>(
            () => SmppClient.ConnectAsync(listener.EndPoint, Sides.Client, Cancel));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        var seen = Volatile.Read(ref most);
        while (value > seen)
        {
            var before = Interlocked.CompareExchange(ref most, value, seen);
            if (before == seen) return;
            seen = before;
        }
    }
}
