using Xunit;

namespace Tessera.Cli.Tests.Issuing;

public sealed class CardIssueTests : IDisposable
{
    private readonly IssuedHere _here = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _here.Dispose();

    [Fact]
    public async Task A_blank_card_is_issued_once_and_its_record_tells_no_secret()
    {
        var image = await _here.BlankAsync("ada.img", "--piv");

        var issued = await _here.IssueAsync(
            image, "Ada Marchand", "--field", "1=fr", "--id", "1122334455667788", "--operator", "eve");
        var (pin, puk) = await IssuedHere.LetterAsync(image);
        var again = await IssuedHere.RunAsync(["card", "issue", "--holder", "Ada Marchand", .. _here.At(image)]);
        var other = await IssuedHere.RunAsync(["card", "issue", "--holder", "Ben", .. _here.At(image)]);

        Assert.Equal("1122334455667788", issued.GetProperty("card").GetString());
        Assert.Equal("eve", issued.GetProperty("operator").GetString());
        Assert.Equal(5, issued.GetProperty("checks").EnumerateObject().Count());
        Assert.Equal((6, 8), (pin.Length, puk.Length));
        Assert.Equal(0, again.ExitCode);
        Assert.Contains("Card           1122334455667788", again.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("sealed in", again.Output, StringComparison.Ordinal);
        Assert.Equal(
            (1, "tessera: This card was begun for Ada Marchand: end it as it was begun.\n"), (other.ExitCode, other.Error));
        foreach (var said in (string[])[issued.GetRawText(), again.Output, await File.ReadAllTextAsync($"{image}.pin", Cancel)])
        {
            Assert.DoesNotContain(pin, said, StringComparison.Ordinal);
            Assert.DoesNotContain(puk, said, StringComparison.Ordinal);
        }

        var info = await IssuedHere.DoAsync("card", "info", "--card", image, "--data", _here.Data);
        Assert.Contains("6672", info.GetProperty("card").GetProperty("store").GetRawText(), StringComparison.Ordinal);
        Assert.Equal("Active", info.GetProperty("register").GetProperty("card").GetProperty("state").GetString());
        Assert.Equal(
            "card.issue", info.GetProperty("register").GetProperty("acts")[0].GetProperty("act").GetProperty("what").GetString());
    }

    [Fact]
    public async Task A_card_that_was_issued_gets_a_certificate_under_the_management_key_of_its_issuer()
    {
        var image = await _here.BlankAsync("ada.img", "--piv");
        await _here.IssueAsync(image, "Ada Marchand", "--applications", "purse,store,piv");
        var pin = _here.Folder.File("pin");
        await File.WriteAllTextAsync(pin, (await IssuedHere.LetterAsync(image)).Pin, Cancel);
        await IssuedHere.DoAsync("authority", "new", "--data", _here.Data, "--subject", "CN=Town cards");

        var enrolled = await IssuedHere.DoAsync(
            "identity", "enrol", "--card", image, "--data", _here.Data, "--slot", "9A", "--subject", "CN=Ada Marchand",
            "--pin", pin);
        var delivered = await IssuedHere.RunAsync(
            "identity", "enrol", "--card", image, "--data", _here.Data, "--slot", "9A", "--subject", "CN=Ada Marchand",
            "--pin", pin, "--management-key", await DeliveredKeyAsync());

        Assert.Contains("CN=Ada Marchand", enrolled.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(1, delivered.ExitCode);
    }

    /// <summary>The published one of cards that nobody issued.</summary>
    private async Task<string> DeliveredKeyAsync()
    {
        var path = _here.Folder.File("delivered.key");
        await File.WriteAllTextAsync(path, string.Concat(Enumerable.Repeat("0102030405060708", 3)), Cancel);
        return path;
    }

    [Fact]
    public async Task A_card_is_blocked_and_replaced_and_its_successor_retired()
    {
        var (lost, fresh) = (await _here.BlankAsync("lost.img"), await _here.BlankAsync("fresh.img"));
        var card = (await _here.IssueAsync(lost, "Ada Marchand")).GetProperty("card").GetString()!;
        await IssuedHere.DoAsync("card", "block", card, "--data", _here.Data);

        var next = await IssuedHere.DoAsync(["card", "replace", card, .. _here.At(fresh)]);
        Assert.Equal(card, next.GetProperty("replaces").GetString());
        var successor = next.GetProperty("card").GetString()!;
        Assert.Equal(("Revoked", "Active"), (await _here.StateAsync(card), await _here.StateAsync(successor)));

        await IssuedHere.DoAsync("card", "retire", successor, "--data", _here.Data, "--card", fresh);
        Assert.Equal("Terminated", (await IssuedHere.DoAsync("card", "image", "info", fresh)).GetProperty("life").GetString());
        var cards = await IssuedHere.DoAsync("card", "list", "--data", _here.Data, "--state", "revoked", "--holder", "marchand");
        Assert.Equal(2, cards.GetArrayLength());
        Assert.Equal(0, (await IssuedHere.RunAsync("ledger", "check", "--data", _here.Data)).ExitCode);
    }
}
