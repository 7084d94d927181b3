using Tessera.Phone.Calls;
using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;
using Tessera.Phone.Sound;
using Tessera.Phone.Tones;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Calls;

/// <summary>A machine that answers, and a caller, over real sockets.</summary>
public sealed class AnsweredCallTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly short[] Tone =
        [.. Enumerable.Range(0, 8000).Select(i => (short)(8000 * Math.Sin(2 * Math.PI * 1000 * i / 8000)))];

    private readonly RtpSound _sound = new();
    private CalledMachine _machine = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private AnsweredCall Answered => _machine.Answered;

    public async ValueTask InitializeAsync() => _machine = await CalledMachine.CallAsync(_sound.Exchange);

    public ValueTask DisposeAsync() => _machine.DisposeAsync();

    [Fact]
    public async Task The_caller_hears_what_is_played_and_answers_by_keys()
    {
        Assert.Equal((CallerCertainty.Claimed, "+33639980001"), (Answered.Caller.Certainty, Answered.Caller.Number));

        var asked = Answered.AskAsync(Tone, new KeyRule { Most = 4, First = Patience, Next = Patience }, Cancel);
        await HearToneAsync();
        foreach (var key in "1234") _machine.Session.Press(key);

        Assert.Equal(new Keyed(KeyEntry.Complete, "1234"), await asked.WaitAsync(Patience, Cancel));
    }

    [Fact]
    public async Task A_caller_that_hangs_up_ends_what_is_asked()
    {
        var asked = Answered.AskAsync(default, new KeyRule { First = Patience }, Cancel);

        await _machine.Call.HangUpAsync(Cancel);

        await Assert.ThrowsAsync<ConnectionLostException>(() => asked.WaitAsync(Patience, Cancel));
        Assert.Equal(CallEndReason.RemoteHungUp, (await Answered.Ended.WaitAsync(Patience, Cancel)).Reason);
    }

    [Fact]
    public async Task The_machine_hangs_up_and_the_caller_knows()
    {
        await Answered.DisposeAsync();

        Assert.Equal(CallEndReason.RemoteHungUp, (await _machine.Call.Ended.WaitAsync(Patience, Cancel)).Reason);
    }

    [Fact]
    public async Task A_call_whose_sound_has_ended_is_over_and_nobody_waits_in_it()
    {
        var asked = Answered.AskAsync(default, new KeyRule { First = Patience }, Cancel);

        _machine.Pacer.Dispose();

        await Assert.ThrowsAsync<ConnectionLostException>(() => asked.WaitAsync(Patience, Cancel));
        Assert.Equal(CallEndReason.RemoteHungUp, (await _machine.Call.Ended.WaitAsync(Patience, Cancel)).Reason);
    }

    [Fact]
    public async Task A_line_that_never_goes_to_data_says_so()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Answered.EnterDataAsync(Cancel));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Answered.AwaitDataAsync(Patience, Cancel));
    }

    /// <summary>Until a block is as loud as the tone.</summary>
    private async Task HearToneAsync()
    {
        var block = new short[AudioBlock.Length];
        while (await _sound.HearAsync(block, Cancel).AsTask().WaitAsync(Patience, Cancel) != Hearing.Ended)
        {
            if (block.Max() > 7000) return;
        }

        Assert.Fail("The call ended before the tone.");
    }
}
