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
    public async Task A_key_cuts_short_what_is_played_and_answers_the_question_behind_it()
    {
        var playing = _desk.PlayAsync(Question, Cancel);
        Assert.Equal(Question[..160], Block());
        _desk.Press('9');
        Assert.Equal(new short[AudioBlock.Length], Block());
        await playing;

        var asked = _desk.AskAsync(Question, new KeyRule { Most = 2 }, Cancel);
        Assert.Equal(new short[AudioBlock.Length], Block());
        _desk.Press('1');
        Block();

        Assert.Equal("91", (await asked).Keys);
    }

    [Fact]
    public async Task Keys_pressed_ahead_answer_one_question_after_the_other_and_cut_short_nothing_that_is_only_played()
    {
        var first = _desk.AskAsync(Question, new KeyRule(), Cancel);
        foreach (var key in "123") _desk.Press(key);
        Block();
        Assert.Equal("1", (await first).Keys);

        var playing = _desk.PlayAsync(Question, Cancel);
        for (var i = 0; i < 2; i++) Block();
        Assert.False(playing.IsCompleted);
        Assert.Equal([.. Question[320..], .. new short[80]], Block());
        await playing;

        foreach (var key in "23")
        {
            var next = _desk.AskAsync(Question, new KeyRule(), Cancel);
            Block();
            Assert.Equal($"{key}", (await next).Keys);
        }
    }

    [Fact]
    public async Task A_question_that_wants_fresh_keys_forgets_those_pressed_ahead_of_it()
    {
        _desk.Press('8');
        Block();
        _desk.Press('7');
        var asked = _desk.AskAsync(Question, new KeyRule { Fresh = true }, Cancel);
        Assert.Equal(Question[..160], Block());
        _desk.Press('1');
        Block();
        Assert.Equal("1", (await asked).Keys);

        var next = _desk.AskAsync(default, new KeyRule { First = TimeSpan.FromMilliseconds(20) }, Cancel);
        Block();
        Assert.Equal(KeyEntry.Silent, (await next).Entry);
    }

    [Fact]
    public async Task Of_keys_pressed_ahead_so_many_are_kept_and_no_more()
    {
        for (var i = 0; i < VoiceDesk.MaxAhead; i++) _desk.Press('5');
        _desk.Press('6');
        Block();

        var asked = _desk.AskAsync(default, new KeyRule { Most = VoiceDesk.MaxAhead + 1 }, Cancel);
        _desk.Press('7');
        Block();

        Assert.Equal(new string('5', VoiceDesk.MaxAhead) + "7", (await asked).Keys);
    }

    [Fact]
    public async Task Keys_that_a_question_does_not_know_are_as_if_they_had_not_been_pressed()
    {
        var asked = _desk.AskAsync(Question, new KeyRule { Only = "#", End = null }, Cancel);
        _desk.Press('4');
        Assert.Equal(Question[..160], Block());
        _desk.Press('#');
        Block();
        Assert.Equal("#", (await asked).Keys);

        var next = _desk.AskAsync(default, new KeyRule { First = TimeSpan.FromMilliseconds(20) }, Cancel);
        Block();
        Assert.Equal(KeyEntry.Silent, (await next).Entry);
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
