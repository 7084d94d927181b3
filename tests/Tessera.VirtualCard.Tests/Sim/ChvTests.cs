using Tessera.VirtualCard.Tests.Support;
using Xunit;

namespace Tessera.VirtualCard.Tests.Sim;

public class ChvTests
{
    private static readonly string Right = TestSim.Chv("1234");
    private static readonly string Wrong = TestSim.Chv("4321");
    private static readonly string Puk = TestSim.Chv("12345678");

    [Fact]
    public void Files_open_with_the_right_CHV_and_close_with_the_power()
    {
        using var sim = TestSim.AskingChv1();
        sim.Select("7F20", "6F07");
        Assert.Equal("9804", sim.Send("A0B0000009"));
        Assert.Equal("9000", sim.Send("A020000108" + Right));
        Assert.Equal("0809101000000000109000", sim.Send("A0B0000009"));

        sim.Os.Reset();
        sim.Select("7F20", "6F07");
        Assert.Equal("9804", sim.Send("A0B0000009"));
        sim.Select("6F46");
        Assert.EndsWith("9000", sim.Send("A0B0000011"), StringComparison.Ordinal);
    }

    [Fact]
    public void Three_wrong_ones_block_and_the_unblocking_value_opens_with_a_new_one()
    {
        using var sim = TestSim.AskingChv1();

        Assert.Equal("9804", sim.Send("A020000108" + Wrong));
        Assert.Equal("828A", Tries(sim));
        Assert.Equal("9804", sim.Send("A020000108" + Wrong));
        Assert.Equal("9840", sim.Send("A020000108" + Wrong));
        Assert.Equal("9840", sim.Send("A020000108" + Right));
        Assert.Equal("9804", sim.Send("A02C000010" + TestSim.Chv("87654321") + Wrong));
        Assert.Equal("8089", Tries(sim));
        Assert.Equal("9000", sim.Send("A02C000010" + Puk + TestSim.Chv("55555")));
        Assert.Equal("838A", Tries(sim));
        sim.Os.Reset();
        Assert.Equal("9804", sim.Send("A020000108" + Right));
        Assert.Equal("9000", sim.Send("A020000108" + TestSim.Chv("55555")));
    }

    [Fact]
    public void Ten_wrong_unblocking_values_end_it()
    {
        using var sim = TestSim.AskingChv1();
        for (var left = 9; left > 0; left--)
            Assert.Equal("9804", sim.Send("A02C000010" + Wrong + Right));

        Assert.Equal("9840", sim.Send("A02C000010" + Wrong + Right));
        Assert.Equal("9840", sim.Send("A02C000010" + Puk + Right));
        Assert.Equal("8380", Tries(sim));
    }

    [Fact]
    public void CHV_is_changed_disabled_and_enabled()
    {
        using var sim = TestSim.AskingChv1();

        Assert.Equal("9000", sim.Send("A024000110" + Right + TestSim.Chv("77777777")));
        Assert.Equal("9804", sim.Send("A026000108" + Right));
        Assert.Equal("9000", sim.Send("A026000108" + TestSim.Chv("77777777")));
        sim.Os.Reset();
        sim.Select("7F20", "6F07");
        Assert.EndsWith("9000", sim.Send("A0B0000009"), StringComparison.Ordinal);
        Assert.Equal("9000", sim.Send("A028000108" + TestSim.Chv("77777777")));
        sim.Os.Reset();
        sim.Select("7F20", "6F07");
        Assert.Equal("9804", sim.Send("A0B0000009"));
    }

    [Theory]
    [InlineData(true, "A028000108", "9808")]
    [InlineData(false, "A020000108", "9808")]
    [InlineData(false, "A026000108", "9808")]
    [InlineData(true, "A026000208", "6B00")]
    [InlineData(true, "A028000208", "6B00")]
    [InlineData(true, "A020000308", "6B00")]
    [InlineData(true, "A020010108", "6B00")]
    public void Commands_against_the_state_of_the_CHV(bool enabled, string command, string status)
    {
        using var sim = enabled ? TestSim.AskingChv1() : TestSim.Demonstration();

        Assert.Equal(status, sim.Send(command + Right));
    }

    [Theory]
    [InlineData("A0200001073132333435FFFF", "6708")]
    [InlineData("A0240001083132333435FFFFFF", "6710")]
    [InlineData("A02C000108 3132333435363738", "6710")]
    [InlineData("A024000110 31323334FFFFFFFF 3132FFFFFFFFFFFF", "6F00")]
    [InlineData("A024000110 31323334FFFFFFFF 313233344141FFFF", "6F00")]
    [InlineData("A02C000010 3132333435363738 3132FFFFFFFFFFFF", "6F00")]
    [InlineData("A02C000110 31323334FFFFFFFF 31323334FFFFFFFF", "6B00")]
    public void Forms_that_cost_no_try(string command, string status)
    {
        using var sim = TestSim.AskingChv1();

        Assert.Equal(status, sim.Send(command));
        Assert.Equal("838A", Tries(sim));
    }

