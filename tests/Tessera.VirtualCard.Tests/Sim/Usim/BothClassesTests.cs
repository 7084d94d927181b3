using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Sim.Files;
using Tessera.VirtualCard.Tests.Support;
using Xunit;

namespace Tessera.VirtualCard.Tests.Sim.Usim;

/// <summary>What the SIM and the USIM both have is one file with two ways to it.</summary>
public class BothClassesTests
{
    private const string Usim = "00A4040C07A0000000871002";

    [Theory]
    [InlineData("7F20 6F7E", "7FFF 6F7E", 11)]
    [InlineData("7F20 6F53", "7FFF 6F73", 14)]
    [InlineData("7F20 6F7B", "7FFF 6F7B", 12)]
    [InlineData("7F20 6F20", "7FFF 5F3B 4F20", 9)]
    [InlineData("7F20 6F52", "7FFF 5F3B 4F52", 9)]
    [InlineData("7F20 6F45", "7FFF 6F45", 8)]
    [InlineData("7F10 6F43", "7FFF 6F43", 2)]
    [InlineData("3F00 2F05", "3F00 2F05", 4)]
    public void Octets_that_one_class_writes_the_other_reads(string gsm, string uicc, int length)
    {
        using var sim = TestSim.Demonstration();
        sim.Send(Usim);
        var octets = Convert.ToHexString([.. Enumerable.Range(1, length).Select(i => (byte)i)]);
        var other = Convert.ToHexString([.. Enumerable.Range(1, length).Select(i => (byte)(0x80 | i))]);

        sim.Select(gsm.Split(' '));
        Assert.Equal("9000", sim.Send($"A0D60000{length:X2}{octets}"));
        SelectUicc(sim, uicc);
        Assert.Equal($"{octets}9000", sim.Send($"00B00000{length:X2}"));
        Assert.Equal("9000", sim.Send($"00D60000{length:X2}{other}"));
        Assert.Equal($"{other}9000", sim.Send($"A0B00000{length:X2}"));
    }

    [Theory]
    [InlineData("7F10 6F3A", "7F10 5F3A 4F3A", 28, 20)]
    [InlineData("7F10 6F3C", "7FFF 6F3C", 176, 10)]
    [InlineData("7F10 6F40", "7FFF 6F40", 28, 1)]
    [InlineData("7F10 6F42", "7FFF 6F42", 42, 1)]
    public void Records_that_one_class_writes_the_other_reads(string gsm, string uicc, int length, int record)
    {
        using var sim = TestSim.Demonstration();
        sim.Send(Usim);
        var octets = "C5".PadRight(2 * length, 'A');
        var other = "B7".PadRight(2 * length, 'D');

        sim.Select(gsm.Split(' '));
        Assert.Equal("9000", sim.Send($"A0DC{record:X2}04{length:X2}{octets}"));
        SelectUicc(sim, uicc);
        Assert.Equal($"{octets}9000", sim.Send($"00B2{record:X2}04{length:X2}"));
        Assert.Equal("9000", sim.Send($"00DC{record:X2}04{length:X2}{other}"));
        Assert.Equal($"{other}9000", sim.Send($"A0B2{record:X2}04{length:X2}"));
    }

    [Fact]
    public void Charges_and_invalidation_are_those_of_the_other_class_too()
    {
        using var sim = TestSim.Demonstration();
        sim.Send(Usim);
        sim.Select("7F20", "6F39");
        Assert.Equal("9F06", sim.Send("A032000003 000005"));
        SelectUicc(sim, "7FFF 6F39");
        Assert.Equal("00000C0000079000", sim.Ask("8032000003 000007 00"));
        Assert.Equal("00000C9000", sim.Send("A0B2010403"));
        Assert.Equal("9850", sim.Send("8032000003 FFFFFF"));

        sim.Send("00200081 08" + TestSim.Chv("5678"));
        SelectUicc(sim, "7F10 5F3A 4F3A");
        Assert.Equal("9000", sim.Send("00040000"));
        Assert.Equal("6985", sim.Send("00040000"));
        Assert.Equal("6984", sim.Send("00B201041C"));
        Assert.Equal("6283", sim.Send("00A4000C024F3A"));
        Assert.Equal("8A0104", sim.Ask("00A40004024F3A00")[26..32]);
        sim.Select("7F10", "6F3A");
        Assert.Equal("9810", sim.Send("A0B201041C"));
        Assert.Equal("9000", sim.Send("A044000000"));
        Assert.EndsWith("9000", sim.Send("00B201041C"), StringComparison.Ordinal);
        Assert.Equal("6985", sim.Send("00440000"));
    }

    [Fact]
    public void Every_file_has_octets_of_its_own_or_those_of_the_file_it_is()
    {
        var own = SimFiles.All.Concat(UsimFiles.Own).ToList();
        Assert.Equal(own.Count, own.Select(file => file.Cell).Distinct().Count());
        Assert.All(own, file => Assert.True(CellId.IsOfTelephony(file.Cell)));
        Assert.All(UsimFiles.Shared, file => Assert.Contains(SimFiles.All, each => each.Cell == file.Cell));
        Assert.All(UsimFiles.All.GroupBy(file => (file.Parent, file.Id)), same => Assert.Single(same));
        Assert.All(
            UsimFiles.All.Where(file => file.ShortId is not null).GroupBy(file => (file.Parent, file.ShortId)),
            same => Assert.Single(same));
    }

    /// <summary>An image as it was made before there was a tree of the USIM: it opens, with what it has.</summary>
    [Fact]
    public void A_SIM_that_was_made_before_its_USIM_had_files_has_those_of_the_SIM_in_both_classes()
    {
        var medium = new CutMedium();
        using (var now = CardMemory.Open(new CutMedium(TestSim.NewImage())))
        {
            CardMemory.Format(medium, [.. Enumerable.Range(1, 255)
                .Where(id => now.Has(id) && !IsNew(id))
                .Select(id => new NewCell(id, now.Read(id).Length + 16, Wire.Bytes.CopyOf(now.Read(id))))]);
        }

        using var sim = TestCard.Open(medium.Image);
        Assert.Equal("9000", sim.Send(Usim));
        Assert.Equal("0809101000000000109000", sim.Send("00B0870009"));
        Assert.Equal("6A82", sim.Send("00A4000C026F08"));
        Assert.Equal("9802", sim.Send("A020000208" + TestSim.Chv("5678")));
        Assert.Equal("6A88", sim.Send("00200081"));
        Assert.Equal("9404", sim.Select("7F10", "6F3B"));
        sim.Select("6F3A");
        Assert.Equal("9804", sim.Send("A004000000"));

        static bool IsNew(int id) => id is (>= 0x64 and <= 0x67) or 0x8F or (>= 0x95 and <= 0x9F) or >= 0xE0;
    }

    private static void SelectUicc(TestCard sim, string path)
    {
        sim.Send("00A4000C023F00");
        foreach (var id in path.Split(' ')) Assert.Equal("9000", sim.Send($"00A4000C02{id}"));
    }
}
