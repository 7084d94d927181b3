using Tessera.Wire;
using Xunit;

namespace Tessera.Smpp.Tests.Sessions;

/// <summary>Peers that send what they must not.</summary>
public class HostilePeerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("0000000F000000000000000000000000")]
    [InlineData("00000000")]
    [InlineData("FFFFFFFF")]
    [InlineData("00011171 00000004")]
    public async Task A_length_no_pdu_can_have_ends_the_session(string hex)
    {
        var (session, peer) = Sides.Serve(Sides.Server, Cancel);
        await peer.BindAsync();

        await peer.SendAsync(hex);

        Assert.Equal(SessionEndReason.Broken, (await session.Completion).Reason);
        await peer.ExpectEndAsync();
    }

    [Fact]
    public async Task Wherever_the_stream_ends_the_session_ends_and_says_so()
    {
        var buffer = new PduBuffer();
        buffer.Append(1, RawPeer.Bind);
        var bind = buffer.Length;
        buffer.Append(2, Sides.To("331"));
        var whole = buffer.Length;

        for (var cut = 0; cut <= whole; cut++)
        {
            var submitted = 0;
            ValueTask<SubmitSmResp> Submit() => new(new SubmitSmResp(CommandStatus.Ok, $"{++submitted}"));
            var (session, peer) = Sides.Serve(Sides.Server with { Submit = (_, _, _) => Submit() }, Cancel);
            await peer.SendAsync(Convert.ToHexString(buffer.Written.Span[..cut]));
            await peer.CloseAsync();

            var end = await session.Completion;

            Assert.Equal(SessionEndReason.Closed, end.Reason);
            Assert.Equal(
                cut is 0 || cut == bind || cut == whole
                    ? "The peer closed the connection."
                    : "The stream ended inside a PDU.",
                end.Text);
            Assert.Equal(cut == whole ? 1 : 0, submitted);
        }
    }

    [Fact]
    public async Task What_does_not_belong_into_the_state_is_refused_and_the_session_goes_on()
    {
        var (session, peer) = Sides.Serve(Sides.Server, Cancel);

        await peer.SendAsync(7, Sides.To("331"));
        await peer.ExpectAsync(7, new SubmitSmResp(CommandStatus.InvalidBindStatus));
        await peer.SendAsync(8, new Unbind());
        await peer.ExpectAsync(8, new UnbindResp(CommandStatus.InvalidBindStatus));
        await peer.BindAsync();
        await peer.SendAsync(9, RawPeer.Bind);
        await peer.ExpectAsync(9, new BindResp(BindMode.Transceiver, CommandStatus.AlreadyBound, ""));
        await peer.SendAsync(10, Sides.From("331"));
        await peer.ExpectAsync(10, new GenericNack(CommandStatus.InvalidCommandId));
        await peer.SendAsync(11, new AlertNotification(SmppAddress.International("1"), SmppAddress.International("2")));
        await peer.ExpectAsync(11, new GenericNack(CommandStatus.InvalidCommandId));
        await peer.SendAsync(12, Sides.To("331"));
        await peer.ExpectAsync(12, new SubmitSmResp(CommandStatus.Ok, "331"));

        Assert.False(session.Completion.IsCompleted);
        await peer.CloseAsync();
        await session.Completion;
    }

    // cloudhopper-smpp, PduDecoderTest (Apache-2.0): an unknown response, and an unknown request before a good one.
    [Fact]
    public async Task Unknown_pdus_are_skipped_whole()
    {
        var (session, peer) = Sides.Serve(Sides.Server, Cancel);
        await peer.BindAsync();

        await peer.SendAsync("0000001080000110000000000A342EE7");
        await peer.SendAsync("0000001100000110000000000A342EE70F0000001000000015000000000A342EE7");

        await peer.ExpectAsync(0x0A342EE7, new GenericNack(CommandStatus.InvalidCommandId));
        await peer.ExpectAsync(0x0A342EE7, new EnquireLinkResp(CommandStatus.Ok));
        await peer.CloseAsync();
        await session.Completion;
    }

    // cloudhopper-smpp, PduDecoderTest (Apache-2.0): sm_length 16 but 8 octets are there; here as submit_sm.
    [Fact]
    public async Task A_body_that_does_not_parse_is_answered_and_the_session_goes_on()
    {
        var (session, peer) = Sides.Serve(Sides.Server, Cancel);
        await peer.BindAsync();

        await peer.SendAsync(
            "0000003900000004000000000000000500010139393939313939313435393300000036343634000000000000000008"
            + "0010C1E1E9EDF3FAF1FC");

        await peer.ExpectAsync(5, new SubmitSmResp(CommandStatus.InvalidMessageLength));
        await peer.SendAsync(6, new EnquireLink());
        await peer.ExpectAsync(6, new EnquireLinkResp(CommandStatus.Ok));
        await peer.CloseAsync();
        await session.Completion;
    }

    [Fact]
    public async Task Sequence_numbers_used_twice_are_answered_twice()
    {
        var (session, peer) = Sides.Serve(Sides.Server, Cancel);
        await peer.BindAsync();

        await peer.SendAsync(PduFrame.MaxSequenceNumber, Sides.To("1"));
        await peer.SendAsync(PduFrame.MaxSequenceNumber, Sides.To("2"));

        await peer.ExpectAsync(PduFrame.MaxSequenceNumber, new SubmitSmResp(CommandStatus.Ok, "1"));
        await peer.ExpectAsync(PduFrame.MaxSequenceNumber, new SubmitSmResp(CommandStatus.Ok, "2"));
        await peer.CloseAsync();
        await session.Completion;
    }

    [Fact]
    public async Task Responses_that_nobody_asked_for_answer_nothing()
    {
        var (client, peer) = await Sides.BindAsync(Sides.Client, Cancel);
        var submitting = client.SubmitAsync(Sides.To("1"), Cancel);
        var (number, _) = await peer.ReceiveAsync();

        await peer.SendAsync(number + 1, new SubmitSmResp(CommandStatus.Ok, "other number"));
        await peer.SendAsync(number, new DeliverSmResp(CommandStatus.Ok, "other command"));
        await peer.SendAsync(number, new BindResp(BindMode.Receiver, CommandStatus.Ok, "again"));
        await peer.SendAsync(number, new UnbindResp(CommandStatus.Ok));
        await peer.SendAsync(number, new SubmitSmResp(CommandStatus.Ok, "right"));
        await peer.SendAsync(number, new SubmitSmResp(CommandStatus.Ok, "twice"));

        Assert.Equal("right", (await submitting).MessageId);
        Assert.Equal(SessionState.BoundTrx, client.State);
        await peer.CloseAsync();
        await client.Completion;
    }

    [Fact]
    public async Task A_generic_nack_and_a_refusal_with_any_body_answer_a_request()
    {
        var (client, peer) = await Sides.BindAsync(Sides.Client, Cancel);

        var nacked = client.SubmitAsync(Sides.To("1"), Cancel);
        await peer.SendAsync((await peer.ReceiveAsync()).Number, new GenericNack(CommandStatus.InvalidCommandLength));
        Assert.Equal(new SubmitSmResp(CommandStatus.InvalidCommandLength), await nacked);

        var refused = client.SubmitAsync(Sides.To("2"), Cancel);
        var number = (await peer.ReceiveAsync()).Number;
        await peer.SendAsync($"00000012 80000004 00000045 {number:X8} 4141");
        Assert.Equal(new SubmitSmResp(CommandStatus.SubmitFailed), await refused);

        var broken = client.SubmitAsync(Sides.To("3"), Cancel).AsTask();
        number = (await peer.ReceiveAsync()).Number;
        await peer.SendAsync($"00000012 80000004 00000000 {number:X8} 4141");
        await Assert.ThrowsAsync<WireFormatException>(() => broken);

        await peer.CloseAsync();
        await client.Completion;
    }

    [Fact]
    public async Task Whatever_waits_when_the_peer_goes_away_is_told()
    {
        var (client, peer) = await Sides.BindAsync(Window(2), Cancel);
        var waiting = Enumerable.Range(0, 50).Select(_ => client.SubmitAsync(Sides.To("1"), Cancel).AsTask()).ToList();
        await peer.ReceiveAsync();

        await peer.CloseAsync();

        foreach (var one in waiting) await Assert.ThrowsAsync<ConnectionLostException>(() => one);
        Assert.Equal(SessionEndReason.Closed, (await client.Completion).Reason);
    }

    [Fact]
    public async Task More_requests_than_may_be_handled_are_throttled()
    {
        var release = new TaskCompletionSource();
        var (session, peer) = Sides.Serve(
            Sides.Server with
            {
                Limits = new SessionLimits { Incoming = 2 },
                Submit = async (_, message, _) =>
                {
                    await release.Task;
                    return new SubmitSmResp(CommandStatus.Ok, message.Destination.Digits);
                },
            },
            Cancel);
        await peer.BindAsync();

        for (var number = 2u; number <= 4; number++) await peer.SendAsync(number, Sides.To($"{number}"));
        await peer.ExpectAsync(4, new SubmitSmResp(CommandStatus.Throttled));

        release.SetResult();
        var answered = new[] { await peer.ReceiveAsync(), await peer.ReceiveAsync() };
        Assert.Equal([2u, 3u], answered.Select(answer => answer.Number).Order());
        await peer.SendAsync(5, Sides.To("5"));
        await peer.ExpectAsync(5, new SubmitSmResp(CommandStatus.Ok, "5"));
        await peer.CloseAsync();
        await session.Completion;
    }

    [Fact]
    public async Task More_callers_than_may_wait_for_the_window_are_turned_away()
    {
        var (client, peer) = await Sides.BindAsync(
            Sides.Client with { Limits = new SessionLimits { Window = 1, Waiting = 1 } }, Cancel);
        var first = client.SubmitAsync(Sides.To("1"), Cancel).AsTask();
        var second = client.SubmitAsync(Sides.To("2"), Cancel).AsTask();

        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await client.SubmitAsync(Sides.To("3"), Cancel));

        await peer.CloseAsync();
        await Assert.ThrowsAsync<ConnectionLostException>(() => first);
        await Assert.ThrowsAsync<ConnectionLostException>(() => second);
    }

    [Fact]
    public async Task A_caller_that_gives_up_keeps_his_place_in_the_window_until_the_answer_comes()
    {
        var (client, peer) = await Sides.BindAsync(Window(1), Cancel);
        using var impatient = new CancellationTokenSource();
        var first = client.SubmitAsync(Sides.To("1"), impatient.Token).AsTask();
        var (number, _) = await peer.ReceiveAsync();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        var second = client.SubmitAsync(Sides.To("2"), Cancel).AsTask();
        await peer.SendAsync(2, new EnquireLink());
        await peer.ExpectAsync(2, new EnquireLinkResp(CommandStatus.Ok));
        await peer.SendAsync(number, new SubmitSmResp(CommandStatus.Ok, "a"));

        await peer.ExpectAsync(number + 1, Sides.To("2"));
        await peer.SendAsync(number + 1, new SubmitSmResp(CommandStatus.Ok, "b"));
        Assert.Equal("b", (await second).MessageId);
        await peer.CloseAsync();
        await client.Completion;
    }

    [Fact]
    public async Task Two_binds_at_once_are_one_too_many()
    {
        var release = new TaskCompletionSource<CommandStatus>();
        var (session, peer) = Sides.Serve(
            Sides.Server with { Authenticate = async (_, _) => await release.Task }, Cancel);

        await peer.SendAsync(1, RawPeer.Bind);
        await peer.SendAsync(2, RawPeer.Bind);

        await peer.ExpectAsync(2, new BindResp(BindMode.Transceiver, CommandStatus.AlreadyBound, ""));
        Assert.Equal(SessionEndReason.Refused, (await session.Completion).Reason);
        release.SetResult(CommandStatus.Ok);
        Assert.Equal(SessionState.Unbound, session.State);
    }

    private static SmppClientOptions Window(int window) =>
        Sides.Client with { Limits = new SessionLimits { Window = window } };
}
