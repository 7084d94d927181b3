using Xunit;

namespace Tessera.VirtualCard.Tests.Sim.Usim;

/// <summary>What a phone of the third generation reads when it starts (3GPP TS 31.102 §4).</summary>
public class UsimFileTests
{
    private const string Name = "A0000000871002FFFFFFFF8900000000";
    private const string Pins = "C609 9001 40 830101 830181";

    [Fact]
    public void The_MF_tells_that_a_phone_may_say_what_it_can_and_the_card_takes_what_is_well_formed()
    {
        using var sim = TestSim.Demonstration();
        Assert.Contains("870101", sim.Ask("00A40004023F00 00"), StringComparison.Ordinal);
        Assert.Equal("9000", sim.Send("80AA000005A903820100"));
        Assert.Equal("9000", sim.Send("80AA000002A900"));
        Assert.Equal("6A80", sim.Send("80AA000005A803820100"));
        Assert.Equal("6A80", sim.Send("80AA000005A903820200"));
        Assert.Equal("6A80", sim.Send("80AA000006A90382010000"));
        Assert.Equal("6700", sim.Send("80AA0000"));
        Assert.Equal("6A86", sim.Send("80AA010002A900"));
        Assert.Equal("6E00", sim.Send("00AA000002A900"));
    }

    [Fact]
    public void The_card_names_its_USIM_and_tells_of_it()
    {
        using var sim = TestSim.Demonstration();

        Assert.Equal(Flat($"6223 82027821 83023F00 A506800171870101 8A0105 8B032F0601 {Pins} 9000"), sim.Ask("00A40004023F00 00"));
        Assert.Equal(
            Flat("621A 8205422100 2001 83022F00 8A0105 8B032F0609 80020020 8801F0 9000"), sim.Ask("00A40004022F00 00"));
        Assert.Equal(
            Flat($"611B 4F10 {Name} 5007 54657373657261") + "FFFFFF" + "9000", sim.Send("00B2010420"));
        Assert.Equal("9000", sim.Send("00A4040C10" + Name));
        Assert.Equal(Flat($"622E 82027821 8410{Name} A503800171 8A0105 8B032F0601 {Pins} 9000"), sim.Ask("80F2000000"));
        Assert.Equal(Flat($"8410{Name} 9000"), sim.Ask("80F2000112"));
        Assert.Equal("9000", sim.Send("80F2000C"));
        Assert.Equal("9000", sim.Send("00A4000C023F00"));
        Assert.Equal("9000", sim.Send("00A4000C027FFF"));
    }

    [Theory]
    [InlineData("6F05", 0x02, "656EFFFFFFFF")]
    [InlineData("6F07", 0x07, "080910100000000010")]
    [InlineData("6F08", 0x08, "07FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF")]
    [InlineData("6F31", 0x12, "05")]
    [InlineData("6F38", 0x04, "025A142C23000000000010000000")]
    [InlineData("6F56", 0x05, "00")]
    [InlineData("6F5B", 0x0F, "F00000F00000")]
    [InlineData("6F5C", 0x10, "FFFFFF")]
    [InlineData("6F73", 0x0C, "FFFFFFFFFFFFFF00F110FFFEFF01")]
    [InlineData("6F78", 0x06, "0002")]
    [InlineData("6F7B", 0x0D, "FFFFFFFFFFFFFFFFFFFFFFFF")]
    [InlineData("6F7E", 0x0B, "FFFFFFFF00F110FFFE0001")]
    [InlineData("6FAD", 0x03, "00000002")]
    [InlineData("6FE3", 0x1E, "FFFFFFFFFFFFFFFFFFFFFFFF00F110FFFE01")]
    public void Transparent_files_by_identifier_and_short_identifier(string id, byte shortId, string content)
    {
        using var sim = TestSim.Demonstration();
        sim.Send("00A4040C10" + Name);
        var length = content.Length / 2;

        var told = sim.Ask($"00A4000402{id}00");
        Assert.StartsWith(Flat($"6217 82024121 8302{id} 8A0105 8B032F06"), told, StringComparison.Ordinal);
        Assert.EndsWith(Flat($"8002{length:X4} 8801{shortId << 3:X2} 9000"), told, StringComparison.Ordinal);
        Assert.Equal($"{content}9000", sim.Send($"00B00000{length:X2}"));
        Assert.Equal($"6C{length:X2}", sim.Send("00B0000000"));
        sim.Send("00A4000C027FFF");
        Assert.Equal($"{content}9000", sim.Send($"00B0{0x80 | shortId:X2}00{length:X2}"));
    }

