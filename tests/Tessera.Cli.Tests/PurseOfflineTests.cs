using System.Text.Json;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Testing;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cli.Tests;

/// <summary><c>tessera purse offline</c>: a card pays at an acceptor without a line, from its key to its receipts.</summary>
public sealed class PurseOfflineTests : IDisposable
{
    private static readonly CardId Card = CardId.Parse("0123456789ABCDEF");
    private static readonly Bytes Nonce = Bytes.FromHex("A1A2A3A4A5A6A7A8");

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Image => _folder.File("card.img");

    private string Key => _folder.File("offline.key");

    private string Receipts => _folder.File("today.txt");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_debit_is_taken_up_to_what_was_allowed_and_its_receipt_kept()
    {
        await AllowAsync(1000);
        await WithKeyAsync();

        var taken = await DebitAsync("3.20", "--number", "41", "--json");
        Assert.Equal((0, ""), (taken.ExitCode, taken.Error));
        using var told = JsonDocument.Parse(taken.Output);
        Assert.Equal((4u, 320u, 4680u), (
            told.RootElement.GetProperty("number").GetUInt32(), told.RootElement.GetProperty("amount").GetUInt32(),
            told.RootElement.GetProperty("balance").GetUInt32()));
        var receipt = Bytes.FromHex(Assert.Single(await File.ReadAllLinesAsync(Receipts, Cancel))).Read<OfflineReceipt>();
        Assert.Equal((Card, new Acceptance(7, 41)), (receipt.Card, receipt.Acceptance));
        Assert.Equal(Bytes.Of(receipt).ToString(), told.RootElement.GetProperty("receipt").GetString());

        var more = await DebitAsync("6.81");
        Assert.Equal((1, "", "tessera: 681 of 680 that may be spent offline.\n"), (more.ExitCode, more.Output, more.Error));
        var all = await DebitAsync("6.80");
        Assert.Equal((0, $"Card {Card}, number 5: 6.80 taken, 40.00 left on it.\n"), (all.ExitCode, all.Output));
        Assert.Equal(2, (await File.ReadAllLinesAsync(Receipts, Cancel)).Length);
        var none = await RunAsync("purse", "offline", "settle", "--card", Image, "--acceptor", "7", "--key", Key, "--receipts", Receipts);
        Assert.Equal((1, "tessera: No debit is open.\n"), (none.ExitCode, none.Error));
    }

    [Fact]
    public async Task A_debit_that_was_never_sent_is_settled_as_not_taken_before_another_one()
    {
        await AllowAsync(1000);
        await WithKeyAsync();
        using (var key = new SecretKey(Convert.FromHexString((await File.ReadAllTextAsync(Key, Cancel)).Trim())))
        {
            await using var slot = ImageSlot.Open(Image);
            var purse = (await PurseClient.SelectAsync(await slot.InsertedAsync(Cancel), Cancel))!;
            var acceptor = new PurseAcceptor(key, DemonstrationKeys.Version, 7);
            var debit = await acceptor.AuthoriseAsync(purse, 100, 1, verified: false, Cancel);
            await File.WriteAllTextAsync(Receipts + ".open", Bytes.Of(debit).ToString(), Cancel);
        }

        var blocked = await DebitAsync("1.00");
        Assert.Equal(1, blocked.ExitCode);
        Assert.Contains("tessera purse offline settle", blocked.Error, StringComparison.Ordinal);
        var settled = await RunAsync("purse", "offline", "settle", "--card", Image, "--acceptor", "7", "--key", Key, "--receipts", Receipts);
        Assert.Equal((0, "The debit was not taken.\n"), (settled.ExitCode, settled.Output));
        Assert.Equal(0, (await DebitAsync("1.00")).ExitCode);
    }

    [Fact]
    public async Task A_debit_above_what_goes_without_PIN_is_taken_with_the_PIN_of_a_file_or_of_the_environment()
    {
        await AllowAsync(1000, threshold: 100);
        await WithKeyAsync();
        var (right, wrong) = (_folder.File("pin"), _folder.File("other"));
        await File.WriteAllTextAsync(right, "123456\n", Cancel);
        await File.WriteAllTextAsync(wrong, "654321", Cancel);
        if (!OperatingSystem.IsWindows()) foreach (var file in (string[])[right, wrong]) File.SetUnixFileMode(file, UnixFileMode.UserRead);

        Assert.Equal(1, (await DebitAsync("3.00")).ExitCode);
        var refused = await DebitAsync("3.00", "--pin", wrong);
        Assert.Equal((1, "tessera: That is not the PIN: 2 tries left.\n"), (refused.ExitCode, refused.Error));
        Assert.Equal((0, ""), await DoneAsync(DebitAsync("3.00", "--pin", right)));
        Assert.Equal((0, ""), await DoneAsync(ToolProcess.RunAsync(
            [.. Debit("3.00"), "--pin", "env:TESSERA_TEST_PIN"], Cancel, environment: new("TESSERA_TEST_PIN", "123456"))));
    }

    private static async Task<(int, string)> DoneAsync(Task<ToolRun> run) => ((await run).ExitCode, (await run).Error);

    private async Task WithKeyAsync()
    {
        using var masters = DemonstrationKeys.Create();
        var master = _folder.File("master.key");
        await File.WriteAllTextAsync(master, Convert.ToHexString(masters.Purse.Reveal()), Cancel);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(master, UnixFileMode.UserRead);
        var made = await RunAsync("purse", "offline", "key", "--master", master, "--out", Key);
        Assert.Equal((0, "", ""), (made.ExitCode, made.Output, made.Error));
    }

    private Task<ToolRun> DebitAsync(string amount, params string[] more) => RunAsync([.. Debit(amount), .. more]);

    private string[] Debit(string amount) =>
        ["purse", "offline", "debit", "--card", Image, "--amount", amount, "--acceptor", "7", "--key", Key, "--receipts", Receipts];

    private static Task<ToolRun> RunAsync(params string[] arguments) => ToolProcess.RunAsync(arguments, Cancel);

    /// <summary>A card of the lab with 50.00 and an allowance, as its issuer orders it.</summary>
    private async Task AllowAsync(uint allowance, uint threshold = uint.MaxValue)
    {
        using (var medium = FileMedium.Create(Image))
        using (var made = Personalisation.Demonstration(Card))
            CardImage.Create(medium, made);

        using var masters = DemonstrationKeys.Create();
        using var keys = CardKeys.Of(masters, Card);
        await using var slot = ImageSlot.Open(Image);
        var purse = (await PurseClient.SelectAsync(await slot.InsertedAsync(Cancel), Cancel))!;
        foreach (var (kind, amount) in new[] { (MoveKind.Load, 5000u), (MoveKind.Allow, allowance), (MoveKind.Limit, threshold) })
        {
            var s1 = await purse.InitializeAsync(Nonce, Cancel);
            using var mac = PurseMac.ForSession(keys.Purse, Card, s1.Number, s1.Random, Nonce);
            var s2 = mac.S2(kind, MoveTerms.WithoutPin, 0, amount);
            await purse.MoveAsync(PurseCommands.Move(kind, MoveTerms.WithoutPin, 0, amount, s2), null, Nonce, Cancel);
        }
    }
}
