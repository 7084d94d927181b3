using Tessera.Lab.Phones;
using Xunit;

namespace Tessera.Lab.Tests.Phones;

/// <summary>Sequences of 3GPP TS 31.124 §27.22.4 that ask nothing of the holder.</summary>
public sealed class ToolkitCommandTests
{
    private const string SetUpMenu111 =
        "D03B810301250082028182850C546F6F6C6B6974204D656E758F07014974656D2031"
        + "8F07024974656D20328F07034974656D20338F07044974656D2034";

    private const string SetUpMenu113 = "D00D81030125008202818285008F00";
    private const string Success = "82028281830100";

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("D009810301020082028182", "810301020082028281830100")]
    [InlineData("D00D81030103008202818284020001", "81030103008202828183010084020001")]
    [InlineData("D009810301040082028182", "810301040082028281830100")]
    [InlineData("D009810301260082028182", "810301260082028281830100930700F11000010001")]
    [InlineData("D009810301260182028182", "81030126018202828183010094084A09512430325781")]
    [InlineData("D009810301260382028182", "810301260382028281830100A60762112290030300")]
    [InlineData("D009810301260482028182", "810301260482028281830100AD02656E")]
    [InlineData("D009810301260882028182", "810301260882028281830100E2094309512430325701F1")]
    [InlineData("D009810301260A82028182", "810301260A82028281830100E30104")]
    [InlineData("D009810301260282028182", "810301260282028281830130")]
    [InlineData("D00C810301050082028182990104", "810301050082028281830100")]
    [InlineData("D00C810301050082028182990109", "810301050082028281830130")]
    [InlineData("D00B8103014001820281829900", "810301400182028281830130")]
    [InlineData("D009810301340082028182", "810301340082028281830130")]
    [InlineData("D009810301770082028182", "810301770082028281830130")]
    [InlineData("D0098103017F0082028182", "8103017F0082028281830131")]
    [InlineData("D009810301EE0082028182", "810301EE0082028281830131")]
    public async Task The_SIM_hears_what_the_phone_did(string command, string response)
    {
        await using var bench = await PhoneBench.ReadyAsync();

        bench.Offer(command);

        Assert.Equal(response, await bench.ResponseAsync());
    }

    [Theory]
    [InlineData("D00B8103010200820281825E00", "810301020082028281830101")]
    [InlineData("D00B810301020082028182DE00", "810301020082028281830132")]
    [InlineData("D00D8103010200820281829E020001", "810301020082028281830104")]
    public async Task What_is_not_understood_is_passed_over_unless_it_must_be(string command, string response)
    {
        await using var bench = await PhoneBench.ReadyAsync();

        bench.Offer(command);

        Assert.Equal(response, await bench.ResponseAsync());
    }

    [Fact]
    public async Task A_menu_appears_in_the_phones_own_is_chosen_from_and_goes_again()
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Offer(SetUpMenu111);
        Assert.Equal($"8103012500{Success}", await bench.ResponseAsync());
        Assert.Equal(4, (await bench.SeeAsync(state => state.Menu is not null)).Menu!.Items.Count);

        await bench.PressAsync("Left 4");
        await bench.SeeAsync("Item 3");
        await bench.PressAsync("Down Down Ok");
        Assert.Equal("D30782020181900103", await bench.EnvelopeAsync());

        bench.Offer(SetUpMenu113);
        Assert.Equal($"8103012500{Success}", await bench.ResponseAsync());
        await bench.SeeAsync(state => state.Menu is null);
        await bench.PressAsync("Left");
        Assert.DoesNotContain("Toolkit Menu", (await bench.SeeAsync("Menu")).Screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_on_an_item_of_the_menu_is_asked_for()
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Offer(SetUpMenu111.Replace("8103012500", "8103012580", StringComparison.Ordinal));
        await bench.SeeAsync(state => state.Menu is { HasHelp: true });

        await bench.PressAsync("Left 4 Left");

        Assert.Equal("D309820201819001019500", await bench.EnvelopeAsync());
    }

    [Fact]
    public async Task A_busy_toolkit_is_told_to_the_holder()
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Offer(SetUpMenu111);
        await bench.SeeAsync(state => state.Menu is not null);
        bench.Sim.OnEnvelope = _ => "9300";

        await bench.PressAsync("Left 4 1");

        await bench.SeeAsync("The SIM is busy");
    }

    [Fact]
    public async Task Commands_follow_each_other_as_long_as_the_SIM_has_some()
    {
        var sim = new PlayedSim();
        sim.Offer("D009810301020082028182");
        sim.Offer("D009810302020082028182");
        sim.Offer(SetUpMenu111);

        await using var bench = await PhoneBench.ReadyAsync(sim);

        Assert.Equal($"8103010200{Success}", await bench.ResponseAsync());
        Assert.Equal($"8103020200{Success}", await bench.ResponseAsync());
        Assert.Equal($"8103012500{Success}", await bench.ResponseAsync());
    }

    [Fact]
    public async Task The_SIM_is_polled_as_often_as_it_wants_and_not_after_polling_off()
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Offer("D00D8103010300820281828402010A");
        Assert.Equal("8103010300820282818301008402010A", await bench.ResponseAsync());
        await bench.Phone.AskAsync(_ => Task.CompletedTask, TestContext.Current.CancellationToken);

        bench.Sim.Offer("D009810301040082028182");
        bench.Time.Advance(10 * Second);
        Assert.Equal($"8103010400{Success}", await bench.ResponseAsync());
        await bench.Phone.AskAsync(_ => Task.CompletedTask, TestContext.Current.CancellationToken);
        var before = bench.Sim.Commands.Count;
        bench.Time.Advance(TimeSpan.FromHours(1));
        await bench.Phone.AskAsync(_ => Task.CompletedTask, TestContext.Current.CancellationToken);

        Assert.Equal(before, bench.Sim.Commands.Count);
    }

    [Fact]
    public async Task A_timer_runs_is_read_and_expires()
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Offer("D011810301270082028182A40101A503000100");
        Assert.Equal($"8103012700{Success}A40101", await bench.ResponseAsync());
        bench.Offer("D00C810301270282028182A40101");
        Assert.Equal($"8103012702{Success}A40101A503009003", await bench.ResponseAsync());
        bench.Offer("D00C810301270282028182A40102");
        Assert.Equal("810301270282028281830124", await bench.ResponseAsync());

        bench.Time.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal("D70C82028281A40101A503000100", await bench.EnvelopeAsync());
    }

    [Fact]
    public async Task A_timer_that_was_stopped_tells_what_was_left_and_does_not_expire()
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Offer("D011810301270082028182A40108A503100000");
        Assert.Equal($"8103012700{Success}A40108", await bench.ResponseAsync());
        bench.Offer("D00C810301270182028182A40108");
        Assert.Equal($"8103012701{Success}A40108A503009503", await bench.ResponseAsync());

        bench.Time.Advance(TimeSpan.FromHours(2));
        await bench.Phone.AskAsync(_ => Task.CompletedTask, TestContext.Current.CancellationToken);

        Assert.False(bench.Sim.Envelopes.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Events_are_told_once()
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Offer("D00D81030105008202818299020405");
        Assert.Equal($"8103010500{Success}", await bench.ResponseAsync());

        await bench.PressAsync("Left");
        Assert.Equal("D60799010482028281", await bench.EnvelopeAsync());
        await bench.PressAsync("Back");
        Assert.Equal("D60799010582020281", await bench.EnvelopeAsync());
        await bench.PressAsync("Left Back");

        Assert.False(bench.Sim.Envelopes.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Idle_text_stands_on_the_idle_display_until_it_is_taken_away()
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Offer("D01A8103012800820281828D0F0449646C65204D6F64652054657874");
        Assert.Equal($"8103012800{Success}", await bench.ResponseAsync());
        await bench.SeeAsync("Idle Mode Text");

        bench.Offer("D00B8103012800820281828D00");

        Assert.Equal($"8103012800{Success}", await bench.ResponseAsync());
        await bench.SeeAsync(state => !state.Screen.Contains("Idle", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refresh_reads_the_SIM_again()
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Sim.SetFile(0x6F46, "01466F6F");

        bench.Offer("D0128103010100820281829207013F007F206F46");

        Assert.Equal($"8103010100{Success}", await bench.ResponseAsync());
        await bench.SeeAsync("Foo");
    }

    [Fact]
    public async Task A_reset_is_not_answered_but_done()
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Offer("D009810301010482028182");

        await bench.SeeAsync(_ => bench.Sim.Commands.Count(IsProfile) == 2);

        Assert.Equal(2, bench.Sim.Powered);
        Assert.False(bench.Sim.Responses.Reader.TryRead(out _));

        static bool IsProfile(string command) => command.StartsWith("A010", StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_reset_the_SIM_hears_of_nothing_that_happened_before()
    {
        await using var bench = await PhoneBench.ReadyAsync();
        await bench.PressAsync("Left");
        bench.Offer("D00D81030105008202818299020405");
        Assert.Equal($"8103010500{Success}", await bench.ResponseAsync());
        bench.Sim.Offer("D009810301010482028182");

        await bench.PressAsync("Back");

        Assert.Equal("D60799010482028281", await bench.EnvelopeAsync());
        await bench.SeeAsync(state => state.Sim == SimState.Ready && bench.Sim.Powered == 2);
        Assert.False(bench.Sim.Envelopes.Reader.TryRead(out _));
    }
}
