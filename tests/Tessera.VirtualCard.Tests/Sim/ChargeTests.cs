using Xunit;

namespace Tessera.VirtualCard.Tests.Sim;

/// <summary>INCREASE and cyclic files, INVALIDATE and REHABILITATE (3GPP TS 51.011 §8.8, §8.14, §8.15).</summary>
public class ChargeTests
{
    [Fact]
    public void What_is_increased_is_the_newest_record_and_the_oldest_goes()
    {
        using var sim = TestSim.Demonstration();
        Assert.Equal("9F0F", sim.Select("7F20", "6F39"));
        Assert.Equal("0000000F6F390440121F4401020303" + "9000", sim.Send("A0C000000F"));

        Assert.Equal("9F06", sim.Send("A032000003 000102"));
        Assert.Equal("000102000102" + "9000", sim.Send("A0C0000006"));
        Assert.Equal("9F06", sim.Send("A032000003 00FFFF"));
        Assert.Equal("01010100FFFF" + "9000", sim.Send("A0C0000006"));
        Assert.Equal("0101019000", sim.Send("A0B2010403"));
        Assert.Equal("0001029000", sim.Send("A0B2020403"));
        Assert.Equal("0000009000", sim.Send("A0B2050403"));
        Assert.Equal("9402", sim.Send("A0B2060403"));

        for (var i = 0; i < 4; i++) sim.Send("A032000003 000001");
        Assert.Equal("0101019000", sim.Send("A0B2050403"));
    }

    [Fact]
    public void Nothing_is_increased_beyond_its_octets()
    {
        using var sim = TestSim.Demonstration();
        sim.Select("7F20", "6F39");
        Assert.Equal("9F06", sim.Send("A032000003 FFFFFE"));
        var before = sim.Image;

        Assert.Equal("9850", sim.Send("A032000003 000002"));
        Assert.Equal(before, sim.Image);
        Assert.Equal("9F06", sim.Send("A032000003 000001"));
        Assert.Equal("9850", sim.Send("A032000003 000001"));
        Assert.Equal("9F06", sim.Send("A032000003 000000"));
    }

    [Theory]
    [InlineData("7F20 6F39", "A032000002 0001", "6703")]
    [InlineData("7F20 6F39", "A032010003 000001", "6B00")]
    [InlineData("7F20 6F37", "A032000003 000001", "9408")]
    [InlineData("7F10 6F3A", "A032000003 000001", "9408")]
    [InlineData("7F20 6F39", "A0A2001001 00", "9408")]
    [InlineData("7F20 6F39", "A0B0000003", "9408")]
    [InlineData("7F20 6F39", "A0DC000303 000001", "9804")]
    public void Increasing_and_updating_are_refused(string path, string command, string status)
    {
        using var sim = TestSim.Demonstration();
        sim.Select(path.Split(' '));

        Assert.Equal(status, sim.Send(command));
    }

    [Fact]
    public void A_cyclic_file_goes_round_and_takes_new_records_in_front()
    {
        using var sim = TestSim.Demonstration();
        sim.Send("A020000208" + TestSim.Chv("5678"));
        sim.Select("7F20", "6F39");
        Assert.Equal("6B00", sim.Send("A0DC010403 000001"));
        Assert.Equal("6B00", sim.Send("A0DC000203 000001"));
        Assert.Equal("6703", sim.Send("A0DC000302 0001"));
        for (var i = 1; i <= 5; i++) Assert.Equal("9000", sim.Send($"A0DC000303 00000{i}"));

        Assert.Equal("0000059000", sim.Send("A0B2000403"));
        foreach (var record in (int[])[4, 3, 2, 1, 5]) Assert.Equal($"00000{record}9000", sim.Send("A0B2000203"));
        foreach (var record in (int[])[1, 2, 3, 4, 5]) Assert.Equal($"00000{record}9000", sim.Send("A0B2000303"));
    }

    [Fact]
    public void Without_its_phone_book_a_phone_finds_it_invalidated()
    {
        using var sim = TestSim.Demonstration();
        sim.Select("7F10", "6F3A");
        Assert.Equal("9804", sim.Send("A004000000"));
        Assert.Equal("9000", sim.Send("A020000208" + TestSim.Chv("5678")));
        Assert.Equal("9810", sim.Send("A044000000"));
        Assert.Equal("9000", sim.Send("A004000000"));

        Assert.Equal("9810", sim.Send("A004000000"));
        foreach (var command in (string[])["A0B201041C", "A0DC01041C" + "41".PadRight(56, 'F'), "A0A200000141"])
            Assert.Equal("9810", sim.Send(command));
        sim.Os.Reset();
        Assert.Equal("9F0F", sim.Select("7F10", "6F3A"));
        Assert.Equal("11FF22" + "00", sim.Send("A0C000000F")[16..24]);
        Assert.Equal("9804", sim.Send("A044000000"));
        sim.Send("A020000208" + TestSim.Chv("5678"));
        Assert.Equal("9000", sim.Send("A044000000"));
        Assert.EndsWith("9000", sim.Send("A0B201041C"), StringComparison.Ordinal);
        sim.Select("6F3A");
        Assert.Equal("01", sim.Send("A0C000000F")[22..24]);
    }

    [Fact]
    public void What_the_issuer_invalidated_the_holder_makes_usable_where_the_file_says_so()
    {
        using var sim = TestSim.AskingChv1();
        sim.Select("7F20", "6F07");
        sim.Send("A020000A08" + TestSim.Chv("88888888"));
        Assert.Equal("9000", sim.Send("A004000000"));
        Assert.Equal("9804", sim.Send("A0B0000009"));
        Assert.Equal("9804", sim.Send("A044000000"));
        sim.Send("A020000108" + TestSim.Chv("1234"));
        Assert.Equal("9810", sim.Send("A0B0000009"));
        Assert.Equal("9000", sim.Send("A044000000"));
        Assert.Equal("0809101000000000109000", sim.Send("A0B0000009"));
    }

    [Theory]
    [InlineData("A004000001 00", "6700")]
    [InlineData("A004010000", "6B00")]
    [InlineData("A044000100", "6B00")]
    public void Wrong_forms_of_invalidation(string command, string status)
    {
        using var sim = TestSim.Demonstration();
        sim.Select("7F10", "6F3A");

        Assert.Equal(status, sim.Send(command));
    }
}
