using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Tests.Support;
using Xunit;

namespace Tessera.VirtualCard.Tests.Sim;

/// <summary>The power goes at every physical step of a command that writes: old state or new state, never another.</summary>
public class TelephonyCutTests
{
    private static readonly byte[] Fresh = TestSim.NewImage();

    [Theory]
    [InlineData("7F20 6F7E", "A0D600040411223344", 0)]
    [InlineData("7F10 6F3C", "A0DC0204B0", 176)]
    [InlineData("7F20 6F39", "A032000003000105", 0)]
    [InlineData("7F20 6F39", "A0DC000303070809", 0)]
    [InlineData("7F10 6F3A", "A004000000", 0)]
    [InlineData("7FFF", "00D6850001FE", 0)]
    [InlineData("7FFF", "00D687000107", 0)]
    [InlineData("7FFF 6F39", "8032000003000105", 0)]
    [InlineData("7FFF 6F3B", "00DC0A041C", 28)]
    [InlineData("7FFF 6F07", "00040000", 0)]
    public void A_file_is_as_it_was_or_as_it_shall_be(string path, string command, int more)
    {
        command += new string('5', 2 * more);
        var (before, after) = (Telephony(Fresh), Run(path, command));
        Assert.False(string.Equals(before, after, StringComparison.Ordinal), "it was refused");
        var (old, changed) = (0, 0);
        for (var (step, done) = (0, false); !done; step++)
        {
            foreach (var lottery in (Random?[])[null, new Random(step), new Random(-step - 1)])
            {
                var medium = new CutMedium(Fresh);
                done = TryRun(medium, path, command, step, lottery);
                var found = Telephony(medium.Image);
                if (string.Equals(found, after, StringComparison.Ordinal)) changed++;
                else if (string.Equals(found, before, StringComparison.Ordinal)) old++;
                else Assert.Fail($"Neither old nor new, cut at {step}");
            }
        }

        Assert.True(old > 2 && changed > 2, $"{old} old, {changed} new");
    }

    /// <summary>Each of these takes a try before it compares: a cut loses one at most, and never wins one.</summary>
    [Theory]
    [InlineData("A020000208", "1111", null)]
    [InlineData("A020000A08", "11111111", null)]
    [InlineData("0020008108", "1111", null)]
    [InlineData("A02C000210", "11111111", "2222")]
    [InlineData("002C000110", "11111111", "2222")]
    public void A_wrong_code_costs_a_try_whenever_the_power_goes(string command, string code, string? becomes)
    {
        var whole = command + TestSim.Chv(code) + (becomes is null ? "" : TestSim.Chv(becomes));
        var before = TriesIn(Fresh);
        for (var (step, done) = (0, false); !done; step++)
        {
            var medium = new CutMedium(Fresh);
            done = TryRun(medium, "3F00", whole, step, new Random(step));
            var left = TriesIn(medium.Image);
            Assert.InRange(before - left, done ? 1 : 0, 1);
        }
    }

    private static string Run(string path, string command)
    {
        var medium = new CutMedium(Fresh);
        using (var sim = Prepared(medium, path)) sim.Send(command);
        return Telephony(medium.Image);
    }

    private static bool TryRun(CutMedium medium, string path, string command, int step, Random? lottery)
    {
        using var sim = Prepared(medium, path);
        medium.CutAfter(step, length => length / 2, lottery);
        try
        {
            sim.Send(command);
        }
        catch (PowerLostException)
        {
            // As intended.
        }

        return !medium.IsCut;
    }

    /// <summary>What it needs is verified, which leaves all tries as they were.</summary>
    private static TestCard Prepared(CutMedium medium, string path)
    {
        var sim = TestCard.Open(medium);
        sim.Send("A020000208" + TestSim.Chv("5678"));
        sim.Send("A020000A08" + TestSim.Chv("88888888"));
        sim.Send("00A4040C07A0000000871002");
        if (path.StartsWith("7FFF", StringComparison.Ordinal))
            foreach (var id in path.Split(' ')) Assert.Equal("9000", sim.Send($"00A4000C02{id}"));
        else
            sim.Select(path.Split(' '));
        return sim;
    }

    private static int TriesIn(byte[] image)
    {
        using var memory = CardMemory.Open(new CutMedium(image));
        return memory.Read(CellId.Chv2)[1] + memory.Read(CellId.UnblockChv1)[0] + memory.Read(CellId.UnblockChv2)[0]
            + memory.Read(CellId.Administrator)[0];
    }

    private static string Telephony(byte[] image)
    {
        using var memory = CardMemory.Open(new CutMedium(image));
        return string.Join(' ', Enumerable.Range(1, 255).Where(id => CellId.IsOfTelephony(id) && memory.Has(id))
            .Select(id => Convert.ToHexString(memory.Read(id))));
    }
}
