using Tessera.Phone.Tones;
using Xunit;

namespace Tessera.Phone.Tests.Tones;

public class KeyTests
{
    private static readonly KeyRule FourToEight = new() { Least = 4, Most = 8 };

    [Theory]
    [InlineData(KeySource.Events, "12")]
    [InlineData(KeySource.Sound, "12")]
    public void A_peer_that_tells_keys_in_both_ways_presses_each_once(KeySource source, string expected)
    {
        var listener = new KeyListener(source);
        foreach (var key in "12")
        {
            listener.Tell(key);
            listener.Hear(DtmfGenerator.Samples($"{key}", new DtmfOptions()));
        }

        Assert.Equal(expected, Keys(listener));
    }

    [Fact]
    public void What_is_not_the_source_is_not_heard()
    {
        var events = new KeyListener(KeySource.Events);
        events.Hear(DtmfGenerator.Samples("1", new DtmfOptions()));
        var sound = new KeyListener(KeySource.Sound);
        sound.Tell('1');

        Assert.Equal(("", ""), (Keys(events), Keys(sound)));
    }

    [Theory]
    [InlineData("1234#", KeyEntry.Complete, "1234")]
    [InlineData("12345678", KeyEntry.Complete, "12345678")]
    [InlineData("123456789", KeyEntry.Complete, "12345678")]
    [InlineData("123#", KeyEntry.Short, "123")]
    [InlineData("#", KeyEntry.Silent, "")]
    [InlineData("99*1234#", KeyEntry.Complete, "1234")]
    [InlineData("1234", KeyEntry.Open, "1234")]
    public void An_entry_ends_by_its_last_key_or_the_key_that_ends_it(string pressed, KeyEntry state, string keys)
    {
        var collector = new KeyCollector(FourToEight);
        foreach (var key in pressed) collector.Press(key);
        Assert.Equal((state, keys), (collector.State, collector.Keys));
    }

    [Fact]
    public void Nothing_pressed_in_time_is_silence()
    {
        var collector = new KeyCollector(FourToEight);
        collector.Wait(79_999);
        Assert.Equal(KeyEntry.Open, collector.State);
        collector.Wait(1);
        Assert.Equal(KeyEntry.Silent, collector.State);
        collector.Press('1');
        Assert.Equal("", collector.Keys);
    }

    [Theory]
    [InlineData("123", KeyEntry.Short)]
    [InlineData("12345", KeyEntry.Complete)]
    public void Each_key_gives_time_for_the_next(string pressed, KeyEntry state)
    {
        var collector = new KeyCollector(FourToEight);
        foreach (var key in pressed)
        {
            collector.Press(key);
            collector.Wait(39_999);
            Assert.Equal(KeyEntry.Open, collector.State);
        }

        collector.Wait(1);
        Assert.Equal((state, pressed), (collector.State, collector.Keys));
    }

    [Fact]
    public void Where_no_key_ends_an_entry_it_is_a_key_like_others()
    {
        var collector = new KeyCollector(new KeyRule { Most = 3, End = null, Back = null });
        foreach (var key in "*#5") collector.Press(key);
        Assert.Equal((KeyEntry.Complete, "*#5"), (collector.State, collector.Keys));
    }

    [Fact]
    public void A_rule_that_nobody_can_follow_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyCollector(new KeyRule { Least = 3, Most = 2 }));

    private static string Keys(KeyListener listener)
    {
        var keys = "";
        while (listener.TryRead(out var key)) keys += key;
        return keys;
    }
}
