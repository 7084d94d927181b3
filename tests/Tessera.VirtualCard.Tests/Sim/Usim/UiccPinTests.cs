using Tessera.VirtualCard.Tests.Support;
using Xunit;

namespace Tessera.VirtualCard.Tests.Sim.Usim;

/// <summary>The PINs of a UICC (ETSI TS 102 221 §11.1.9 to §11.1.13), which are the CHVs of class A0.</summary>
public class UiccPinTests
{
    private static readonly string Right = TestSim.Chv("1234");
    private static readonly string Wrong = TestSim.Chv("4321");
    private static readonly string Puk = TestSim.Chv("12345678");

    [Fact]
    public void Files_open_with_the_PIN_whichever_class_asked_for_it()
    {
        using var sim = Selected();
        Assert.Equal("6982", sim.Send("00B0870009"));
        Assert.Equal("63C3", sim.Send("00200001"));
        Assert.Equal("63C2", sim.Send("00200001 08" + Wrong));
        Assert.Equal("9000", sim.Send("00200001 08" + Right));
        Assert.Equal("0809101000000000109000", sim.Send("00B0870009"));
        sim.Select("7F20", "6F07");
        Assert.Equal("0809101000000000109000", sim.Send("A0B0000009"));

        sim.Os.Reset();
        sim.Send("A020000108" + Right);
        Assert.Equal("9000", sim.Send("00200001"));
    }

    [Fact]
    public void What_is_blocked_in_one_class_is_blocked_in_the_other_and_unblocked_in_either()
    {
        using var sim = Selected();
        sim.Send("A020000108" + Wrong);
        sim.Send("00200001 08" + Wrong);
        Assert.Equal("9840", sim.Send("A020000108" + Wrong));
        Assert.Equal("6983", sim.Send("00200001"));
        Assert.Equal("6983", sim.Send("00200001 08" + Right));

        Assert.Equal("63CA", sim.Send("002C0001"));
        Assert.Equal("63C9", sim.Send("002C0001 10" + Wrong + Right));
        Assert.Equal("9000", sim.Send("002C0001 10" + Puk + TestSim.Chv("999999")));
        Assert.Equal("63CA", sim.Send("002C0001"));
        sim.Os.Reset();
        Assert.Equal("9000", sim.Send("A020000108" + TestSim.Chv("999999")));
    }

    [Fact]
    public void The_PIN_is_changed_disabled_and_enabled_and_the_template_says_so()
    {
        using var sim = Selected();
        Assert.Contains("9001C0", sim.Ask("80F2000000"), StringComparison.Ordinal);
        Assert.Equal("9000", sim.Send("00240001 10" + Right + TestSim.Chv("8888")));
        Assert.Equal("63C2", sim.Send("00260001 08" + Right));
        Assert.Equal("9000", sim.Send("00260001 08" + TestSim.Chv("8888")));
        Assert.Contains("900140", sim.Ask("80F2000000"), StringComparison.Ordinal);
        Assert.Equal("6984", sim.Send("00200001 08" + TestSim.Chv("8888")));
        Assert.Equal("6984", sim.Send("00260001 08" + TestSim.Chv("8888")));
        sim.Os.Reset();
        sim.Send(Usim);
        Assert.EndsWith("9000", sim.Send("00B0870009"), StringComparison.Ordinal);

        Assert.Equal("9000", sim.Send("00280001 08" + TestSim.Chv("8888")));
        Assert.Equal("6985", sim.Send("00280001 08" + TestSim.Chv("8888")));
        sim.Os.Reset();
        sim.Send(Usim);
        Assert.Equal("6982", sim.Send("00B0870009"));
    }

    [Fact]
    public void The_second_PIN_opens_fixed_numbers_and_enabled_services()
    {
        using var sim = Selected();
        sim.Send("00200001 08" + Right);
        Assert.Equal("6982", sim.Send("00D6850001 01"));
        Assert.Equal("63C2", sim.Send("00200081 08" + Wrong));
        Assert.Equal("9000", sim.Send("00200081 08" + TestSim.Chv("5678")));
        Assert.Equal("9000", sim.Send("00D6850001 01"));
        Assert.Equal("9000", sim.Send("00240081 10" + TestSim.Chv("5678") + TestSim.Chv("1111")));
        Assert.Equal("6A81", sim.Send("00260081 08" + TestSim.Chv("1111")));
        Assert.Equal("6A81", sim.Send("00280081 08" + TestSim.Chv("1111")));
        for (var i = 0; i < 3; i++) sim.Send("00200081 08" + Wrong);
        Assert.Equal("6983", sim.Send("00200081"));
        Assert.Equal("6982", sim.Send("00D6850001 00"));
        Assert.Equal("9000", sim.Send("002C0081 10" + Puk + TestSim.Chv("2222")));
        Assert.Equal("9000", sim.Send("00D6850001 00"));
    }

    [Fact]
    public void The_issuers_code_is_verified_and_nothing_else()
    {
        using var sim = Selected();
        Assert.Equal("63CA", sim.Send("0020000A"));
        Assert.Equal("63C9", sim.Send("0020000A 08" + Wrong));
        Assert.Equal("9000", sim.Send("0020000A 08" + TestSim.Chv("88888888")));
        Assert.Equal("9000", sim.Send("0020000A"));
        Assert.Equal("6A81", sim.Send("0024000A 10" + TestSim.Chv("88888888") + Right));
        Assert.Equal("6A81", sim.Send("002C000A 10" + Puk + Right));
        Assert.Equal("9000", sim.Send("00D6870001 08"));
        Assert.Equal("6982", sim.Send("00B0870001"));
    }

    [Theory]
    [InlineData("00200002 08 31323334FFFFFFFF", "6A88")]
    [InlineData("00200011 08 31323334FFFFFFFF", "6A88")]
    [InlineData("00200080 08 31323334FFFFFFFF", "6A88")]
    [InlineData("00200101 08 31323334FFFFFFFF", "6A86")]
    [InlineData("00200001 07 31323334FFFFFF", "6700")]
    [InlineData("00240001 08 31323334FFFFFFFF", "6700")]
    [InlineData("00240001", "6700")]
    [InlineData("00240001 10 31323334FFFFFFFF 3132FFFFFFFFFFFF", "6A80")]
    [InlineData("002C0001 10 3132333435363738 31323334414141FF", "6A80")]
    public void Forms_that_cost_no_try(string command, string status)
    {
        using var sim = Selected();
        Assert.Equal(status, sim.Send(command));
        Assert.Equal("63C3", sim.Send("00200001"));
        Assert.Equal("63CA", sim.Send("002C0001"));
    }

    private const string Usim = "00A4040C07A0000000871002";

    private static TestCard Selected()
    {
        var sim = TestSim.AskingChv1WithNetwork();
        Assert.Equal("9000", sim.Send(Usim));
        return sim;
    }
}