    [Theory]
    [InlineData("3F007FFF6F3B", 10, 28)]
    [InlineData("3F007FFF6F3C", 10, 176)]
    [InlineData("7FFF6F40", 1, 28)]
    [InlineData("7FFF6F42", 1, 42)]
    [InlineData("7FFF6FB7", 2, 4)]
    [InlineData("7FFF6FE4", 1, 80)]
    [InlineData("7F106F3A", 20, 28)]
    [InlineData("7F105F3A4F30", 1, 16)]
    [InlineData("7F105F3A4F3A", 20, 28)]
    public void Linear_files_by_path(string path, int records, int length)
    {
        using var sim = TestSim.Demonstration();
        sim.Send("00A4040C10" + Name);

        var told = sim.Ask($"00A40804{path.Length / 2:X2}{path}00");
        Assert.Contains(Flat($"82054221 {length:X4} {records:X2} 8302{path[^4..]}"), told, StringComparison.Ordinal);
        Assert.EndsWith("9000", sim.Send($"00B2{records:X2}04{length:X2}"), StringComparison.Ordinal);
        Assert.Equal("6A83", sim.Send($"00B2{records + 1:X2}04{length:X2}"));
        Assert.Equal($"6C{length:X2}", sim.Send($"00B20104{length - 1:X2}"));
    }