    [Fact]
    public void A_try_is_lost_with_the_power_and_never_gained()
    {
        for (var step = 0; ; step++)
        {
            var medium = new CutMedium(AskingImage());
            using (var sim = TestCard.Open(medium))
            {
                medium.CutAfter(step, length => length / 2);
                try
                {
                    sim.Send("A020000108" + Wrong);
                }
                catch (PowerLostException)
                {
                    // As intended.
                }
            }

            using var after = TestCard.Open(medium.Image);
            Assert.True(Tries(after) is "828A" || (medium.IsCut && Tries(after) is "838A"));
            Assert.Equal("9000", after.Send("A020000108" + Right));
            if (!medium.IsCut) break;
        }
    }

    [Fact]
    public void The_second_one_opens_fixed_numbers_and_has_tries_of_its_own()
    {
        using var sim = TestSim.AskingChv1();
        sim.Send("A020000108" + Right);
        sim.Select("7F10", "6F3B");
        var number = "41".PadRight(56, 'F');
        Assert.Equal("9804", sim.Send($"A0DC01041C{number}"));
        Assert.Equal("9804", sim.Send("A020000208" + Wrong));
        Assert.Equal("828A", SecondTries(sim));
        Assert.Equal("838A", Tries(sim));
        Assert.Equal("9000", sim.Send("A024000210" + TestSim.Chv("5678") + TestSim.Chv("8765")));
        sim.Select("7F10", "6F3B");
        Assert.Equal("9000", sim.Send($"A0DC01041C{number}"));
        Assert.Equal($"{number}9000", sim.Send("A0B201041C"));

        for (var i = 0; i < 3; i++) sim.Send("A020000208" + Wrong);
        Assert.Equal("9840", sim.Send("A020000208" + TestSim.Chv("8765")));
        Assert.Equal("9804", sim.Send($"A0DC01041C{number}"));
        Assert.Equal("9000", sim.Send("A02C000210" + Puk + TestSim.Chv("4444")));
        Assert.Equal("9000", sim.Send($"A0DC01041C{number}"));
        sim.Os.Reset();
        Assert.Equal("9804", sim.Send("A020000208" + TestSim.Chv("5678")));
        Assert.Equal("9000", sim.Send("A020000208" + TestSim.Chv("4444")));
    }

    [Fact]
    public void The_issuers_code_opens_the_files_that_are_its_own_until_it_is_blocked()
    {
        using var sim = TestSim.Demonstration();
        sim.Select("7F20", "6F46");
        Assert.Equal("9804", sim.Send("A0D600010141"));
        Assert.Equal("9804", sim.Send("A020000A08" + Wrong));
        Assert.Equal("9000", sim.Send("A020000A08" + TestSim.Chv("88888888")));
        Assert.Equal("9000", sim.Send("A0D600010141"));
        Assert.Equal("6B00", sim.Send("A024000A10" + TestSim.Chv("88888888") + TestSim.Chv("99999999")));
        sim.Select("3F00", "2FE2");
        Assert.Equal("9804", sim.Send("A0D600000141"));

        for (var i = 0; i < 9; i++) Assert.Equal("9804", sim.Send("A020000A08" + Wrong));
        Assert.Equal("9840", sim.Send("A020000A08" + Wrong));
        Assert.Equal("9840", sim.Send("A020000A08" + TestSim.Chv("88888888")));
        sim.Select("7F20", "6F46");
        Assert.Equal("9804", sim.Send("A0D600010141"));
    }

    [Fact]
    public void A_SIM_that_was_made_without_them_has_neither()
    {
        using var sim = TestSim.WithoutSecondChv();

        Assert.Equal("9802", sim.Send("A020000208" + Right));
        Assert.Equal("9802", sim.Send("A02C000210" + Puk + Right));
        Assert.Equal("9802", sim.Send("A020000A08" + Right));
        Assert.Equal("02020200838A00009000", sim.Send("A0F2000016")[28..]);
        sim.Select("7F10", "6F3B");
        Assert.Equal("9804", sim.Send($"A0DC01041C{"41".PadRight(56, 'F')}"));
    }

    [Fact]
    public void CHV_and_the_PIN_of_the_purse_know_nothing_of_each_other()
    {
        using var sim = TestSim.AskingChv1();
        for (var i = 0; i < 3; i++) sim.Send("A020000108" + Wrong);
        sim.Send("00A4040009F0544553534552410100");

        Assert.Equal("9000", sim.Send("0020008008" + TestSim.Chv("123456")));
        Assert.Equal("9840", sim.Send("A020000108" + Right));
    }

    private static byte[] AskingImage()
    {
        using var sim = TestSim.AskingChv1();
        return sim.Image;
    }

    /// <summary>The same of CHV2.</summary>
    private static string SecondTries(TestCard sim) => sim.Send("A0F2000016")[40..44];

    /// <summary>Status of CHV1 and UNBLOCK CHV1, as STATUS tells it.</summary>
    private static string Tries(TestCard sim) => sim.Send("A0F2000016")[36..40];
}
