using System.Text.Json;
using Tessera.Interop.Tests.Pcsc;
using Tessera.Testing;
using Xunit;

namespace Tessera.Interop.Tests;

/// <summary>A card in a PC/SC reader is issued: the tool on one side of pcscd, a blank card on the other.</summary>
[Collection(PcscdAlone.Name)]
public class IssueTests(PrivatePcscd pcscd)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_blank_card_in_a_reader_is_issued_and_taken_back()
    {
        using var folder = new TempFolder();
        var (image, data) = (folder.File("blank.img"), Directory.CreateDirectory(folder.File("data")).FullName);
        await pcscd.RestartAsync(Cancel);
        Assert.Equal(0, (await RunAsync("card", "image", "new", image)).ExitCode);
        await using var serve = ToolProcess.Start(
            ["card", "serve", "--vpcd", pcscd.EndPoint.ToString(), "--image", image]);
        await serve.LineAsync(Cancel);

        var issued = await RunAsync(
            "card", "issue", "--data", data, "--reader", PrivatePcscd.Reader, "--holder", "Ada Marchand", "--id",
            "1122334455667788", "--letter", folder.File("ada.pin"), "--letter-key", "env:TESSERA_TEST_LETTER", "--json");
        Assert.True(issued.ExitCode == 0, issued.Error);
        var info = await RunAsync("card", "info", "--reader", PrivatePcscd.Reader, "--json");
        Assert.True(info.ExitCode == 0, info.Error);
        Assert.Equal("1122334455667788", JsonElement.Parse(info.Output).GetProperty("card").GetString());

        var retired = await RunAsync("card", "retire", "1122334455667788", "--data", data, "--reader", PrivatePcscd.Reader);
        Assert.True(retired.ExitCode == 0, retired.Error);
        Assert.Equal(0, (await RunAsync("ledger", "check", "--data", data)).ExitCode);
    }

    private async Task<ToolRun> RunAsync(params string[] arguments)
    {
        await using var tool = ToolProcess.Start(
            arguments, pcscd.Address, new KeyValuePair<string, string>("TESSERA_TEST_LETTER", "letters of the bank"));
        return await tool.EndAsync(Cancel);
    }
}
