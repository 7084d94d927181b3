using Tessera.Testing;
using Xunit;

namespace Tessera.Cli.Tests.Issuing;

/// <summary><c>tessera identity register</c> takes cards that have nothing but keys, and no others.</summary>
public sealed class RegisterByKeyTests : IDisposable
{
    private readonly IssuedHere _here = new();

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
