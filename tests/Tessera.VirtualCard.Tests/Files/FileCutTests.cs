using Tessera.VirtualCard.Tests.Support;
using Xunit;

namespace Tessera.VirtualCard.Tests.Files;

/// <summary>
/// The power goes during one command of the file system, at every physical step of it: before, torn, after. The card
/// that is opened then is the one before the command or the one after it.
/// </summary>
public class FileCutTests
{
    private const string Old8 = "5858585858585858";
    private static readonly double[] Tears = [0, 0.3, 0.95, 1];

    public static TheoryData<string, string> Commands => new()
    {
        { "00A4080C 04 50005001", "00D600FE 04 01020304" },
        { "00A4080C 04 50005001", "00D00000 02 0F0F" },
        { "00A4080C 04 50005001", "000E0003" },
        { "00A4080C 04 50005001", "00D70000 07 54020064 530155" },
        { "00A4080C 04 50005002", "00DC0104 08 F1F2F3F4F5F6F7F8" },
        { "00A4080C 04 50005002", "00D20104 08 F1F2F3F4F5F6F7F8" },
        { "00A4080C 04 50005002", "00E20000 08 F1F2F3F4F5F6F7F8" },
        { "00A4080C 04 50005002", "000C0105" },
        { "00A4080C 04 50005003", "00DC0104 06 F1F2F3F4F5F6" },
        { "00A4080C 04 50005003", "00E20000 03 F1F2F3" },
        { "00A4080C 04 50005003", "000C0104" },
        { "00A4080C 04 50005004", "00E20000 06 F1F2F3F4F5F6" },
        { "00A4080C 04 50005005", "00DA00C2 03 AABBCC" },
        { "00A4080C 04 50005005", "00DB3FFF 08 5F2000 C503010203" },
        { "00A4080C 02 5000", "00E00000 0F 620D 80020200 820101 83025555 8800" },
        { "00A4080C 04 50005001", "00E40000" },
        { "00A4080C 04 50005001", "00040000" },
        { "00A4080C 04 50005001", "00E80000" },
        { "00A4080C 02 5000", "00E60000" },
        { "00A40000", "00240001 10" + FileCard.Password + Old8 },
        { "00A40000", "002C0001 10" + FileCard.ResettingCode + Old8 },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_cut_leaves_the_files_before_or_after(string select, string command)
    {
        var image = FileCard.NewImage();
        var before = FileDump.Of(image);
        string after;
        using (var card = TestCard.Open(image))
        {
            card.Send(select);
            Assert.EndsWith("9000", card.Send(command), StringComparison.Ordinal);
            after = FileDump.Of(card.Image);
        }

        Assert.False(string.Equals(before, after, StringComparison.Ordinal), "The command changes nothing.");
        var (old, changed, between) = (0, 0, 0);
        for (var step = 0; ; step++)
        {
            var isDone = false;
            foreach (var tear in Tears)
            {
                var medium = new CutMedium(image);
                using var card = TestCard.Open(medium);
                card.Send(select);
                medium.CutAfter(step, length => (int)(length * tear), new Random(step));
                isDone = TrySend(card, command);
                if (isDone) break;

                var found = FileDump.Of(medium.Image);
                if (string.Equals(found, before, StringComparison.Ordinal)) old++;
                else if (string.Equals(found, after, StringComparison.Ordinal)) changed++;
                else if (FileDump.IsTryTaken(before, found)) between++;
                else Assert.Fail($"Cut at step {step}: {found}");
            }

            if (isDone) break;
        }

        Assert.True(old > 3 && changed > 3, $"{old} old, {changed} new");
        Assert.Equal(command.StartsWith("002", StringComparison.Ordinal), between > 0);
    }

    private static bool TrySend(TestCard card, string command)
    {
        try
        {
            card.Send(command);
            return true;
        }
        catch (PowerLostException)
        {
            return false;
        }
    }
}
