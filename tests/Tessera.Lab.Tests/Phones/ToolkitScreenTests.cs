using Tessera.Lab.Phones;
using Xunit;

namespace Tessera.Lab.Tests.Phones;

/// <summary>
/// Sequences of 3GPP TS 31.124 §27.22.4: what the SIM asks, what the holder does, what the SIM hears.
/// </summary>
public sealed class ToolkitScreenTests
{
    private const string DisplayText111 = "D01A8103012180820281028D0F04546F6F6C6B697420546573742031";
    private const string DisplayText141 = "D0198103012180820281028D0E00D4F79BBD4ED341D4F29C0E9A01";
    private const string GetInkey111 = "D0158103012200820281828D0A04456E74657220222B22";
    private const string GetInput111 = "D01B8103012300820281828D0C04456E74657220313233343591020505";
    private const string GetInput121 = "D01A8103012308820281828D0B004537BD2C07D96EAAD10A91020505";
    private const string GetInput131 = "D01B8103012301820281828D0C04456E74657220416243644591020505";
    private const string GetInput141 =
        "D0278103012304820281828D180450617373776F726420313C53454E443E3233343536373891020408";
    private const string GetInput411 = "D01B8103012303820281828D0C04456E7465722048656C6C6F91020C0C";

    private const string SelectItem111 =
        "D03D810301240082028182850E546F6F6C6B69742053656C656374"
        + "8F07014974656D20318F07024974656D20328F07034974656D20338F07044974656D2034";

    private const string SelectItem311 =
        "D037810301240082028182850E546F6F6C6B69742053656C656374"
        + "8F07014974656D20318F07024974656D20328F07034974656D2033900102";

    [Theory]
    [InlineData(DisplayText111, "Toolkit Test 1")]
    [InlineData(DisplayText141, "Toolkit Test 3")]
    [InlineData("D01A8103012180820281028D0F080421043404400430043204410442", "Сдравст")]
    public async Task A_text_stands_until_it_is_read(string command, string text)
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Offer(command);
        await bench.SeeAsync(text);

        await bench.PressAsync("Ok");