    /// <summary>The rule that a file names says who may do what: those of IMSI, FDN and ACM.</summary>
    [Theory]
    [InlineData("6F07", "800111 A406830101950108 80010A A40683010A950108")]
    [InlineData("6F3B", "800101 A406830101950108 800102 A406830181950108 800118 A40683010A950108")]
    [InlineData(
        "6F39",
        "800101 A406830101950108 800102 A406830181950108 800118 A40683010A950108 840132 A406830101950108")]
    [InlineData("6FAD", "800101 9000 80011A A40683010A950108")]
    public void Rules_say_who_may_do_what(string id, string rule)
    {
        using var sim = TestSim.Demonstration();
        sim.Send("00A4040C10" + Name);
        var told = sim.Ask($"00A4000402{id}00");
        var record = told.Substring(told.IndexOf("8B032F06", StringComparison.Ordinal) + 8, 2);
        sim.Send("00A4000C022F06");
        sim.Send("00A4080C022F06");

        Assert.StartsWith(Flat(rule) + "FF", sim.Send($"00B2{record}0430"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_phone_book_is_named_by_its_reference()
    {
        using var sim = TestSim.Demonstration();

        Assert.Equal("9000", sim.Send("00A4080C047F105F3A"));
        Assert.Equal("9000", sim.Send("00A4000C024F30"));
        Assert.Equal("A805C0034F3A01" + new string('F', 18) + "9000", sim.Send("00B2010410"));
        Assert.EndsWith("9000", sim.Send("00B2010C1C"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("00A4000C027FFF", "6A82")]
    [InlineData("00A4080C047FFF6F07", "6A82")]
    [InlineData("00A4000C026F07", "6A82")]
    [InlineData("00A4000C027F20", "9000")]
    [InlineData("00A4080C047F206F07", "9000")]
    [InlineData("00A4080C063F007F206F07", "9000")]
    [InlineData("00A4010C027F10", "9000")]
    [InlineData("00A4010C022FE2", "6A82")]
    [InlineData("00A4030C", "6A82")]
    [InlineData("00A4090C022FE2", "9000")]
    [InlineData("00A4020C022FE2", "6A86")]
    [InlineData("00A4001C022FE2", "6A86")]
    [InlineData("00A40008022FE2", "6A86")]
    [InlineData("00A4000C032FE200", "6700")]
    [InlineData("00A4080C033F007F", "6700")]
    [InlineData("00B0000001", "6986")]
    [InlineData("00B0820010", "6C0A")]
    [InlineData("00B0810001", "6A82")]
    [InlineData("00B0A20001", "6A86")]
    [InlineData("00B201F401", "6C20")]
    [InlineData("80F2000100", "6985")]
    [InlineData("80F2030000", "6A86")]
    [InlineData("00F2000000", "6E00")]
    [InlineData("80B0000001", "6E00")]
    [InlineData("0010000001 00", "6E00")]
    [InlineData("00E0000000", "6D00")]
    [InlineData("0088008011 10 00000000000000000000000000000000", "6985")]
    [InlineData("00CA00C108", "0123456789ABCDEF9000")]
    public void From_the_MF_without_a_session(string command, string answer)
    {
        using var sim = TestSim.Demonstration();

        Assert.Equal(answer, sim.Send(command));
    }

    [Theory]
    [InlineData("6F07", "00D6000001 08", "6982")]
    [InlineData("6F7E", "00D6000001 FF", "9000")]
    [InlineData("6F7E", "00D6000B01 FF", "6700")]
    [InlineData("6F7E", "00D6000C01 FF", "6B00")]
    [InlineData("6F7E", "00B0000B01", "6C00")]
    [InlineData("6F7E", "00B2010401", "6981")]
    [InlineData("6F7E", "00A2010401 FF", "6981")]
    [InlineData("6F7E", "8032000003 000001", "6981")]
    [InlineData("6F3B", "00B0000001", "6981")]
    [InlineData("6F3B", "00B200041C", "6A83")]
    [InlineData("6F3B", "00B200051C", "6A86")]
    [InlineData("6F3B", "00DC010404 00000000", "6982")]
    [InlineData("6F3C", "00DC010404 00000000", "6700")]
    [InlineData("6F39", "8032000002 0001", "6700")]
    [InlineData("6F39", "8032010003 000001", "6A86")]
    [InlineData("6F39", "8032000003 000001", "6106")]
    [InlineData("6F39", "00DC000303 000001", "6982")]
    [InlineData("6F7B", "00040000", "6982")]
    public void Commands_on_the_current_file(string id, string command, string status)
    {
        using var sim = TestSim.Demonstration();
        sim.Send("00A4040C10" + Name);
        Assert.Equal("9000", sim.Send($"00A4000C02{id}"));

        Assert.Equal(status, sim.Send(command));
    }

    [Fact]
    public void Records_are_searched_simply_and_by_an_indication()
    {
        using var sim = TestSim.Demonstration();
        sim.Send("00A4080C047F106F3A");
        foreach (var (record, octets) in ((int, string)[])[(3, "42"), (5, "414242"), (9, "41FF42")])
            Assert.Equal("9000", sim.Send($"00DC{record:X2}041C{octets.PadRight(56, 'F')}"));

        Assert.Equal("0305099000", sim.Ask("00A2010401 42 00"));
        Assert.Equal("05099000", sim.Ask("00A2040401 42 00"));
        Assert.Equal("05039000", sim.Ask("00A2060501 42 00"));
        Assert.Equal("6282", sim.Ask("00A2010401 99 00"));
        Assert.Equal("6A83", sim.Ask("00A2150401 42 00"));
        Assert.Equal("6700", sim.Ask("00A20104 00"));
        Assert.Equal("05099000", sim.Ask("00A2010603 040142 00"));
        Assert.Equal("099000", sim.Ask("00A2010603 0CFF42 00"));
        Assert.Equal("05099000", sim.Ask("00A2010603 0C4142 00"));
        Assert.Equal("6A80", sim.Ask("00A2010603 000042 00"));
        sim.Ask("00A2030401 42 00");
        Assert.Equal("05099000", sim.Ask("00A2000603 060042 00"));
        Assert.Equal("039000", sim.Ask("00A2000603 070042 00"));
        Assert.StartsWith("42", sim.Send("00B200041C"), StringComparison.Ordinal);
    }

    [Fact]
    public void Channels_select_apart_and_share_what_is_verified()
    {
        using var sim = TestSim.AskingChv1WithNetwork();
        Assert.Equal("9000", sim.Send("00700001"));
        sim.Send("00A4040C10" + Name);
        Assert.Equal("6A82", sim.Send("01A4000C027FFF"));
        Assert.Equal("9000", sim.Send("00200001 08" + TestSim.Chv("1234")));
        Assert.Equal("9000", sim.Send("01A4040C10" + Name));
        Assert.Equal("0809101000000000109000", sim.Send("01B0870009"));
        Assert.Equal("6986", sim.Send("00B0000009"));
        Assert.Equal("9000", sim.Send("01700002"));
        Assert.Equal("0809101000000000109000", sim.Send("02B0870009"));
    }

    [Fact]
    public void A_SIM_that_no_network_knows_is_none_of_the_third_generation()
    {
        using var sim = TestSim.Known(null);

        Assert.Equal("6A82", sim.Send("00A4040C10" + Name));
        Assert.Equal("6A86", sim.Send("00A4000C023F00"));
    }

    private static string Flat(string hex) => hex.Replace(" ", "", StringComparison.Ordinal);
}
