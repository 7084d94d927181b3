using Tessera.VirtualCard.Tests.Support;
using Xunit;

namespace Tessera.VirtualCard.Tests.Files;

public sealed class RecordCommandTests : IDisposable
{
    private readonly TestCard _card = FileCard.Open();

    public RecordCommandTests() => _card.Send("00A4000C 02 5000");

    public void Dispose() => _card.Dispose();

    [Theory]
    [InlineData("00B2011400", "01020304050607089000")]
    [InlineData("00B2021400", "11121314151617189000")]
    [InlineData("00B2021404", "111213149000")]
    [InlineData("00B2021409", "11121314151617186282")]
    [InlineData("00B2031400", "6A83")]
    [InlineData("00B2001400", "6A83")]
    [InlineData("00B2001000", "01020304050607089000")]
    [InlineData("00B2001100", "11121314151617189000")]
    [InlineData("00B2111000", "11121314151617189000")]
    [InlineData("00B2991000", "6A83")]
    [InlineData("00B2011500", "010203040506070811121314151617189000")]
    [InlineData("00B2011600", "111213141516171801020304050607089000")]
    [InlineData("00B2021500", "11121314151617189000")]
    [InlineData("00B2011700", "6A86")]
    [InlineData("00B20114 01 00", "6700")]
    [InlineData("00B2010C00", "6981")]
    [InlineData("00B2010400", "6986")]
    [InlineData("00B2012400", "6A83")]
    [InlineData("00B201FC00", "6A86")]
    public void Reads(string command, string answer) => Assert.Equal(answer, _card.Send(command));

    [Fact]
    public void Next_and_previous_go_through_the_file_and_stop_at_its_ends()
    {
        _card.Send("00A4000C 02 5003");

        Assert.Equal("A19000", _card.Send("00B2000200"));
        Assert.Equal("A19000", _card.Send("00B2000400"));
        Assert.Equal("B1B2B39000", _card.Send("00B2000200"));
        Assert.Equal("6A83", _card.Send("00B2000200"));
        Assert.Equal("A19000", _card.Send("00B2000300"));
        Assert.Equal("6A83", _card.Send("00B2000300"));
        Assert.Equal("A19000", _card.Send("00B2010400"));
        _card.Send("00A4000C 02 5003");
        Assert.Equal("B1B2B39000", _card.Send("00B2000300"));
    }

    [Fact]
    public void A_fixed_file_grows_to_its_end_by_records_of_one_length()
    {
        Assert.Equal("6700", _card.Send("00E20010 07 21222324252627"));
        for (var i = 3; i <= 10; i++) Assert.Equal("9000", _card.Send($"00E20010 08 212223242526270{i:X}"));
        Assert.Equal("6A84", _card.Send("00E20010 08 2122232425262728"));

        Assert.Equal("212223242526270A9000", _card.Send("00B20A1400"));
        Assert.Equal("9000", _card.Send("00DC0A14 08 3132333435363738"));
        Assert.Equal("31323334353637389000", _card.Send("00B20A1400"));
        Assert.Equal("6700", _card.Send("00DC0A14 09 313233343536373839"));
        Assert.Equal("6A83", _card.Send("00DC0B14 08 3132333435363738"));
        Assert.Equal("6A86", _card.Send("00DC0A15 08 3132333435363738"));
        Assert.Equal("6A86", _card.Send("00E20114 08 3132333435363738"));
    }

    [Fact]
    public void A_variable_file_takes_records_of_any_length_that_fits()
    {
        _card.Send("00A4000C 02 5003");

        Assert.Equal("9000", _card.Send("00DC0104 06 010203040506"));
        Assert.Equal("010203040506B1B2B39000", _card.Send("00B2010500"));
        Assert.Equal("9000", _card.Send("00E20000 02 C1C2"));
        Assert.Equal("9000", _card.Send("00DC0204 01 B9"));
        Assert.Equal("C1C29000", _card.Send("00B2000400"));
        Assert.Equal("010203040506B9C1C29000", _card.Send("00B2010500"));
        Assert.Equal("6700", _card.Send("00DC0104 21" + string.Concat(Enumerable.Repeat("00", 33))));
        for (var i = 0; i < 5; i++) Assert.Equal("9000", _card.Send("00E20000 20" + string.Concat(Enumerable.Repeat("DD", 32))));
        Assert.Equal("6A84", _card.Send("00E20000 20" + string.Concat(Enumerable.Repeat("DD", 32))));
        Assert.Equal("6A84", _card.Send("00DC0204 20" + string.Concat(Enumerable.Repeat("EE", 32))));
        Assert.Equal("B99000", _card.Send("00B2020400"));
        Assert.Equal("9000", _card.Send("000C0104"));
        Assert.Equal("9000", _card.Send("00B2010400"));
        Assert.Equal("B99000", _card.Send("00B2020400"));
    }

    [Fact]
    public void A_cyclic_file_counts_from_the_newest_and_loses_the_oldest()
    {
        Assert.Equal("6A83", _card.Send("00B2012400"));
        for (var i = 1; i <= 6; i++) Assert.Equal("9000", _card.Send($"00E20020 06 0{i}0{i}0{i}0{i}0{i}0{i}"));

        Assert.Equal("0606060606069000", _card.Send("00B2002400"));
        Assert.Equal("0606060606069000", _card.Send("00B2012400"));
        Assert.Equal("0303030303039000", _card.Send("00B2042400"));
        Assert.Equal("6A83", _card.Send("00B2052400"));
        Assert.Equal("9000", _card.Send("00DC0023 06 070707070707"));
        Assert.Equal("070707070707060606060606050505050505040404040404" + "9000", _card.Send("00B2012500"));
        Assert.Equal("9000", _card.Send("00DC0224 06 666666666666"));
        Assert.Equal("6666666666669000", _card.Send("00B2022400"));
        Assert.Equal("9000", _card.Send("000C0325"));
        Assert.Equal("070707070707666666666666000000000000000000000000" + "9000", _card.Send("00B2012500"));
    }

    [Fact]
    public void Finds_records_by_what_is_in_them()
    {
        _card.Send("00E20010 08 0101020304050607");

        Assert.Equal("01039000", _card.Send("00A20114 02 0203 00"));
        Assert.Equal("039000", _card.Send("00A20214 02 0203 00"));
        Assert.Equal("03019000", _card.Send("00A20315 02 0203 00"));
        Assert.Equal("01010203040506079000", _card.Send("00B2000400"));
        Assert.Equal("039000", _card.Send("00A20014 02 0203 00"));
        Assert.Equal("6282", _card.Send("00A20114 02 0909 00"));
        Assert.Equal("6A83", _card.Send("00A20414 02 0203 00"));
        Assert.Equal("6A81", _card.Send("00A20116 02 0203 00"));
        Assert.Equal("6700", _card.Send("00A2011400"));
    }

    [Fact]
    public void Writes_bits_of_a_record_and_erases_one_or_all_that_follow()
    {
        Assert.Equal("9000", _card.Send("00D20114 08 F000000000000000"));
        Assert.Equal("F1020304050607089000", _card.Send("00B2011400"));
        Assert.Equal("9000", _card.Send("000C0214"));
        Assert.Equal("00000000000000009000", _card.Send("00B2021400"));
        Assert.Equal("9000", _card.Send("000C0115"));
        Assert.Equal("00000000000000009000", _card.Send("00B2011400"));
        Assert.Equal("6A83", _card.Send("000C0314"));
        Assert.Equal("6A86", _card.Send("000C0110"));
        Assert.Equal("6700", _card.Send("000C0114 01 00"));
    }
}
