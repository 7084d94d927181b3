using System.Buffers.Binary;
using Tessera.Lab.Calls;
using Tessera.Lab.Houses.Sockets;
using Tessera.Lab.Houses.Telephones;
using Tessera.Lab.Tests.Phones;
using Tessera.Phone.Sip;
using Tessera.Phone.Sound;
using Tessera.Testing;
using Xunit;

namespace Tessera.Lab.Tests.Houses;

/// <summary>A telephone plugged into the wall, and the network at the other end of the line: on the world's clock.</summary>
public sealed class WallSocketTests : IAsyncLifetime
{
    private const string Service = "+33639980084";

    private readonly VoiceNetwork _network = new();
    private WallSocket _socket = null!;
    private Telephone _telephone = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _socket = WallSocket.Start(new WallSocketOptions { Network = _network.Address, House = () => _telephone.Address });
        _telephone = Telephone.Start(new TelephoneOptions { Line = () => _socket.Jack });
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _telephone.DisposeAsync();
        await _socket.DisposeAsync();
        await _network.DisposeAsync();
    }

    [Fact]
    public async Task A_call_passes_through_with_the_number_of_the_line_asserted()
    {
        _telephone.Dial(Service);
        var call = await _network.CalledAsync();
        Assert.Equal(LineUse.Ringing, _socket.State.Use);
        Assert.Equal((CallerCertainty.Asserted, "+33155500021"), (call.Caller.Certainty, call.Caller.Number));
        Assert.Equal(Service, call.Invite.Uri.User);
        call.Ring();
        await SeeAsync(TelephonePhase.RingingThere);
        await _network.AcceptAsync(call);
        await SeeAsync(TelephonePhase.Connected);

        _telephone.Press("42*7#");
        Assert.Equal("42*7#", await _network.KeysAsync(5));
        _telephone.PutDown();

        Assert.Equal(CallEndReason.RemoteHungUp, (await call.Ended.WaitAsync(Cancel)).Reason);
        await SeeAsync(LineUse.Idle);
        Assert.Equal($"The house calls {Service}.", _socket.State.Log[0].Text);
    }

    [Fact]
    public async Task What_passes_is_heard_in_the_handset_and_at_the_socket()
    {
        await using var handset = _telephone.Earpiece.ListenAsync(Cancel).GetAsyncEnumerator(Cancel);
        await using var tap = _socket.Earpiece.ListenAsync(Cancel).GetAsyncEnumerator(Cancel);
        _telephone.Dial(Service);
        await _network.AnswerAsync();

        do Assert.True(await handset.MoveNextAsync());
        while (LevelOf(handset.Current.Span, 0, 1) is not (> -14 and < -12));
        do Assert.True(await tap.MoveNextAsync());
        while (LevelOf(tap.Current.Span, 1, 2) is not (> -14 and < -12));

        Assert.Equal(Level.Silence, LevelOf(tap.Current.Span, 0, 2));
        var state = await Eventually.SeeAsync(
            () => Task.FromResult(_socket.State), state => state is { In.Packets: > 0, Out.Packets: > 0 }, Cancel);
        Assert.Equal((LineUse.Voice, Service), (state.Use, state.Number));
    }

    [Fact]
    public async Task The_house_is_called_and_a_second_caller_is_told_that_the_line_is_busy()
    {
        var call = await _network.CallAsync(_socket.Line);
        var state = await SeeAsync(TelephonePhase.Ringing);
        Assert.Equal("33639980084", state.Number);
        await using var second = await _network.CallAsync(_socket.Line);
        Assert.Equal(SipStatus.BusyHere, (await second.Ended.WaitAsync(Cancel)).Status);

        _telephone.Lift();

        Assert.NotNull(await call.Answered.WaitAsync(Cancel));
        await SeeAsync(LineUse.Voice);
        await call.HangUpAsync(Cancel);
        Assert.Equal(CallEnding.RemoteHungUp, (await SeeAsync(TelephonePhase.Over)).Ending);
    }

    [Theory]
    [InlineData(SipStatus.BusyHere, CallEnding.Busy)]
    [InlineData(SipStatus.NotFound, CallEnding.UnknownNumber)]
    public async Task What_the_network_refuses_the_house_hears(SipStatus status, CallEnding ending)
    {
        _telephone.Dial(Service);

        (await _network.CalledAsync()).Reject(status);

        Assert.Equal(ending, (await SeeAsync(TelephonePhase.Over)).Ending);
        await SeeAsync(LineUse.Idle);
    }

    [Fact]
    public async Task A_handset_put_down_while_it_rings_there_takes_the_call_back()
    {
        _telephone.Dial(Service);
        var call = await _network.CalledAsync();
        call.Ring();
        await SeeAsync(TelephonePhase.RingingThere);

        _telephone.PutDown();

        Assert.Equal(CallEndReason.Cancelled, (await call.Ended.WaitAsync(Cancel)).Reason);
        await SeeAsync(LineUse.Idle);
    }

    [Fact]
    public async Task A_cut_ends_the_call_at_both_ends()
    {
        Assert.Throws<InvalidOperationException>(_socket.Cut);
        _telephone.Dial(Service);
        var call = await _network.AnswerAsync();
        await SeeAsync(TelephonePhase.Connected);

        _socket.Cut();

        await SeeAsync(TelephonePhase.Over);
        await call.Ended.WaitAsync(Cancel);
        await SeeAsync(LineUse.Idle);
        _telephone.Redial();
        await _network.AnswerAsync();
        await SeeAsync(TelephonePhase.Connected);
    }

    [Fact]
    public async Task With_all_packets_lost_nothing_is_heard_and_all_is_counted()
    {
        _socket.Set(new LineFaults(LossPercent: 100));
        _telephone.Dial(Service);
        await _network.AnswerAsync();

        var state = await Eventually.SeeAsync(
            () => Task.FromResult(_socket.State), state => state is { In.Lost: > 5, Out.Lost: > 5 }, Cancel);

        Assert.Equal((0, 0), (state.In.Packets, state.Out.Packets));
    }

    [Fact]
    public void Faults_have_limits()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _socket.Set(new LineFaults(LossPercent: 101)));
        Assert.Throws<ArgumentOutOfRangeException>(() => _socket.Set(new LineFaults(LossPercent: double.NaN)));
        Assert.Throws<ArgumentOutOfRangeException>(() => _socket.Set(new LineFaults(DelayMilliseconds: 2001)));
        Assert.Throws<ArgumentOutOfRangeException>(() => _socket.Burst(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => _socket.Burst(2001));
    }

    [Fact]
    public async Task A_line_that_leads_nowhere_has_no_service()
    {
        await using var dead = WallSocket.Start(new WallSocketOptions());
        await using var telephone = Telephone.Start(new TelephoneOptions { Line = () => dead.Jack });

        telephone.Dial("17");

        var state = await Eventually.SeeAsync(
            () => Task.FromResult(telephone.State), state => state.Phase == TelephonePhase.Over, Cancel);
        Assert.Equal(CallEnding.NoService, state.Ending);
    }

    private static double LevelOf(ReadOnlySpan<byte> octets, int channel, int channels)
    {
        var samples = new short[octets.Length / sizeof(short) / channels];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = BinaryPrimitives.ReadInt16LittleEndian(octets[(2 * ((channels * i) + channel))..]);
        return Level.Of(samples);
    }

    private Task<TelephoneState> SeeAsync(TelephonePhase phase) =>
        Eventually.SeeAsync(() => Task.FromResult(_telephone.State), state => state.Phase == phase, Cancel);

    private Task<LineSight> SeeAsync(LineUse use) =>
        Eventually.SeeAsync(() => Task.FromResult(_socket.State), state => state.Use == use, Cancel);
}
