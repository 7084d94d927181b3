using Tessera.VirtualCard.Tests.Support;
using Xunit;

namespace Tessera.VirtualCard.Tests.Sim;

public class SimFileTests
{
    /// <summary>What a phone reads when it starts, as 3GPP TS 51.011 §10 codes it.</summary>
    [Theory]
    [InlineData("3F00 2FE2", "988812010000000010F8")]
    [InlineData("7F20 6F05", "01FF")]
    [InlineData("7F20 6F07", "080910100000000010")]
    [InlineData("7F20 6F20", "FFFFFFFFFFFFFFFF07")]
    [InlineData("7F20 6F30", "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF")]
    [InlineData("7F20 6F31", "05")]
    [InlineData("3F00 2F05", "656EFFFF")]
    [InlineData("7F20 6F37", "000000")]
    [InlineData("7F20 6F38", "FF33C30C0300FC03000C")]
    [InlineData("7F20 6F41", "FFFFFF0000")]
    [InlineData("7F20 6F45", "FFFFFFFFFFFFFFFF")]
    [InlineData("7F20 6F46", "0154657373657261FFFFFFFFFFFFFFFFFF")]
    [InlineData("7F20 6F74", "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF")]
    [InlineData("7F20 6F78", "0002")]
    [InlineData("7F20 6F7B", "FFFFFFFFFFFFFFFFFFFFFFFF")]
    [InlineData("7F20 6F7E", "FFFFFFFF00F110FFFE0001")]
    [InlineData("7F20 6F52", "FFFFFFFFFFFFFFFF07")]
    [InlineData("7F20 6F53", "FFFFFFFFFFFFFF00F110FFFEFF01")]
    [InlineData("7F20 6FAD", "00000002")]
    [InlineData("7F20 6FAE", "03")]
    [InlineData("7F20 6FB7", "11F2FFFFFFFFFFFFFFFFFFFFFFFFFF")]
    [InlineData("7F10 6F43", "FFFF")]
    public void Transparent_files(string path, string content)
    {
        using var sim = TestSim.Demonstration();
        var octets = content.Length / 2;

        Assert.Equal("9F0F", sim.Select(path.Split(' ')));
        var described = sim.Send("A0C000000F");
        Assert.Equal($"{octets:X4}{path[^4..]}04", described[4..14]);
        Assert.Equal("00", described[26..28]);
        Assert.Equal($"{content}9000", sim.Send($"A0B00000{octets:X2}"));
        Assert.Equal($"67{octets:X2}", sim.Send($"A0B00000{octets + 1:X2}"));
    }

    [Theory]
    [InlineData("7F10 6F3A", 20, 28)]
    [InlineData("7F10 6F3B", 10, 28)]
    [InlineData("7F10 6F3C", 10, 176)]
    [InlineData("7F10 6F40", 1, 28)]
    [InlineData("7F10 6F42", 1, 42)]
    public void Linear_files(string path, int records, int length)
    {
        using var sim = TestSim.Demonstration();

        Assert.Equal("9F0F", sim.Select(path.Split(' ')));
        Assert.EndsWith($"0201{length:X2}9000", sim.Send("A0C000000F"), StringComparison.Ordinal);
        Assert.EndsWith("9000", sim.Send($"A0B2{records:X2}04{length:X2}"), StringComparison.Ordinal);
        Assert.Equal("9402", sim.Send($"A0B2{records + 1:X2}04{length:X2}"));
        Assert.Equal($"67{length:X2}", sim.Send($"A0B20104{length - 1:X2}"));
    }

    [Fact]
    public void The_own_number_and_the_service_centre_are_there()
    {
        using var sim = TestSim.Demonstration();

        sim.Select("7F10", "6F40");
        Assert.Equal(
            new string('F', 28) + "079133369908" + "00F1FFFFFFFF" + "FFFF" + "9000", sim.Send("A0B201041C"));
        sim.Select("6F42");
        Assert.Equal(
            new string('F', 28) + "E1" + new string('F', 24) + "079133369908" + "00F0FFFFFFFF" + "0000A7" + "9000",
            sim.Send("A0B201042A"));
    }

    [Fact]
    public void Records_are_found_by_number_and_one_after_the_other()
    {
        using var sim = TestSim.Demonstration();
        sim.Select("7F10", "6F3A");
        string Name(int of) => Convert.ToHexString([(byte)('A' + of)]).PadRight(56, 'F');
        for (var record = 1; record <= 3; record++)
            Assert.Equal("9000", sim.Send($"A0DC{record:X2}041C{Name(record)}"));

        Assert.Equal("9402", sim.Send("A0B200041C"));
        Assert.Equal($"{Name(1)}9000", sim.Send("A0B200021C"));
        Assert.Equal($"{Name(2)}9000", sim.Send("A0B200021C"));
        Assert.Equal($"{Name(2)}9000", sim.Send("A0B200041C"));
        Assert.Equal($"{Name(3)}9000", sim.Send("A0B203041C"));
        Assert.Equal($"{Name(1)}9000", sim.Send("A0B200031C"));
        Assert.Equal("9402", sim.Send("A0B200031C"));
        Assert.Equal("6B00", sim.Send("A0B200051C"));
    }

