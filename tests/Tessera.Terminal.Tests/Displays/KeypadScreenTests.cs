using Tessera.Terminal.Displays;
using Xunit;

namespace Tessera.Terminal.Tests.Displays;

public class KeypadScreenTests
{
    private readonly List<Key> _unasked = [];
    private readonly KeypadScreen _screen;

    public KeypadScreenTests() => _screen = new KeypadScreen(new DisplaySize(3, 18)) { Unasked = _unasked.Add };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_data_key_answers_nothing_that_is_asked_and_other_keys_only_that()
    {
        var asked = _screen.AskAsync(new DecisionAsked("Pay?", null), Cancel);

        Assert.True(_screen.TryPress(_screen.Ask, Key.Data));
        Assert.False(asked.IsCompleted);
        Assert.True(_screen.TryPress(_screen.Ask, Key.Ok));
        Assert.Equal(new Decided(Yes: true), await asked);
        Assert.Equal([Key.Data], _unasked);

        Assert.True(_screen.TryPress(_screen.Ask, Key.Clear));
        Assert.Equal([Key.Data, Key.Clear], _unasked);
    }

    [Fact]
    public void A_key_for_what_is_no_longer_shown_does_nothing()
    {
        var before = _screen.Ask;
        _screen.Idle(new IdleState("Home", Card: true, Connected: true, "", "", ""));

        Assert.False(_screen.TryPress(before, Key.Data));
        Assert.Empty(_unasked);
    }

    [Fact]
    public void A_key_for_words_that_are_shown_again_counts()
    {
        var words = new IdleWords("Press data key", "");
        _screen.Idle(new IdleState("Home", Card: true, Connected: false, "", "", "") { Words = words });
        var before = _screen.Ask;
        _screen.Idle(new IdleState("Home", Card: true, Connected: true, "", "", "") { Words = words });

        Assert.True(_screen.TryPress(before, Key.Data));
        Assert.Equal([Key.Data], _unasked);
    }

    [Fact]
    public void What_a_terminal_says_itself_stands_in_place_of_card_and_connection_but_not_of_trouble()
    {
        var idle = new IdleState("Home", Card: false, Connected: false, "", "", "")
        {
            Words = new IdleWords("Press data key", "Battery low"),
        };
        _screen.Idle(idle);
        Assert.Equal(["Press data key    ", "Battery low       ", "                  "], _screen.Lines);

        _screen.Idle(idle with { Trouble = "There is no reader." });
        Assert.Equal("Out of order      ", _screen.Lines[1]);
    }
}
