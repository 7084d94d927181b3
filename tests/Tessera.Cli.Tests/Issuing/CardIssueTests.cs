using System.Text.Json;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Storage;
using Tessera.Storage.Holders;
using Tessera.Storage.Keys;
using Tessera.Storage.Money;
using Tessera.VirtualCard;
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
    public async Task A_card_is_not_written_down_with_an_application_that_it_cannot_have()
    {
        var image = await _here.BlankAsync("ada.img");
        string[] issue = ["card", "issue", "--holder", "Ada Marchand", .. _here.At(image)];

        var refused = await IssuedHere.RunAsync([.. issue, "--applications", "purse,store,piv"]);

        Assert.Equal((1, "tessera: The card has no PIV application.\n"), (refused.ExitCode, refused.Error));
        Assert.False(File.Exists($"{image}.pin"));
        Assert.Equal("", (await IssuedHere.RunAsync("card", "list", "--data", _here.Data)).Output);
        Assert.Equal(0, (await IssuedHere.RunAsync(issue)).ExitCode);
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
    public async Task What_is_said_of_a_card_when_it_is_issued_is_defined_on_it_and_ordered_at_its_next_contact()
    {
        var image = await _here.BlankAsync("ada.img", "--piv");

        var issued = await _here.IssueAsync(
            image, "Ada Marchand", "--applications", "purse,store,piv", "--pin-threshold", "10.00", "--offline-allowance",
            "20.00", "--field", "9,number,holder,mandatory=42", "--field", "7,text,issuer=gold");
        var info = await IssuedHere.DoAsync("card", "info", "--card", image, "--data", _here.Data);
        var wrong = await IssuedHere.RunAsync(
            ["card", "issue", "--holder", "Ada Marchand", .. _here.At(image), "--field", "9,secret=42"]);

        Assert.Equal("""["purse","store","piv"]""", JsonSerializer.Serialize(issued.GetProperty("applications")));
        Assert.Equal((1000, 2000), (
            issued.GetProperty("greatestWithoutPin").GetInt32(), issued.GetProperty("offlineAllowance").GetInt32()));
        var fields = info.GetProperty("card").GetProperty("store").GetProperty("fields").EnumerateArray()
            .ToDictionary(field => field.GetProperty("field").GetByte());
        Assert.Equal(("number", "holder", true), RulesOf(fields[9]));
        Assert.Equal(("text", "issuer", false), RulesOf(fields[7]));
        Assert.Equal((1, "tessera: --field: 'secret' is no type and no rule of a field.\n"), (wrong.ExitCode, wrong.Error));
        Assert.Equal(
            [MoveKind.Limit, MoveKind.Allow],
            await OrdersAsync(image, CardId.Parse(issued.GetProperty("card").GetString()!)));
    }

    private static (string?, string?, bool) RulesOf(JsonElement field) => (
        field.GetProperty("type").GetString(), field.GetProperty("reading").GetString(),
        field.GetProperty("isMandatory").GetBoolean());

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

    [Fact]
    public async Task What_a_lost_card_was_allowed_to_spend_offline_is_settled_after_the_time_to_wait()
    {
        var (lost, fresh) = (await _here.BlankAsync("lost.img"), await _here.BlankAsync("fresh.img"));
        var card = (await _here.IssueAsync(lost, "Ada Marchand")).GetProperty("card").GetString()!;
        await AllowAsync(lost, CardId.Parse(card), 1000);

        var replaced = await IssuedHere.RunAsync(["card", "replace", card, .. _here.At(fresh)]);
        Assert.Contains("may have spent 10.00 offline, so 10.00 waits", replaced.Error, StringComparison.Ordinal);
        var info = await IssuedHere.DoAsync("card", "info", "--id", card, "--data", _here.Data);
        Assert.Equal(1000, info.GetProperty("register").GetProperty("suspense").GetInt64());

        var early = await IssuedHere.RunAsync("card", "settle", card, "--data", _here.Data);
        Assert.Equal((1, "tessera: It waits for 0.0 days, not 30.\n"), (early.ExitCode, early.Error));
        var settled = await IssuedHere.DoAsync("card", "settle", card, "--data", _here.Data, "--after", "0");
        Assert.Equal(5000, settled.GetProperty("account").GetInt64());
        Assert.Equal(1, (await IssuedHere.RunAsync("card", "settle", card, "--data", _here.Data, "--after", "0")).ExitCode);

        info = await IssuedHere.DoAsync("card", "info", "--id", card, "--data", _here.Data);
        Assert.Equal(1000, info.GetProperty("register").GetProperty("atRisk").GetInt64());
        Assert.Equal(0, (await IssuedHere.RunAsync("ledger", "check", "--data", _here.Data)).ExitCode);
    }

    /// <summary>What a server that wants nothing of its cards orders of this one, done by it.</summary>
    private Task<IReadOnlyList<MoveKind>> OrdersAsync(string image, CardId card) => ObeyAsync(image, card, new PursePolicy());

    private Task<IReadOnlyList<MoveKind>> AllowAsync(string image, CardId card, uint allowance) =>
        ObeyAsync(image, card, new PursePolicy { OfflineAllowance = allowance });

    /// <summary>An account of 50.00, and the card at its server until that wants no more of it.</summary>
    private async Task<IReadOnlyList<MoveKind>> ObeyAsync(string image, CardId card, PursePolicy policy)
    {
        await using var database = await Database.OpenAsync(Path.Combine(_here.Data, "tessera.db"), cancel: Cancel);
        using var vault = await Vault.OpenAsync(_here.Data, VaultSeal.None, TimeProvider.System, Cancel);
        var treasury = new Treasury(
            new SqliteMoneyStore(database), new PurseKeyring([.. vault.Cards]), TimeProvider.System,
            policy);
        var holder = (await new SqliteHolderStore(database).FindCardAsync(card, Cancel))!.Holder;
        await treasury.FundAsync(holder, 5000, "bank", "1", Cancel);
        await using var slot = ImageSlot.Open(image);
        var purse = (await PurseClient.SelectAsync(await slot.InsertedAsync(Cancel), Cancel))!;
        for (List<MoveKind> orders = []; ;)
        {
            var nonce = await treasury.NonceAsync(card, Cancel);
            var s1 = await purse.InitializeAsync(nonce, Cancel);
            var contact = await treasury.ContactAsync(card, purse.Traits.Currency, s1, nonce, Cancel);
            if (contact.Order is not { } kind) return orders;
            var order = (await treasury.OrderAsync(
                contact, SessionReference.New(DateTimeOffset.UnixEpoch), moves => moves[0].S2, Cancel)).Intent!;
            var move = order.Moves[0];
            var s3 = await purse.MoveAsync(
                PurseCommands.Move(kind, MoveTerms.WithoutPin, 0, move.Amount, move.S2), null, nonce, Cancel);
            Assert.Equal(IntentState.Done, (await treasury.SettleAsync(order.Id, 0, move.Amount, nonce, s3, Cancel)).State);
            orders.Add(kind);
        }
    }
}