    [Fact]
    public void Seek_finds_records_by_their_first_octets()
    {
        using var sim = TestSim.Demonstration();
        sim.Select("7F10", "6F3A");
        sim.Send("A0DC03041C" + "42".PadRight(56, 'F'));
        sim.Send("A0DC05041C" + "4243".PadRight(56, 'F'));

        Assert.Equal("9F01", sim.Send("A0A200100142"));
        Assert.Equal("039000", sim.Send("A0C0000001"));
        Assert.Equal("9F01", sim.Send("A0A200120142"));
        Assert.Equal("059000", sim.Send("A0C0000001"));
        Assert.Equal("9404", sim.Send("A0A200020142"));
        Assert.Equal("9000", sim.Send("A0A2000102" + "4243"));
        Assert.Equal("9000", sim.Send("A0A200030142"));
        Assert.StartsWith("42FF", sim.Send("A0B200041C"), StringComparison.Ordinal);
        Assert.Equal("9404", sim.Send("A0A200000199"));
        Assert.Equal("6B00", sim.Send("A0A200200142"));
        Assert.Equal("6710", sim.Send("A0A2000011" + new string('F', 34)));
    }

    [Fact]
    public void Directories_describe_themselves()
    {
        using var sim = TestSim.Demonstration();

        Assert.Equal("000000003F00010000000000098002020500838A838A9000", sim.Send("A0F2000016"));
        Assert.Equal("9F16", sim.Select("7F20"));
        Assert.Equal("000000007F20020000000000098000" + "140500838A838A" + "9000", sim.Send("A0C0000016"));
        Assert.Equal("000000007F20029000", sim.Send("A0F2000007"));
        Assert.Equal("6716", sim.Send("A0F2000017"));
        Assert.Equal("6F00", sim.Send("A0C0000016"));
    }

    /// <summary>3GPP TS 51.011 §6.5: what is selected, what then can be.</summary>
    [Theory]
    [InlineData("3F00", "7F10 9F16")]
    [InlineData("3F00", "6F07 9404")]
    [InlineData("3F00", "2FE2 9F0F")]
    [InlineData("7F20", "7F10 9F16")]
    [InlineData("7F20", "2FE2 9404")]
    [InlineData("7F20", "3F00 9F16")]
    [InlineData("7F20", "7F20 9F16")]
    [InlineData("7F20 6F07", "6F46 9F0F")]
    [InlineData("7F20 6F07", "6F3A 9404")]
    [InlineData("7F20", "1234 9404")]
    public void Files_are_reached_from_where_one_is(string path, string then)
    {
        using var sim = TestSim.Demonstration();
        sim.Select(path.Split(' '));

        Assert.Equal(then[5..], sim.Select(then[..4]));
    }

    [Theory]
    [InlineData("", "A0B0000001", "9400")]
    [InlineData("7F20", "A0B0000001", "9400")]
    [InlineData("7F10 6F3A", "A0B0000001", "9408")]
    [InlineData("7F20 6F07", "A0B2010401", "9408")]
    [InlineData("7F20 6F07", "A0B0000A01", "6B00")]
    [InlineData("7F20 6F07", "A0B0000802", "6701")]
    [InlineData("7F20 6F07", "A0D600000100", "9804")]
    [InlineData("3F00 2FE2", "A0D600000100", "9804")]
    [InlineData("7F20 6F7E", "A0D6000B0100", "6700")]
    [InlineData("7F20 6F7E", "A0D600000100", "9000")]
    [InlineData("7F20 6F7E", "A0B0000000", "670B")]
    [InlineData("", "A0A4010002 3F00", "6B00")]
    [InlineData("", "A0A40000013F", "6702")]
    [InlineData("", "A0A4", "6700")]
    [InlineData("", "A088000010 00000000000000000000000000000000", "9804")]
    [InlineData("", "A032000003 000001", "9400")]
    [InlineData("", "A004000000", "9400")]
    [InlineData("", "A036000000", "6D00")]
    [InlineData("3F00", "A0A4000002 2F00", "9404")]
    [InlineData("3F00", "A0A4000002 7FFF", "9404")]
    [InlineData("", "A0FA000000", "9000")]
    [InlineData("", "A012000010", "6F00")]
    [InlineData("", "A014000001 00", "6F00")]
    [InlineData("", "A0C2000003 D10100", "9300")]
    [InlineData("", "A1A4000002 3F00", "6E00")]
    public void Refusals(string path, string command, string status)
    {
        using var sim = TestSim.Demonstration();
        if (path.Length > 0) sim.Select(path.Split(' '));

        Assert.Equal(status, sim.Send(command));
    }

    [Fact]
    public void What_is_written_outlives_power_and_what_is_selected_does_not()
    {
        using var sim = TestSim.Demonstration();
        sim.Select("7F20", "6F7E");
        Assert.Equal("9000", sim.Send("A0D600040600F110123400"));
        sim.Os.PowerOff();
        sim.Os.Reset();

        Assert.Equal("9400", sim.Send("A0B000000B"));
        using var again = TestCard.Open(sim.Image);
        again.Select("7F20", "6F7E");
        Assert.Equal("FFFFFFFF00F110123400019000", again.Send("A0B000000B"));
    }

    [Fact]
    public void Purse_and_store_are_there_as_on_an_ISO_card_and_their_world_apart()
    {
        using var sim = TestSim.Demonstration();
        Assert.Equal("3B0D8073C0019B57", sim.Os.Atr.ToString()[..16]);
        Assert.True(sim.Os.IsSim);
        sim.Select("7F20", "6F07");

        Assert.EndsWith("9000", sim.Send("00A4040009F0544553534552410100"), StringComparison.Ordinal);
        Assert.Equal("080910100000000010" + "9000", sim.Send("A0B0000009"));
        Assert.Equal("00000000000000009000", sim.Send("805C000008"));
        Assert.Equal("6D00", sim.Send("00B0000009"));
        Assert.Equal("9000", sim.Send("00A4000C023F00"));
        Assert.Equal("6D00", sim.Send("805C000008"));
    }

    [Fact]
    public void An_ISO_card_knows_nothing_of_class_A0()
    {
        using var card = TestCard.Demonstration();

        Assert.False(card.Os.IsSim);
        Assert.Equal("6E00", card.Send("A0A40000023F00"));
    }
}
