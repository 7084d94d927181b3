using Tessera.Lab.Calls;
using Tessera.Lab.Phones;
using Tessera.Phone.Sip;
using Tessera.Phone.Sound;
using Xunit;

namespace Tessera.Lab.Tests.Phones;

/// <summary>The holder calls over a voice network that the test plays.</summary>
public sealed class CallTests : IAsyncLifetime
{
    private const string Service = "+33639980083";

    private readonly VoiceNetwork _network = new();
    private PhoneBench _bench = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _bench = await PhoneBench.ReadyAsync(options: new HandsetOptions { VoiceNetwork = _network.Address });

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _network.DisposeAsync();
    }

    [Fact]
    public async Task A_number_is_dialled_by_keys_rings_and_is_answered()
    {
        await _bench.PressAsync("Star Star 3 3 6 3 9 9 8 0 0 8 3");
        Assert.StartsWith($"{Service}_", _bench.Phone.State.Screen, StringComparison.Ordinal);
        await _bench.PressAsync("Call");
        await _bench.SeeAsync("Calling");
        var call = await _network.CalledAsync();
        call.Ring();
        await _bench.SeeAsync("Ringing");
        await _network.AcceptAsync(call);

        await _bench.SeeAsync("Connected 00:00");
        _bench.Time.Advance(TimeSpan.FromSeconds(65));
        var state = await _bench.SeeAsync("Connected 01:05");

        Assert.Equal(new CallSight(Service, "", CallPhase.Connected, 65, CallEnding.None), state.Call);
        Assert.Equal((Service, _network.Address.Port), (call.Invite.Uri.User, call.Invite.Uri.Port));
        Assert.Equal((CallerCertainty.Asserted, "+33612345678"), (call.Caller.Certainty, call.Caller.Number));
        await _bench.PressAsync("End");
        state = await _bench.SeeAsync("Call ended 01:05");
        Assert.Equal((CallPhase.Ended, CallEnding.HungUp), (state.Call!.Phase, state.Call.Ending));
        Assert.Equal(CallEndReason.RemoteHungUp, (await call.Ended.WaitAsync(Cancel)).Reason);

        _bench.Time.Advance(TimeSpan.FromSeconds(5));

        await _bench.SeeAsync(state => state.Call is null && state.Left.Equals("Menu", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_green_key_calls_the_last_number_again_and_the_clear_key_takes_digits_away()
    {
        await _bench.Phone.DialAsync("123", Cancel);
        (await _network.CalledAsync()).Reject();
        await _bench.SeeAsync("Busy");
        await _bench.PressAsync("Ok");
        await _bench.SeeAsync(state => state.Call is null);

        await _bench.PressAsync("Call");
        await _bench.SeeAsync("123_");
        await _bench.PressAsync("Back Back Hash Call");

        var call = await _network.CalledAsync();
        Assert.Equal("1%23", call.Invite.Uri.User);
        await _bench.PressAsync("End");
        Assert.Equal(CallEndReason.Cancelled, (await call.Ended.WaitAsync(Cancel)).Reason);
    }

    [Fact]
    public async Task The_other_end_hangs_up()
    {
        await _bench.Phone.DialAsync(Service, Cancel);
        var call = await _network.AnswerAsync();
        await _bench.SeeAsync("Connected");

        await call.HangUpAsync(Cancel);

        await _bench.SeeAsync(state => state.Call?.Ending == CallEnding.RemoteHungUp);
    }

    [Theory]
    [InlineData(SipStatus.BusyHere, CallEnding.Busy, "Busy")]
    [InlineData(SipStatus.NotFound, CallEnding.UnknownNumber, "No such number")]
    [InlineData(SipStatus.Decline, CallEnding.Refused, "Call refused")]
    [InlineData(SipStatus.TemporarilyUnavailable, CallEnding.NotAnswered, "No answer")]
    [InlineData(SipStatus.ServiceUnavailable, CallEnding.NoService, "No voice service")]
    public async Task A_call_that_is_not_taken_says_why(SipStatus status, CallEnding ending, string words)
    {
        await _bench.Phone.DialAsync(Service, Cancel);

        (await _network.CalledAsync()).Reject(status);

        Assert.Equal(ending, (await _bench.SeeAsync(words)).Call!.Ending);
    }

    [Fact]
    public async Task A_hidden_number_is_withheld()
    {
        await _bench.PressAsync("Left 5");
        await _bench.SeeAsync("hidden from those");
        Assert.True(_bench.Phone.State.HidesNumber);

        await _bench.Phone.DialAsync(Service, Cancel);

        var caller = (await _network.CalledAsync()).Caller;
        Assert.Equal((CallerCertainty.Withheld, null), (caller.Certainty, caller.Number));
    }

    [Fact]
    public async Task A_second_call_is_not_begun_beside_the_first()
    {
        await _bench.Phone.DialAsync(Service, Cancel);
        await _network.AnswerAsync();
        await _bench.SeeAsync("Connected");

        await _bench.Phone.DialAsync("123", Cancel);

        await _bench.SeeAsync("A call is under way");
        Assert.Equal((Service, CallPhase.Connected), (_bench.Phone.State.Call!.Number, _bench.Phone.State.Call.Phase));
    }

    [Fact]
    public async Task A_pulled_SIM_ends_the_call()
    {
        await _bench.Phone.DialAsync(Service, Cancel);
        var call = await _network.AnswerAsync();
        await _bench.SeeAsync("Connected");

        _bench.Sim.Pull();

        Assert.Equal(CallEndReason.RemoteHungUp, (await call.Ended.WaitAsync(Cancel)).Reason);
        await _bench.SeeAsync("Call ended: no SIM");
    }

    [Fact]
    public async Task A_phone_that_is_switched_off_ends_the_call()
    {
        await _bench.Phone.DialAsync(Service, Cancel);
        var call = await _network.AnswerAsync();
        await _bench.SeeAsync("Connected");

        await _bench.PressAsync("Power");

        Assert.Equal(CallEndReason.RemoteHungUp, (await call.Ended.WaitAsync(Cancel)).Reason);
        Assert.Null(_bench.Phone.State.Call);
    }

    [Fact]
    public async Task Nobody_can_call_the_phone()
    {
        await _bench.Phone.DialAsync(Service, Cancel);
        var contact = (await _network.CalledAsync()).Invite.Contacts[0].Uri;
        await using var other = SipEndpoint.Listen(new SipEndpointOptions
        {
            Address = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0), Tcp = false,
        });

        var call = await other.CallAsync(contact, new LocalAudio(other.Address), options: null, Cancel);

        Assert.Equal(SipStatus.TemporarilyUnavailable, (await call.Ended.WaitAsync(Cancel)).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("hello")]
    [InlineData("1234567890123456789012")]
    public async Task What_cannot_be_dialled_is_refused(string number) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => _bench.Phone.DialAsync(number, Cancel));
}

/// <summary>Calls with sound, so on the clock of the world.</summary>
public sealed class CallSoundTests : IAsyncLifetime
{
    private readonly VoiceNetwork _network = new();
    private readonly PlayedSim _sim = new();
    private Handset _phone = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _phone = Handset.Start(new HandsetOptions { VoiceNetwork = _network.Address }, _sim);
        _sim.Insert();
        await SeeAsync(state => state.Sim == SimState.Ready);
    }

    public async ValueTask DisposeAsync()
    {
        await _phone.DisposeAsync();
        await _network.DisposeAsync();
    }

    [Fact]
    public async Task Keys_are_heard_at_the_other_end()
    {
        await _phone.DialAsync("123", Cancel);
        await _network.AnswerAsync();
        await SeeAsync(state => state.Call!.Phase == CallPhase.Connected);

        await _phone.PressAsync("42*7#", Cancel);

        Assert.Equal("42*7#", await _network.KeysAsync(5));
        Assert.Contains("42*7#", _phone.State.Screen, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => { _ = PhoneKeys.Of('a'); });
    }

    [Fact]
    public async Task Keys_are_tones_in_the_sound_where_the_holder_wants_it()
    {
        await _phone.KeysInBandAsync(inBand: true, Cancel);
        await _phone.DialAsync("123", Cancel);
        var heard = VoiceNetwork.AcceptAndHearTonesAsync(await _network.CalledAsync(), 5);
        await SeeAsync(state => state.Call!.Phase == CallPhase.Connected);

        await _phone.PressAsync("42*7#", Cancel);

        Assert.Equal("42*7#", await heard);
        Assert.True(_phone.State.KeysInBand);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ringing_and_busy_are_heard_in_the_phone(bool rings)
    {
        await using var listening = _phone.Earpiece.ListenAsync(Cancel).GetAsyncEnumerator(Cancel);
        await _phone.DialAsync("123", Cancel);
        var call = await _network.CalledAsync();

        if (rings) call.Ring();
        else call.Reject();

        do Assert.True(await listening.MoveNextAsync());
        while (LevelOf(listening.Current.Span) is not (> -14 and < -12));
    }

    [Fact]
    public async Task What_the_other_end_plays_is_heard_in_the_phone()
    {
        await using var listening = _phone.Earpiece.ListenAsync(Cancel).GetAsyncEnumerator(Cancel);
        await _phone.DialAsync("123", Cancel);
        await _network.AnswerAsync();

        do Assert.True(await listening.MoveNextAsync());
        while (LevelOf(listening.Current.Span) is not (> -14 and < -12));
    }

    private static double LevelOf(ReadOnlySpan<byte> octets)
    {
        Span<short> samples = stackalloc short[AudioBlock.Length];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = System.Buffers.Binary.BinaryPrimitives.ReadInt16LittleEndian(octets[(2 * i)..]);
        return Level.Of(samples);
    }

    private async Task<HandsetState> SeeAsync(Func<HandsetState, bool> wanted) =>
        await Tessera.Testing.Eventually.SeeAsync(() => Task.FromResult(_phone.State), wanted, Cancel);
}
