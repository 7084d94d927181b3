using Tessera.Terminal.Displays;
using Tessera.Toolkit;
using Tessera.Wire;
using Xunit;

namespace Tessera.Terminal.Tests.Displays;

public class KeypadDisplayTests
{
    private static readonly ShownPayment Lunch = new("Lunch", "12.50", "EUR");
    private static readonly string[] Trips = ["Centre", "Airport", "Harbour", "Zoo", "Castle", "Station", "Market"];

    public static TheoryData<int, int> Sizes => new(
        from height in Enumerable.Range(2, 3)
        from width in Enumerable.Range(16, 5)
        select (height, width));

    [Fact]
    public void A_long_text_is_turned_page_by_page_and_acknowledged_on_the_last()
    {
        using var display = Show(new TextShown("Your payment of 12.50 for Lunch was made.", Waits: true));

        Assert.Equal(Lines("Your payment of ", "12.50 for Lunch↓"), display.Lines);
        Assert.Null(display.Press(Key.Ok));
        Assert.Equal(Lines("was made.       ", "                "), display.Lines);
        Assert.Null(display.Press(Key.Up));
        Assert.Equal(Lines("Your payment of ", "12.50 for Lunch↓"), display.Lines);
        Assert.Null(display.Press(Key.Down));
        Assert.IsType<Acknowledged>(display.Press(Key.Ok));
    }

    [Fact]
    public void A_list_shows_one_item_at_a_time_and_stops_at_its_ends()
    {
        using var display = Show(new ListShown("Where to?", ["Centre 3.20", "Airport 4.80", "Harbour 2.60"]));

        Assert.Equal(Lines("Where to?       ", "↓Centre 3.20    "), display.Lines);
        display.Press(Key.Up);
        Assert.Equal("↓Centre 3.20    ", display.Lines[1]);
        display.Press(Key.Down);
        Assert.Equal("↕Airport 4.80   ", display.Lines[1]);
        display.Press(Key.Down);
        display.Press(Key.Down);
        Assert.Equal("↑Harbour 2.60   ", display.Lines[1]);
        Assert.Equal(new Selected(2), display.Press(Key.Ok));
    }

    [Fact]
    public void A_digit_goes_to_that_item_and_one_beyond_the_list_does_nothing()
    {
        using var display = Show(new ListShown("Where to?", ["Centre", "Airport", "Harbour"]));

        display.Press(Key.Digit2);
        Assert.Equal("↕Airport        ", display.Lines[1]);
        display.Press(Key.Digit9);
        display.Press(Key.Digit0);
        Assert.Equal(new Selected(1), display.Press(Key.Ok));
    }

    [Fact]
    public void A_payment_stands_before_its_pin_and_the_pin_is_never_shown()
    {
        using var display = Show(new SecretAsked(SecretKind.Pin, "PIN:", 6, 8, Lunch));

        Assert.Equal(Lines("12.50 EUR       ", "Lunch           "), display.Lines);
        display.Press(Key.Digit1);
        Assert.Null(display.Press(Key.Ok));
        foreach (var key in new[] { Key.Digit1, Key.Digit2, Key.Digit3, Key.Digit4, Key.Digit5 }) display.Press(key);
        Assert.Equal(Lines("12.50 EUR PIN:  ", "*****           "), display.Lines);
        Assert.Null(display.Press(Key.Ok));
        display.Press(Key.Digit6);

        using var entry = Assert.IsType<Entry>(display.Press(Key.Ok));
        Assert.Equal("123456", entry.Reveal().ToString());
    }

    [Fact]
    public void No_more_digits_are_taken_than_a_pin_has()
    {
        using var display = Show(new SecretAsked(SecretKind.Pin, "PIN:", 6, 8, null));
        for (var i = 0; i < 12; i++) display.Press(Key.Digit7);

        using var entry = Assert.IsType<Entry>(display.Press(Key.Ok));
        Assert.Equal(8, entry.Reveal().Length);
    }

