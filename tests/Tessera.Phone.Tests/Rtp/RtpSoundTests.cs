using Tessera.Phone.Rtp;
using Tessera.Phone.Sound;
using Xunit;

namespace Tessera.Phone.Tests.Rtp;

public class RtpSoundTests
{
    private readonly RtpSound _sound = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Blocks_heard_are_waited_for_and_blocks_said_go_out_one_by_one()
    {
        var hearing = HearAsync();
        Assert.False(hearing.IsCompleted);
        await SayAsync(7);
        await SayAsync(8);

        Assert.Equal([7, 8, 0], [Exchange(1), Exchange(2, concealed: true), Exchange(3)]);
        Assert.Equal((Hearing.Heard, 1), await hearing);
        Assert.Equal((Hearing.Concealed, 2), await HearAsync());
        Assert.Equal((Hearing.Heard, 3), await HearAsync());
    }

    [Fact]
    public async Task After_the_end_there_is_nothing_more_to_hear()
    {
        Exchange(1);
        _sound.End();

        Assert.Equal((Hearing.Heard, 1), await HearAsync());
        Assert.Equal((Hearing.Ended, 0), await HearAsync());
        await SayAsync(1);
    }

    [Fact]
    public async Task Who_listens_too_slowly_hears_what_was_said_last()
    {
        for (short i = 1; i <= 500; i++) Exchange(i);
        Assert.Equal((Hearing.Heard, 451), await HearAsync());
    }

    [Fact]
    public async Task A_block_is_whole() =>
        await Assert.ThrowsAsync<ArgumentException>(async () => await _sound.SayAsync(new short[159], Cancel));

    private short Exchange(short heard, bool concealed = false)
    {
        var spoken = new short[AudioBlock.Length];
        _sound.Exchange([.. Enumerable.Repeat(heard, AudioBlock.Length)], concealed, spoken);
        return spoken[^1];
    }

    private async Task<(Hearing Hearing, short Sample)> HearAsync()
    {
        var samples = new short[AudioBlock.Length];
        var hearing = await _sound.HearAsync(samples, Cancel);
        return (hearing, samples[^1]);
    }

    private ValueTask SayAsync(short sample) =>
        _sound.SayAsync(Enumerable.Repeat(sample, AudioBlock.Length).ToArray(), Cancel);
}
