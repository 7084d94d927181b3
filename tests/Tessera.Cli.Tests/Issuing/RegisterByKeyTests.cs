using Tessera.Platform.Holders;
using Tessera.Storage;
using Tessera.Storage.Holders;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cli.Tests.Issuing;

/// <summary><c>tessera identity register</c> takes cards that have nothing but keys, and no others.</summary>
public sealed class RegisterByKeyTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 14, 0, 0, TimeSpan.Zero);

    private readonly IssuedHere _here = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _here.Dispose();

    [Fact]
    public async Task A_card_that_tells_its_own_id_is_registered_when_it_is_issued()
    {
        var image = await _here.BlankAsync("ada.img");
        await _here.IssueAsync(image, "Ada Marchand");

        var run = await IssuedHere.RunAsync(
            "identity", "register", "--data", _here.Data, "--card", image, "--holder", "Ada Byron");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("The card has an id of its own", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_with_nothing_but_keys_is_blocked_listed_and_enabled_as_any_other()
    {
        var digest = new Bytes(Enumerable.Range(1, 32).Select(each => (byte)each).ToArray());
        var (card, ada) = (KnownKey.CardOf(digest), new Holder(HolderId.New(Now), "Ada", Now));
        await using (var database = await Database.OpenAsync(Path.Combine(_here.Data, "tessera.db"), cancel: Cancel))
        {
            var holders = new SqliteHolderStore(database);
            await holders.AddAsync(ada, Cancel);
            await new SqliteKeyRegister(database).RegisterAsync(
                KnownKey.Registration(card, ada.Id, Now), [new KnownKey(digest, card, "CN=Ada", null)], Cancel);
            await holders.StandAsync(card, CardState.Disabled, [CardState.Active], Now, Cancel);
        }

        var listed = await IssuedHere.DoAsync("card", "list", "--data", _here.Data, "--state", "disabled");
        Assert.Equal($"{card}", Assert.Single(listed.EnumerateArray()).GetProperty("card").GetString());
        foreach (var (verb, state) in ((string, string)[])[("unblock", "active"), ("block", "stolen"), ("unblock", "active")])
        {
            var told = await IssuedHere.DoAsync("card", verb, $"{card}", "--data", _here.Data);
            Assert.Equal(state, told.GetProperty("state").GetString());
        }

        var again = await IssuedHere.RunAsync("card", "unblock", $"{card}", "--data", _here.Data);
        Assert.Equal((1, "tessera: The card is Active.\n"), (again.ExitCode, again.Error));
    }

    [Theory]
    [InlineData]
    [InlineData("--holder", "Ada", "--holder-id", "00000000000000000000000000000001")]
    public async Task One_holder_is_named(params string[] holders)
    {
        ToolRun run = await IssuedHere.RunAsync(
            ["identity", "register", "--data", _here.Data, "--card", "no.img", .. holders]);

        Assert.Equal((1, "tessera: Name --holder or --holder-id, one of them.\n"), (run.ExitCode, run.Error));
    }
}