    [Fact]
    public void Clear_takes_back_a_digit_and_cancels_where_there_is_none()
    {
        using var display = Show(new SecretAsked(SecretKind.Pin, "PIN:", 6, 8, null));
        display.Press(Key.Digit1);

        Assert.Null(display.Press(Key.Clear));
        Assert.IsType<Cancelled>(display.Press(Key.Clear));
    }

    [Fact]
    public void An_amount_fills_from_the_right()
    {
        using var display = Show(new AmountAsked("Amount:", 6));

        Assert.Equal("            0.00", display.Lines[1]);
        Assert.Null(display.Press(Key.Ok));
        foreach (var key in new[] { Key.Digit0, Key.Digit1, Key.Digit2, Key.Digit5, Key.Digit0 }) display.Press(key);
        Assert.Equal("           12.50", display.Lines[1]);

        using var entry = Assert.IsType<Entry>(display.Press(Key.Ok));
        Assert.Equal("1250", entry.Reveal().ToString());
    }

    [Fact]
    public void Letters_come_by_pressing_a_key_again()
    {
        using var display = Show(new TextAsked("Name?", 1, 10, Digits: false));
        display.Press(Key.Digit2);
        display.Press(Key.Digit2);
        display.Press(Key.Down);
        display.Press(Key.Digit2);
        display.Press(Key.Digit3);

        using var entry = Assert.IsType<Entry>(display.Press(Key.Ok));
        Assert.Equal("BAD", entry.Reveal().ToString());
    }

    [Theory]
    [InlineData(Key.Ok, true)]
    [InlineData(Key.Clear, false)]
    public void A_decision_is_ok_or_clear(Key key, bool yes)
    {
        using var display = Show(new DecisionAsked("Pay?", Lunch));

        Assert.Equal(Lines("12.50 EUR       ", "Lunch           "), display.Lines);
        Assert.Equal(new Decided(yes), display.Press(key));
    }

    [Fact]
    public void A_larger_display_shows_more_of_a_text_at_once()
    {
        var text = new TextShown("Your payment of 12.50 for Lunch was made. Thank you and come again soon, good bye.", Waits: true);
        using var display = new KeypadDisplay(text, DisplaySize.Largest);

        Assert.Equal(
            Lines("Your payment of     ", "12.50 for Lunch was ", "made. Thank you and ", "come again soon,   ↓"), display.Lines);
        Assert.Null(display.Press(Key.Ok));
        Assert.Equal(Lines("good bye.           ", "                    ", "                    ", "                    "), display.Lines);
        Assert.IsType<Acknowledged>(display.Press(Key.Ok));
    }

    [Fact]
    public void A_larger_display_shows_several_items_and_marks_the_chosen_one()
    {
        using var display = new KeypadDisplay(new ListShown("Where to?", ["Centre", "Airport", "Harbour", "Zoo"]), new DisplaySize(3, 16));

        Assert.Equal(Lines("Where to?       ", "↓Centre         ", " Airport        "), display.Lines);
        display.Press(Key.Down);
        Assert.Equal(Lines("Where to?       ", " Centre         ", "↕Airport        "), display.Lines);
        display.Press(Key.Down);
        Assert.Equal(Lines("Where to?       ", " Airport        ", "↕Harbour        "), display.Lines);
        display.Press(Key.Up);
        Assert.Equal(Lines("Where to?       ", "↕Airport        ", " Harbour        "), display.Lines);
        display.Press(Key.Digit4);
        Assert.Equal(Lines("Where to?       ", " Harbour        ", "↑Zoo            "), display.Lines);
    }

