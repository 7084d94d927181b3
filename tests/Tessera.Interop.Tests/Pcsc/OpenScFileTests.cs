using Tessera.Cards;
using Tessera.Testing;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Tessera.Wire;
using Xunit;

namespace Tessera.Interop.Tests.Pcsc;

/// <summary>OpenSC's explorer, with its driver for any ISO card, walks our file system through the real pcscd.</summary>
[Collection(PcscdAlone.Name)]
public class OpenScFileTests(PrivatePcscd pcscd)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenSC_explores_reads_verifies_and_writes()
    {
        using var folder = new TempFolder();
        using var person = Personalisation.DemonstrationWithFiles(CardId.Parse("0123456789ABCDEF"));
        var medium = new MemoryMedium();
        CardImage.Create(medium, person);
        using var os = CardImage.Open(medium);
        await using var inserted = await InsertedCard.ShowAsync(pcscd, os, Cancel);

        var output = await OpenScTool.ExploreAsync(
            pcscd, Cancel,
            "info",
            "cat 2F01",
            "cd 5000",
            "info 5001",
            $"get 5001 {folder.File("note")}",
            "apdu 00 20 00 80 08 31 32 33 34 35 36 FF FF",
            "update_binary 5001 2 \"CA\"",
            $"get 5001 {folder.File("changed")}",
            "verify CHV1 \"12345678\"",
            "apdu 00 E2 00 18 07 54 65 53 53 65 52 61",
            "update_record 5003 1 0 \"Tessera\"",
            "cat 5003",
            "cd ..",
            "cd aid:F0544553534552411001",
            "info");

        Assert.Contains("Dedicated File", output, StringComparison.Ordinal);
        Assert.Contains("Code correct", output, StringComparison.Ordinal);
        Assert.Contains(@"\xF0TESSERA\x10\x01", output, StringComparison.Ordinal);
        Assert.StartsWith("A card in", await File.ReadAllTextAsync(folder.File("note"), Cancel), StringComparison.Ordinal);
        Assert.StartsWith("A CArd in", await File.ReadAllTextAsync(folder.File("changed"), Cancel), StringComparison.Ordinal);
        Assert.Equal(2048, new FileInfo(folder.File("note")).Length);
        Assert.Contains("54 65 73 73 65 72 61", output, StringComparison.Ordinal);
    }

    /// <summary>OpenSC describes a new file in a template 6F and gives directories a size.</summary>
    [Fact]
    public async Task OpenSC_makes_fills_and_removes_files()
    {
        using var folder = new TempFolder();
        using var lab = Personalisation.Demonstration(CardId.Parse("0123456789ABCDEF"));
        var medium = new MemoryMedium();
        CardImage.Create(medium, new Personalisation
        {
            Card = lab.Card,
            Keys = lab.Keys,
            KeyVersion = lab.KeyVersion,
            Pin = lab.Pin,
            Puk = lab.Puk,
            Files = new InitialFile(Bytes.FromHex("820178 83023F00")),
        });
        using var os = CardImage.Open(medium);
        await using var inserted = await InsertedCard.ShowAsync(pcscd, os, Cancel);
        await File.WriteAllTextAsync(folder.File("letter"), new string('L', 700), Cancel);

        var output = await OpenScTool.ExploreAsync(
            pcscd, Cancel,
            "mkdir 7000 1000",
            "cd 7000",
            "create 7001 700",
            $"put 7001 {folder.File("letter")}",
            $"get 7001 {folder.File("copy")}",
            "delete 7001",
            "cd ..",
            "delete 7000");

        Assert.Contains("Total of 700 bytes", output, StringComparison.Ordinal);
        Assert.Equal(new string('L', 700), await File.ReadAllTextAsync(folder.File("copy"), Cancel));
        os.Reset();
        Assert.Equal(Bytes.FromHex("6A82"), os.Transmit(Bytes.FromHex("00A4000C027000").Span));
    }
}
