using Tessera.Cards;
using Tessera.VirtualCard;
using Tessera.Wire;
using Xunit;

namespace Tessera.Interop.Tests.Pcsc;

/// <summary>
/// OpenSC, which knows no SIM, at the SIM of the lab through the real pcscd: as an ISO card, and octet by octet.
/// </summary>
[Collection(PcscdAlone.Name)]
public class OpenScSimTests(PrivatePcscd pcscd)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenSC_explores_the_files_of_the_USIM()
    {
        using var os = Sim();
        await using var inserted = await InsertedCard.ShowAsync(pcscd, os, Cancel);

        var output = await OpenScTool.ExploreAsync(
            pcscd, Cancel,
            "info",
            "cat 2FE2",
            "cat 2F00",
            "cd aid:A0000000871002FFFFFFFF8900000000",
            "info 6F07",
            "cat 6F07",
            "info 6F3C",
            "cd ..",
            "cd 7F10",
            "info 6F3A");

        Assert.Contains("98 88 12 01 00 00 00 00 10 F8", output, StringComparison.Ordinal);
        Assert.Contains("61 1B 4F 10 A0 00 00 00 87 10 02", output, StringComparison.Ordinal);
        Assert.Contains("08 09 10 10 00 00 00 00 10", output, StringComparison.Ordinal);
        Assert.Contains("Linear fixed", output, StringComparison.Ordinal);
        Assert.Contains("Number of records:       20", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_classes_answer_opensc_tool_and_see_the_same_location()
    {
        using var os = Sim();
        await using var inserted = await InsertedCard.ShowAsync(pcscd, os, Cancel);

        var answers = OpenScTool.Answers(await OpenScTool.RunAsync(
            pcscd, Cancel, "-c", "default",
            "-s", "A0A40000027F20", "-s", "A0A40000026F7E", "-s", "A0D600040512F3450102", "-s", "A0C000000F",
            "-s", "00A4040C07A0000000871002", "-s", "00B08B000B", "-s", "002000810835363738FFFFFFFF",
            "-s", "00D6850001FE", "-s", "00B0850001", "-s", "80F2000C"));

        Assert.Equal(
            "9F16 9F0F 9000 6F00 9000 FFFFFFFF12F345010200019000 9000 9000 FE9000 9000",
            string.Join(' ', answers.Select(answer => Bytes.Of(answer))));
    }

    private static VirtualCard.Os.CardOs Sim() =>
        InsertedCard.Of(Personalisation.DemonstrationSim(CardId.Parse("0123456789ABCDEF")));
}