    [Fact]
    public void A_larger_display_says_what_is_paid_while_the_pin_is_typed()
    {
        using var display = new KeypadDisplay(new SecretAsked(SecretKind.Pin, "PIN:", 6, 8, Lunch), new DisplaySize(3, 18));
        display.Press(Key.Ok);
        display.Press(Key.Digit1);

        Assert.Equal(Lines("Lunch             ", "12.50 EUR PIN:    ", "*                 "), display.Lines);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Any_keys_in_any_order_leave_lines_as_many_and_as_wide_as_the_display(int height, int width)
    {
        var random = new Random(20);
        var requests = new[]
        {
            new TextShown(new string('x', 170), Waits: true), new ListShown("A title longer than the line", Trips),
            new TextAsked("Say something\nlong", 0, 30, Digits: false), new AmountAsked("How much of it all?", 9),
            new SecretAsked(SecretKind.Puk, "PUK of the card, eight digits:", 8, 8, null), new DecisionAsked("Go on with it?", null),
            new SecretAsked(SecretKind.Pin, "PIN:", 6, 8, new ShownPayment("Three things\nfrom a long list of them", "12345.50", "EUR")),
            (ScreenRequest)new TextShown("", Waits: true),
        };
        foreach (var request in requests)
        {
            using var display = new KeypadDisplay(request, new DisplaySize(height, width));
            for (var i = 0; i < 2000; i++)
            {
                Assert.Equal(Enumerable.Repeat(width, height), display.Lines.Select(line => line.Length));
                var answer = display.Press((Key)random.Next((int)Key.Down + 1));
                (answer as Entry)?.Dispose();
                if (answer is not null) break;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Every_word_of_a_text_comes_into_sight(int height, int width)
    {
        var words = Enumerable.Range(100, 60).Select(number => $"word{number}").ToArray();
        using var display = new KeypadDisplay(new TextShown(string.Join(' ', words), Waits: true), new DisplaySize(height, width));
        List<string> seen = [];
        do seen.AddRange(display.Lines.SelectMany(line => line.Split([' ', '↓'], StringSplitOptions.RemoveEmptyEntries)));
        while (display.Press(Key.Ok) is null);

        Assert.Equal(words, seen, StringComparer.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_chosen_item_of_a_list_is_in_sight_and_the_only_one_marked(int height, int width)
    {
        var random = new Random(21);
        using var display = new KeypadDisplay(new ListShown("Where to?", Trips), new DisplaySize(height, width));
        for (var i = 0; i < 500; i++)
        {
            Key[] keys = [Key.Up, Key.Down, (Key)random.Next(10)];
            display.Press(keys[random.Next(keys.Length)]);
            Assert.Single(display.Lines.Skip(1), line => line[0] != ' ');
        }

        var marked = display.Lines.Skip(1).Single(line => line[0] != ' ')[1..].TrimEnd();
        Assert.Equal(marked, Trips[Assert.IsType<Selected>(display.Press(Key.Ok)).Place]);
    }

    [Fact]
    public void A_size_is_read_from_text_and_no_other_is_taken()
    {
        Assert.Equal(new DisplaySize(3, 18), DisplaySize.Parse("3x18"));
        Assert.Equal("4x20", DisplaySize.Largest.ToString());
        foreach (var text in new[] { "1x16", "5x16", "2x15", "2x21", "2", "x", "2x16x", "-2x16", "" })
            Assert.Throws<FormatException>(() => DisplaySize.Parse(text));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DisplaySize(5, 16));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DisplaySize(2, 21));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_profile_names_the_size_and_the_size_follows_a_profile(int height, int width)
    {
        var profile = TerminalProfile.Text(height, width, TerminalCapabilities.Printer);

        Assert.Equal((height, width), (profile.Height, profile.Width));
        Assert.Equal(new DisplaySize(height, width), DisplaySize.Of(profile));
        Assert.Equal(DisplaySize.Smallest, DisplaySize.Of(TerminalProfile.Rich));
    }

    private static KeypadDisplay Show(ScreenRequest request) => new(request, DisplaySize.Smallest);

    private static Sequence<string> Lines(params Sequence<string> lines) => lines;
}
