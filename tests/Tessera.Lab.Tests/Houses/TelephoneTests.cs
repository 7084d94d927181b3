using Tessera.Lab.Calls;
using Tessera.Lab.Houses.Telephones;
using Tessera.Lab.Tests.Phones;
using Tessera.Phone.Sip;
using Tessera.Testing;
using Xunit;

namespace Tessera.Lab.Tests.Houses;

/// <summary>A telephone on a line that the test plays. Its clock is moved by hand.</summary>
public sealed class TelephoneTests : IAsyncLifetime
{
    private readonly VoiceNetwork _network = new();
    private readonly ManualTime _time = new();
    private Telephone _telephone = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _telephone = Telephone.Start(new TelephoneOptions { Line = () => _network.Address, Time = _time });
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _telephone.DisposeAsync();
        await _network.DisposeAsync();
    }

    [Fact]
    public async Task A_lifted_handset_dials_what_is_pressed_when_no_more_digits_come()
    {
        _telephone.Press("9");
        Assert.Equal(TelephonePhase.OnHook, _telephone.State.Phase);
        _telephone.Lift();
        Assert.Equal("Dial tone", _telephone.State.Words);
        _telephone.Press("12");
        _time.Advance(TimeSpan.FromSeconds(3));
        _telephone.Press("3#");
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(("123#", "Dialling"), (_telephone.State.Number, _telephone.State.Words));

        _time.Advance(TimeSpan.FromSeconds(1));

        var call = await _network.CalledAsync();
        Assert.Equal("123%23", call.Invite.Uri.User);
        call.Ring();
        await SeeAsync(TelephonePhase.RingingThere);
        await _network.AcceptAsync(call);
        await SeeAsync(TelephonePhase.Connected);
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(61, _telephone.State.Seconds);

        _telephone.PutDown();

        Assert.Equal(CallEndReason.RemoteHungUp, (await call.Ended.WaitAsync(Cancel)).Reason);
        Assert.Equal((TelephonePhase.OnHook, "123#"), (_telephone.State.Phase, _telephone.State.LastNumber));
    }

    [Theory]
    [InlineData(SipStatus.BusyHere, CallEnding.Busy, "Busy")]
    [InlineData(SipStatus.NotFound, CallEnding.UnknownNumber, "No such number")]
    [InlineData(SipStatus.ServiceUnavailable, CallEnding.NoService, "No voice service")]
    public async Task A_call_that_comes_to_nothing_says_why_until_the_handset_is_down(
        SipStatus status, CallEnding ending, string words)
    {
        _telephone.Dial("+33123");
        var call = await _network.CalledAsync();
        Assert.Equal("+33123", call.Invite.Uri.User);

        call.Reject(status);

        var state = await SeeAsync(TelephonePhase.Over);
        Assert.Equal((ending, words), (state.Ending, state.Words));
        _telephone.PutDown();
        Assert.Equal(TelephonePhase.OnHook, _telephone.State.Phase);
    }

    [Fact]
    public async Task The_last_number_is_called_again()
    {
        Assert.Throws<InvalidOperationException>(_telephone.Redial);
        _telephone.Dial("17");
        (await _network.CalledAsync()).Reject();
        await SeeAsync(TelephonePhase.Over);

        _telephone.Redial();

        Assert.Equal("17", (await _network.CalledAsync()).Invite.Uri.User);
        Assert.Throws<InvalidOperationException>(() => _telephone.Dial("18"));
    }

    [Fact]
    public async Task A_handset_put_down_takes_the_call_back()
    {
        _telephone.Dial("17");
        var call = await _network.CalledAsync();

        _telephone.PutDown();

        Assert.Equal(CallEndReason.Cancelled, (await call.Ended.WaitAsync(Cancel)).Reason);
    }

    [Fact]
    public async Task The_other_end_hangs_up_and_the_telephone_says_so()
    {
        _telephone.Dial("17");
        var call = await _network.AnswerAsync();
        await SeeAsync(TelephonePhase.Connected);

        await call.HangUpAsync(Cancel);

        Assert.Equal(CallEnding.RemoteHungUp, (await SeeAsync(TelephonePhase.Over)).Ending);
    }

    [Fact]
    public async Task The_bell_rings_and_a_lifted_handset_answers()
    {
        var call = await _network.CallAsync(_telephone.Address);
        var state = await SeeAsync(TelephonePhase.Ringing);
        Assert.Equal("33639980084", state.Number);
        _telephone.PutDown();
        await using var second = await _network.CallAsync(_telephone.Address);
        Assert.Equal(SipStatus.BusyHere, (await second.Ended.WaitAsync(Cancel)).Status);

        _telephone.Lift();

        await SeeAsync(TelephonePhase.Connected);
        Assert.NotNull(await call.Answered.WaitAsync(Cancel));
        _telephone.PutDown();
        Assert.Equal(CallEndReason.RemoteHungUp, (await call.Ended.WaitAsync(Cancel)).Reason);
    }

    [Fact]
    public async Task A_caller_who_gives_up_stops_the_bell()
    {
        var call = await _network.CallAsync(_telephone.Address);
        await SeeAsync(TelephonePhase.Ringing);

        await call.HangUpAsync(Cancel);

        await SeeAsync(TelephonePhase.OnHook);
    }

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("hello")]
    [InlineData("123456789012345678901234567890123")]
    public void What_cannot_be_dialled_is_refused(string number) =>
        Assert.Throws<ArgumentException>(() => _telephone.Dial(number));

    [Fact]
    public void There_is_no_other_key() => Assert.Throws<ArgumentException>(() => _telephone.Press("1A"));

    [Fact]
    public async Task A_telephone_that_is_plugged_into_nothing_has_no_service()
    {
        await using var alone = Telephone.Start(new TelephoneOptions { Line = () => null, Time = _time });

        alone.Dial("17");

        Assert.Equal((TelephonePhase.Over, CallEnding.NoService), (alone.State.Phase, alone.State.Ending));
    }

    private Task<TelephoneState> SeeAsync(TelephonePhase phase) =>
        Eventually.SeeAsync(() => Task.FromResult(_telephone.State), state => state.Phase == phase, Cancel);
}
