using System.Net;
using Tessera.Phone.Sip;
using Tessera.Testing;
using Xunit;

namespace Tessera.Phone.Tests.Sip.Calls;

public sealed class CallTests
{
    private static readonly LocalAudio Ours = new(IPEndPoint.Parse("192.0.2.1:4000"));
    private static readonly LocalAudio Theirs = new(IPEndPoint.Parse("192.0.2.2:5000"));

    private readonly MemoryNetwork _network = new(new ManualTime());
    private readonly SipEndpoint _caller;
    private readonly SipEndpoint _callee;

    public CallTests()
    {
        _caller = _network.Add("192.0.2.1:5060");
        _callee = _network.Add("192.0.2.2:5060");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_rings_stands_and_ends()
    {
        var call = await CallAsync();
        var incoming = Incoming();
        incoming.Ring();
        _network.Run();
        _ = incoming.AcceptAsync(Theirs, Cancel);
        _network.Run();

        Assert.Equal((CallState.Established, CallState.Established), (call.State, incoming.State));
        Assert.Equal(Theirs.EndPoint, (await call.Answered)!.Remote);
        Assert.Equal(Ours.EndPoint, (await incoming.Answered)!.Remote);

        var told = incoming.HangUpAsync(Cancel);
        _network.Run();

        Assert.Equal(CallEndReason.HungUp, (await told).Reason);
        Assert.Equal(CallEndReason.RemoteHungUp, (await call.Ended).Reason);
        Assert.Equal("INVITE 100 180 200 ACK BYE 200", _network.Story());
        Assert.Equal(
            [typeof(CallEvent.Progress), typeof(CallEvent.Answered), typeof(CallEvent.Ended)],
            Events(call).Select(happened => happened.GetType()));
    }

    [Fact]
    public async Task A_call_that_is_not_wanted_is_busy()
    {
        var call = await CallAsync();
        Incoming().Reject();
        _network.Run();

        Assert.Equal(new CallEnd(CallEndReason.Refused, SipStatus.BusyHere, "Busy Here"), await call.Ended);
        Assert.Null(await call.Answered);
        Assert.Equal("INVITE 100 486 ACK", _network.Story());
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_told_487()
    {
        var call = await CallAsync();
        var incoming = Incoming();
        var told = call.HangUpAsync(Cancel);
        _network.Run();

        Assert.Equal((CallEndReason.HungUp, SipStatus.RequestTerminated), ((await told).Reason, (await told).Status));
        Assert.Equal(CallEndReason.Cancelled, (await incoming.Ended).Reason);
        Assert.Null(await incoming.AcceptAsync(Theirs, Cancel));
        Assert.Equal("INVITE 100 CANCEL 200 487 ACK", _network.Story());
    }

    [Fact]
    public async Task A_caller_that_gives_up_before_it_was_heard_waits_with_its_cancel()
    {
        _network.Drops = message => message is SipResponse { Status: SipStatus.Trying };
        var call = await CallAsync();
        var incoming = Incoming();
        var told = call.HangUpAsync(Cancel);
        _network.Run();
        Assert.DoesNotContain("CANCEL", _network.Story(), StringComparison.Ordinal);

        incoming.Ring();
        _network.Run();

        Assert.Equal(CallEndReason.HungUp, (await told).Reason);
        Assert.Equal(CallEndReason.Cancelled, (await incoming.Ended).Reason);
    }

    [Fact]
    public async Task A_call_that_is_answered_when_it_was_given_up_is_hung_up()
    {
        var call = await CallAsync();
        var incoming = Incoming();
        _ = incoming.AcceptAsync(Theirs, Cancel);
        var told = call.HangUpAsync(Cancel);
        _network.Run();

        Assert.Equal(CallEndReason.HungUp, (await told).Reason);
        Assert.Equal(CallEndReason.RemoteHungUp, (await incoming.Ended).Reason);
        Assert.Contains("ACK BYE 200", _network.Story(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_hangs_up_before_the_ack_waits_for_it()
    {
        _network.Drops = message => message is SipRequest { Method: "ACK" };
        var call = await CallAsync();
        var incoming = Incoming();
        _ = incoming.AcceptAsync(Theirs, Cancel);
        var told = incoming.HangUpAsync(Cancel);
        _network.Run();
        Assert.DoesNotContain("BYE", _network.Story(), StringComparison.Ordinal);

        _network.Drops = _ => false;
        _network.Run(1);

        Assert.Equal(CallEndReason.HungUp, (await told).Reason);
        Assert.Equal(CallEndReason.RemoteHungUp, (await call.Ended).Reason);
    }

    [Fact]
    public async Task A_caller_without_a_codec_of_ours_gets_488()
    {
        var call = await CallAsync(Ours with { Codecs = [AudioCodec.Pcma] });
        var incoming = Incoming();
        _ = incoming.AcceptAsync(Theirs with { Codecs = [AudioCodec.Pcmu] }, Cancel);
        _network.Run();

        Assert.Equal((CallEndReason.Refused, SipStatus.NotAcceptableHere), ((await call.Ended).Reason, (await call.Ended).Status));
        Assert.Equal(CallEndReason.NoAudio, (await incoming.Ended).Reason);
    }

    [Fact]
    public async Task A_call_that_nobody_takes_up_ends_by_itself()
    {
        var call = await CallAsync();
        var incoming = Incoming();
        _network.Run(200);

        Assert.Equal(CallEndReason.NotAnswered, (await incoming.Ended).Reason);
        Assert.Contains((await call.Ended).Reason, new[] { CallEndReason.NotAnswered, CallEndReason.Refused });
    }

    [Fact]
    public async Task Nobody_there_is_408_after_32_seconds_and_seven_invites()
    {
        var call = await _caller.CallAsync(SipUri.Parse("sip:x@192.0.2.99"), Ours, options: null, Cancel);
        _network.Run(31.9);
        Assert.Equal(CallState.Calling, call.State);
        _network.Run(0.2);

        Assert.Equal((CallEndReason.Refused, SipStatus.RequestTimeout), ((await call.Ended).Reason, (await call.Ended).Status));
        Assert.Equal("INVITE INVITE INVITE INVITE INVITE INVITE INVITE", _network.Story());
    }

    [Fact]
    public async Task A_2xx_that_nobody_acknowledges_is_repeated_for_32_seconds_and_hung_up()
    {
        _network.Drops = message => message is SipRequest { Method: "ACK" };
        await CallAsync();
        var incoming = Incoming();
        _ = incoming.AcceptAsync(Theirs, Cancel);
        _network.Run(31.9);
        Assert.Equal(CallState.Accepted, incoming.State);
        Assert.Equal(11, _network.Log.Count(message => message is SipResponse { Status: SipStatus.Ok }));
        _network.Run(1);

        Assert.Equal(CallEndReason.Lost, (await incoming.Ended).Reason);
        Assert.Null(await incoming.Answered);
        Assert.Contains("BYE", _network.Story(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hold_and_its_end_are_heard_on_the_other_side()
    {
        var (call, incoming) = await EstablishedAsync();

        var held = call.HoldAsync(Cancel);
        _network.Run();
        Assert.True(await held);
        Assert.Equal(
            (AudioDirection.SendOnly, AudioDirection.ReceiveOnly), (call.Audio!.Direction, incoming.Audio!.Direction));

        var both = incoming.HoldAsync(Cancel);
        _network.Run();
        Assert.True(await both);
        Assert.Equal((AudioDirection.Inactive, AudioDirection.Inactive), (call.Audio.Direction, incoming.Audio.Direction));

        foreach (var side in new[] { incoming, call })
        {
            var resumed = side.ResumeAsync(Cancel);
            _network.Run();
            Assert.True(await resumed);
        }

        Assert.Equal(
            (AudioDirection.SendReceive, AudioDirection.SendReceive), (call.Audio.Direction, incoming.Audio.Direction));
        Assert.Equal(4, Events(incoming).OfType<CallEvent.AudioChanged>().Count());
    }

    [Fact]
    public async Task Both_sides_that_change_the_call_at_once_do_it_one_after_the_other()
    {
        var (call, incoming) = await EstablishedAsync();

        var (one, other) = (call.HoldAsync(Cancel), incoming.HoldAsync(Cancel));
        _network.Run(10);

        Assert.Equal((true, true), (await one, await other));
        Assert.Contains("491", _network.Story(), StringComparison.Ordinal);
        Assert.Equal((AudioDirection.Inactive, AudioDirection.Inactive), (call.Audio!.Direction, incoming.Audio!.Direction));
    }

    [Fact]
    public async Task A_peer_that_vanished_is_found_out_by_a_change()
    {
        var (call, _) = await EstablishedAsync();
        _network.Drops = _ => true;

        var held = call.HoldAsync(Cancel);
        _network.Run(33);

        Assert.False(await held);
        Assert.Equal(CallEndReason.Lost, (await call.Ended).Reason);
    }

    [Fact]
    public async Task A_bye_that_nobody_answers_is_sent_eleven_times()
    {
        var (call, _) = await EstablishedAsync();
        _network.Drops = _ => true;
        _network.Log.Clear();
        var told = call.HangUpAsync(Cancel);
        Assert.Equal(CallState.Ended, call.State);
        _network.Run(31.9);
        Assert.False(told.IsCompleted);
        _network.Run(0.2);

        Assert.Equal(CallEndReason.HungUp, (await told).Reason);
        Assert.Equal(string.Join(' ', Enumerable.Repeat("BYE", 11)), _network.Story());
    }

    [Fact]
    public async Task A_call_under_way_ends_with_its_endpoint_though_nobody_hears()
    {
        var call = await _caller.CallAsync(SipUri.Parse("sip:x@192.0.2.99"), Ours, options: null, Cancel);
        var closing = _caller.DisposeAsync().AsTask();
        _network.Run(3);
        await closing;

        Assert.Equal(CallEndReason.HungUp, (await call.Ended).Reason);
        Assert.Equal(0, _caller.Layer.Count);
    }

    [Fact]
    public async Task An_endpoint_that_closes_hangs_up()
    {
        var (call, incoming) = await EstablishedAsync();

        var closing = _callee.DisposeAsync().AsTask();
        _network.Run(3);
        await closing;

        Assert.Equal(CallEndReason.RemoteHungUp, (await call.Ended).Reason);
        Assert.Equal(CallEndReason.HungUp, (await incoming.Ended).Reason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task A_third_of_all_messages_may_be_lost(int seed)
    {
        var network = new MemoryNetwork(new ManualTime(), seed, loss: 0.33);
        var (caller, callee) = (network.Add("192.0.2.1:5060"), network.Add("192.0.2.2:5060"));
        var call = await caller.CallAsync(SipUri.Parse("sip:ivr@192.0.2.2"), Ours, options: null, Cancel);
        network.Run(20);
        Assert.True(callee.Calls.TryRead(out var incoming));
        _ = incoming.AcceptAsync(Theirs, Cancel);
        network.Run(20);
        Assert.Equal((CallState.Established, CallState.Established), (call.State, incoming.State));

        var held = call.HoldAsync(Cancel);
        network.Run(40);
        Assert.True(await held);
        var told = incoming.HangUpAsync(Cancel);
        network.Run(40);

        Assert.Equal(CallEndReason.HungUp, (await told).Reason);
        Assert.Equal(CallEndReason.RemoteHungUp, (await call.Ended).Reason);
        Assert.False(callee.Calls.TryRead(out _));
        network.Run(100);
        Assert.Equal((0, 0), (caller.Layer.Count, callee.Layer.Count));
    }

    private async Task<(SipCall Call, SipCall Incoming)> EstablishedAsync()
    {
        var call = await CallAsync();
        var incoming = Incoming();
        _ = incoming.AcceptAsync(Theirs, Cancel);
        _network.Run();
        Assert.Equal((CallState.Established, CallState.Established), (call.State, incoming.State));
        return (call, incoming);
    }

    private async Task<SipCall> CallAsync(LocalAudio? audio = null)
    {
        var call = await _caller.CallAsync(SipUri.Parse("sip:ivr@192.0.2.2"), audio ?? Ours, options: null, Cancel);
        _network.Run();
        return call;
    }

    private SipCall Incoming()
    {
        Assert.True(_callee.Calls.TryRead(out var incoming));
        return incoming;
    }

    private static List<CallEvent> Events(SipCall call)
    {
        List<CallEvent> events = [];
        while (call.Events.TryRead(out var happened)) events.Add(happened);
        return events;
    }
}
