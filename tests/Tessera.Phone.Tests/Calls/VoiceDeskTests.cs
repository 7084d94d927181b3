using Tessera.Phone.Calls;
using Tessera.Phone.Sound;
using Tessera.Phone.Tones;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Calls;

public class VoiceDeskTests
{
    private static readonly short[] Question = [.. Enumerable.Range(1, 400).Select(i => (short)i)];

    private readonly VoiceDesk _desk = new(KeySource.Events);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sound_is_said_to_its_end_block_by_block()
    {
        var playing = _desk.PlayAsync(Question, Cancel);

        Assert.Equal([.. Question, .. new short[80]], (short[])[.. Block(), .. Block(), .. Block()]);

        await playing;
        Assert.Equal(new short[AudioBlock.Length], Block());
    }

    [Fact]
    public async Task The_first_key_of_an_answer_ends_its_question()
    {
        var asked = _desk.AskAsync(Question, new KeyRule { Most = 2 }, Cancel);
        Block();
        _desk.Press('4');
        Assert.Equal(new short[AudioBlock.Length], Block());
        _desk.Press('2');
        Block();

        Assert.Equal(new Keyed(KeyEntry.Complete, "42"), await asked);
    }

    [Fact]
    public async Task Who_says_nothing_is_waited_for_only_when_the_question_is_over()
    {
        var asked = _desk.AskAsync(Question, new KeyRule { First = TimeSpan.FromMilliseconds(40) }, Cancel);

        for (var i = 0; i < 3; i++) Block();
        Assert.False(asked.IsCompleted);
        for (var i = 0; i < 2; i++) Block();

        Assert.Equal(KeyEntry.Silent, (await asked).Entry);
    }

    [Fact]
    public async Task Keys_while_nothing_is_asked_answer_no_later_question()
    {
        var playing = _desk.PlayAsync(Question, Cancel);
        _desk.Press('9');
        for (var i = 0; i < 3; i++) Block();
        await playing;
        _desk.Press('8');
        Block();

        var asked = _desk.AskAsync(default, new KeyRule(), Cancel);
        _desk.Press('1');
        Block();

        Assert.Equal("1", (await asked).Keys);
    }

    [Fact]
    public async Task Keys_are_heard_by_their_tones_where_there_are_no_events()
    {
        var desk = new VoiceDesk(KeySource.Sound);
        var tones = DtmfSound("73");
        var asked = desk.AskAsync(default, new KeyRule { Most = 2 }, Cancel);

        desk.Press('5');
        for (var at = 0; at + AudioBlock.Length <= tones.Length; at += AudioBlock.Length)
            desk.Exchange(tones.AsSpan(at, AudioBlock.Length), new short[AudioBlock.Length]);

        Assert.Equal("73", (await asked).Keys);
    }

    [Fact]
    public async Task One_thing_at_a_time()
    {
        var playing = _desk.PlayAsync(Question, Cancel);

        await Assert.ThrowsAsync<InvalidOperationException>(() => _desk.PlayAsync(Question, Cancel));
        _desk.End();
        await Assert.ThrowsAsync<ConnectionLostException>(() => playing);
        await Assert.ThrowsAsync<ConnectionLostException>(() => _desk.AskAsync(Question, new KeyRule(), Cancel));
    }

    [Fact]
    public async Task Who_gives_up_leaves_the_desk_to_others()
    {
        using var stop = new CancellationTokenSource();
        var asked = _desk.AskAsync(Question, new KeyRule(), stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);

        var playing = _desk.PlayAsync(Question.AsMemory(0, 160), Cancel);

        Assert.Equal(Question[..160], Block());
        await playing;
    }

    [Fact]
    public void What_was_keyed_in_does_not_show_itself() =>
        Assert.DoesNotContain("1234", $"{new Keyed(KeyEntry.Complete, "1234")}", StringComparison.Ordinal);

    private short[] Block()
    {
        var spoken = new short[AudioBlock.Length];
        _desk.Exchange(new short[AudioBlock.Length], spoken);
        return spoken;
    }

    private static short[] DtmfSound(string keys)
    {
        var generator = new DtmfGenerator();
        generator.Press(keys);
        var sound = new short[8000];
        generator.Read(sound);
        return sound;
    }
}
