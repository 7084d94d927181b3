using Tessera.Terminal.Displays;
using Xunit;

namespace Tessera.Terminal.Tests.Displays;

public class KeypadDisplayTests
{
    private static readonly ShownPayment Lunch = new("Lunch", "12.50", "EUR");

    [Fact]
    public void A_long_text_is_turned_page_by_page_and_acknowledged_on_the_last()
    {
        using var display = new KeypadDisplay(new TextShown("Your payment of 12.50 for Lunch was made.", Waits: true));

        Assert.Equal(new Lines("Your payment of ", "12.50 for Lunch↓"), display.Lines);
        Assert.Null(display.Press(Key.Ok));
        Assert.Equal(new Lines("was made.       ", "                "), display.Lines);
        Assert.Null(display.Press(Key.Up));
        Assert.Equal(new Lines("Your payment of ", "12.50 for Lunch↓"), display.Lines);
        Assert.Null(display.Press(Key.Down));
        Assert.IsType<Acknowledged>(display.Press(Key.Ok));
    }

    [Fact]
    public void A_list_shows_one_item_at_a_time_and_stops_at_its_ends()
    {
        using var display = new KeypadDisplay(new ListShown("Where to?", ["Centre 3.20", "Airport 4.80", "Harbour 2.60"]));

        Assert.Equal(new Lines("Where to?       ", "↓Centre 3.20    "), display.Lines);
        display.Press(Key.Up);
        Assert.Equal("↓Centre 3.20    ", display.Lines.Second);
        display.Press(Key.Down);
        Assert.Equal("↕Airport 4.80   ", display.Lines.Second);
        display.Press(Key.Down);
        display.Press(Key.Down);
        Assert.Equal("↑Harbour 2.60   ", display.Lines.Second);
        Assert.Equal(new Selected(2), display.Press(Key.Ok));
    }

    [Fact]
    public void A_digit_goes_to_that_item_and_one_beyond_the_list_does_nothing()
    {
        using var display = new KeypadDisplay(new ListShown("Where to?", ["Centre", "Airport", "Harbour"]));

        display.Press(Key.Digit2);
        Assert.Equal("↕Airport        ", display.Lines.Second);
        display.Press(Key.Digit9);
        display.Press(Key.Digit0);
        Assert.Equal(new Selected(1), display.Press(Key.Ok));
    }

    [Fact]
    public void A_payment_stands_before_its_pin_and_the_pin_is_never_shown()
    {
        using var display = new KeypadDisplay(new SecretAsked(SecretKind.Pin, "PIN:", 6, 8, Lunch));

        Assert.Equal(new Lines("12.50 EUR       ", "Lunch           "), display.Lines);
        display.Press(Key.Digit1);
        Assert.Null(display.Press(Key.Ok));
        foreach (var key in new[] { Key.Digit1, Key.Digit2, Key.Digit3, Key.Digit4, Key.Digit5 }) display.Press(key);
        Assert.Equal(new Lines("12.50 EUR PIN:  ", "*****           "), display.Lines);
        Assert.Null(display.Press(Key.Ok));
        display.Press(Key.Digit6);

        using var entry = Assert.IsType<Entry>(display.Press(Key.Ok));
        Assert.Equal("123456", entry.Reveal().ToString());
    }

    [Fact]
    public void No_more_digits_are_taken_than_a_pin_has()
    {
        using var display = new KeypadDisplay(new SecretAsked(SecretKind.Pin, "PIN:", 6, 8, null));
        for (var i = 0; i < 12; i++) display.Press(Key.Digit7);

        using var entry = Assert.IsType<Entry>(display.Press(Key.Ok));
        Assert.Equal(8, entry.Reveal().Length);
    }

    [Fact]
    public void Clear_takes_back_a_digit_and_cancels_where_there_is_none()
    {
        using var display = new KeypadDisplay(new SecretAsked(SecretKind.Pin, "PIN:", 6, 8, null));
        display.Press(Key.Digit1);

        Assert.Null(display.Press(Key.Clear));
        Assert.IsType<Cancelled>(display.Press(Key.Clear));
    }

    [Fact]
    public void An_amount_fills_from_the_right()
    {
        using var display = new KeypadDisplay(new AmountAsked("Amount:", 6));

        Assert.Equal("            0.00", display.Lines.Second);
        Assert.Null(display.Press(Key.Ok));
        foreach (var key in new[] { Key.Digit0, Key.Digit1, Key.Digit2, Key.Digit5, Key.Digit0 }) display.Press(key);
        Assert.Equal("           12.50", display.Lines.Second);

        using var entry = Assert.IsType<Entry>(display.Press(Key.Ok));
        Assert.Equal("1250", entry.Reveal().ToString());
    }

    [Fact]
    public void Letters_come_by_pressing_a_key_again()
    {
        using var display = new KeypadDisplay(new TextAsked("Name?", 1, 10, Digits: false));
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
        using var display = new KeypadDisplay(new DecisionAsked("Pay?", Lunch));

        Assert.Equal(new Lines("12.50 EUR       ", "Lunch           "), display.Lines);
        Assert.Equal(new Decided(yes), display.Press(key));
    }

    [Fact]
    public void Any_keys_in_any_order_leave_two_lines_of_sixteen()
    {
        var random = new Random(20);
        ScreenRequest[] requests =
        [
            new TextShown(new string('x', 70), Waits: true), new ListShown("A title longer than the line", ["one", "two"]),
            new TextAsked("Say something\nlong", 0, 20, Digits: false), new AmountAsked("How much of it all?", 9),
            new SecretAsked(SecretKind.Puk, "PUK of the card, eight digits:", 8, 8, null), new DecisionAsked("Go on with it?", null),
        ];
        foreach (var request in requests)
        {
            using var display = new KeypadDisplay(request);
            for (var i = 0; i < 2000; i++)
            {
                Assert.Equal((Lines.Width, Lines.Width), (display.Lines.First.Length, display.Lines.Second.Length));
                var answer = display.Press((Key)random.Next((int)Key.Down + 1));
                (answer as Entry)?.Dispose();
                if (answer is not null) break;
            }
        }
    }
}