        Assert.Equal("810301218082028281830100", await bench.ResponseAsync());
        await bench.SeeAsync("No network");
    }

    [Theory]
    [InlineData("End", "810301218082028281830110")]
    [InlineData("Back", "810301218082028281830111")]
    [InlineData("Right", "810301218082028281830111")]
    public async Task A_text_is_left_by_other_keys(string key, string response)
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Offer(DisplayText111);
        await bench.SeeAsync("Toolkit Test 1");

        await bench.PressAsync(key);

        Assert.Equal(response, await bench.ResponseAsync());
    }

    [Fact]
    public async Task A_text_that_nobody_reads_is_answered_so()
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Offer(DisplayText111);
        await bench.SeeAsync("Toolkit Test 1");

        bench.Time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal("810301218082028281830112", await bench.ResponseAsync());
    }

    [Fact]
    public async Task A_text_that_clears_itself_is_done_after_its_time()
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Offer("D01A8103012100820281028D0F04546F6F6C6B697420546573742031");
        await bench.SeeAsync("Toolkit Test 1");

        bench.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("810301210082028281830100", await bench.ResponseAsync());
        await bench.SeeAsync("No network");
    }

    [Fact]
    public async Task A_sustained_text_is_answered_at_once_and_stays_until_a_key()
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Offer("D01C8103012180820281028D0F04546F6F6C6B697420546573742031AB00");

        Assert.Equal("810301218082028281830100", await bench.ResponseAsync());
        await bench.SeeAsync("Toolkit Test 1");
        await bench.PressAsync("Ok");
        await bench.SeeAsync("No network");
    }

    [Theory]
    [InlineData("80", "8103012180820282818302" + "2001")]
    [InlineData("81", null)]
    public async Task A_busy_screen_takes_only_texts_of_high_priority(string qualifier, string? refusal)
    {
        await using var bench = await PhoneBench.ReadyAsync();
        await bench.PressAsync("Left");
        bench.Offer($"D01A81030121{qualifier}820281028D0F04546F6F6C6B697420546573742031");

        if (refusal is not null)
        {
            Assert.Equal(refusal, await bench.ResponseAsync());
            await bench.SeeAsync("Write message");
            return;
        }

        await bench.SeeAsync("Toolkit Test 1");
        await bench.PressAsync("Ok");
        Assert.Equal("810301218182028281830100", await bench.ResponseAsync());
        await bench.SeeAsync("Write message");
    }

    [Fact]
    public async Task A_long_text_scrolls()
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Offer(
            "D081AD8103012180820281028D81A1045468697320636F6D6D616E6420696E7374727563747320746865204D4520746F2064"
            + "6973706C617920612074657874206D6573736167652E20497420616C6C6F7773207468652053494D20746F20646566696E65"
            + "20746865207072696F72697479206F662074686174206D6573736167652C20616E6420746865207465787420737472696E67"
            + "20666F726D61742E2054776F207479706573206F66207072696F");
        var top = await bench.SeeAsync("This command");
        Assert.All(top.Lines, line => Assert.InRange(line.Length, 1, 20));

        await bench.PressAsync("Down Down Down Down Down Down");

        Assert.EndsWith("prio", (await bench.SeeAsync("Two types")).Screen.TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(GetInkey111, "Hash", "8103012200820282818301008D020423")]
    [InlineData(GetInkey111, "5", "8103012200820282818301008D020435")]
    [InlineData(GetInkey111, "Back", "810301220082028281830111")]
    [InlineData(GetInkey111, "End", "810301220082028281830110")]
    [InlineData("D0158103012280820281828D0A04456E74657220222B22", "Left", "810301228082028281830113")]
    [InlineData("D0158103012201820281828D0A04456E74657220222B22", "2 2 Ok", "8103012201820282818301008D020462")]
    [InlineData("D0158103012203820281828D0A04456E74657220222B22", "Hash 2 Ok", "8103012203820282818301008D03080041")]
    [InlineData("D0158103012204820281828D0A04456E74657220222B22", "Left", "8103012204820282818301008D020401")]
    [InlineData("D0158103012204820281828D0A04456E74657220222B22", "Right", "8103012204820282818301008D020400")]
    public async Task One_key_is_asked_for(string command, string keys, string response)
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Offer(command);
        await bench.SeeAsync("Enter \"+\"");

        await bench.PressAsync(keys);

        Assert.Equal(response, await bench.ResponseAsync());
    }

    [Fact]
    public async Task A_key_asked_for_some_time_is_answered_with_the_time()
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Offer("D0198103012200820281828D0A04456E74657220222B228402010B");
        await bench.SeeAsync("Enter");

        bench.Time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal("8103012200820282818301128402010B", await bench.ResponseAsync());
    }

    [Theory]
    [InlineData(GetInput111, "1 2 3 4 5 6 Ok", "8103012300820282818301008D06043132333435")]
    [InlineData(GetInput121, "1 2 3 4 5 Left", "8103012308820282818301008D060031D98C5603")]
    [InlineData(GetInput141, "1 2 3 4 Ok", "8103012304820282818301008D050431323334")]
    [InlineData(GetInput111, "Star Hash 0 0 Back 1 2 Ok", "8103012300820282818301008D06042A23303132")]
    [InlineData(GetInput111, "1 2 3 Ok Back Back Back Back", "810301230082028281830111")]
    [InlineData(GetInput111, "1 2 End", "810301230082028281830110")]
    [InlineData("D01B8103012380820281828D0C04456E74657220313233343591020505", "Left", "810301238082028281830113")]
    [InlineData(
        "D01F8103012300820281828D0C04456E7465722031323334359102050517020431", "2 3 4 5 Ok",
        "8103012300820282818301008D06043132333435")]
    public async Task Digits_are_asked_for(string command, string keys, string response)
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Offer(command);
        await bench.SeeAsync(state => state.Typing != TypingMode.None);

        await bench.PressAsync(keys);

        Assert.Equal(response, await bench.ResponseAsync());
    }

    [Theory]
    [InlineData(GetInput141, "8103012304820282818301008D05**********", "31323334")]
    [InlineData(
        "D027810301230C820281828D180450617373776F726420313C53454E443E3233343536373891020408",
        "810301230C820282818301008D05**********", "31D98C06")]
    public async Task What_is_typed_hidden_is_in_no_entry_of_the_log(string command, string logged, string typed)
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Offer(command);
        await bench.SeeAsync(state => state.Typing == TypingMode.Hidden);

        await bench.PressAsync("1 2 3 4");
        Assert.Contains("****_", bench.Phone.State.Screen, StringComparison.Ordinal);
        await bench.PressAsync("Ok");

        Assert.EndsWith(typed, await bench.ResponseAsync(), StringComparison.Ordinal);
        var entries = bench.Phone.Log.After(0);
        Assert.Equal(2, entries.Count(entry => entry.Octets.EndsWith(logged, StringComparison.Ordinal)));
        Assert.DoesNotContain(entries, entry => entry.Octets.EndsWith(typed, StringComparison.Ordinal)
            || entry.Text.Contains("1234", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(GetInput131, "AbCdE", "8103012301820282818301008D06044162436445")]
    [InlineData(GetInput131, "AÄ€FGH", "8103012301820282818301008D0604415B1B6546")]
    [InlineData(
        GetInput411, "Привет, мир!", "8103012303820282818301008D1908041F04400438043204350442002C0020043C043804400021")]
    public async Task Text_is_asked_for(string command, string typed, string response)
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Offer(command);
        await bench.SeeAsync("Enter");

        await bench.TypeAsync(typed);
        await bench.PressAsync("Ok");

        Assert.Equal(response, await bench.ResponseAsync());
    }

    [Fact]
    public async Task Letters_are_turned_to_on_their_keys()
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Offer(GetInput131);
        await bench.SeeAsync("Enter");

        await bench.PressAsync("Hash 2 Hash 2 2");
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        await bench.PressAsync("2 2 2 3 0 Ok");

        Assert.Equal("8103012301820282818301008D06044162636420", await bench.ResponseAsync());
    }

    [Theory]
    [InlineData(SelectItem111, "Down Ok", "810301240082028281830100900102")]
    [InlineData(SelectItem111, "Up Left", "810301240082028281830100900104")]
    [InlineData(SelectItem111, "3", "810301240082028281830100900103")]
    [InlineData(SelectItem111, "Back", "810301240082028281830111")]
    [InlineData(SelectItem111, "End", "810301240082028281830110")]
    [InlineData(SelectItem311, "Ok", "810301240082028281830100900102")]
    public async Task An_item_is_chosen(string command, string keys, string response)
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Offer(command);
        await bench.SeeAsync("Toolkit Select");

        await bench.PressAsync(keys);

        Assert.Equal(response, await bench.ResponseAsync());
    }

    [Fact]
    public async Task Help_is_asked_for_an_item()
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Offer(SelectItem111.Replace("8103012400", "81030124" + "80", StringComparison.Ordinal));
        Assert.Equal("Help", (await bench.SeeAsync("Toolkit Select")).Left);

        await bench.PressAsync("Left");

        Assert.Equal("810301248082028281830113900101", await bench.ResponseAsync());
    }

    [Fact]
    public async Task A_choice_nobody_makes_is_answered_so()
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Offer(SelectItem111);
        await bench.SeeAsync("Toolkit Select");

        bench.Time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal("810301240082028281830112", await bench.ResponseAsync());
    }

    [Fact]
    public async Task A_call_is_asked_about_and_refused_by_the_holder()
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Offer("D01E81030110008202818385084E6F7420627573798609911032042143651C2C");
        await bench.SeeAsync("Call Not busy?");

        await bench.PressAsync("Right");

        Assert.Equal("810301100082028281830122", await bench.ResponseAsync());
    }

    [Fact]
    public async Task A_tone_sounds_for_its_time()
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Offer("D01B81030120008202810385094469616C20546F6E658E010184020105");
        Assert.Equal("Dial", (await bench.SeeAsync("Dial Tone")).Tone);

        bench.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("810301200082028281830100", await bench.ResponseAsync());
        await bench.SeeAsync(state => state.Tone is null);
    }
}
