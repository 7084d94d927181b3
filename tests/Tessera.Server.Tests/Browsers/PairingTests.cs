using Tessera.Server.Browsers;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Server.Tests.Browsers;

public sealed class PairingTests : IDisposable
{
    private static readonly Bytes Terminal = Bytes.FromHex("0102030405060708");

    private readonly TempFolder _folder = new();
    private readonly Pairing _pairing;

    public PairingTests() => _pairing = new Pairing(_folder.File("browsers"), TimeProvider.System);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_code_a_terminal_shows_gives_the_browser_that_terminal()
    {
        var code = _pairing.CodeFor(Terminal);

        var result = _pairing.Confirm($" {code[..3]} {code[3..]} ");

        Assert.Null(result.Refusal);
        Assert.Equal(Terminal, _pairing.TerminalOf(result.Token));
        Assert.Equal(Terminal, result.Terminal);
    }

    [Fact]
    public void A_pairing_outlives_the_server_and_its_file_holds_no_token()
    {
        var token = _pairing.Confirm(_pairing.CodeFor(Terminal)).Token!;

        var again = new Pairing(_folder.File("browsers"), TimeProvider.System);

        Assert.Equal(Terminal, again.TerminalOf(token));
        Assert.DoesNotContain(token, File.ReadAllText(_folder.File("browsers")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_newest_browser_has_the_terminal_and_the_one_before_has_it_no_more()
    {
        var first = _pairing.Confirm(_pairing.CodeFor(Terminal)).Token;
        var second = _pairing.Confirm(_pairing.CodeFor(Terminal)).Token;

        Assert.Null(_pairing.TerminalOf(first));
        Assert.Equal(Terminal, _pairing.TerminalOf(second));
    }

    [Fact]
    public void A_code_works_once()
    {
        var code = _pairing.CodeFor(Terminal);

        Assert.NotNull(_pairing.Confirm(code).Token);
        Assert.Null(_pairing.Confirm(code).Token);
    }

    [Fact]
    public void A_new_code_takes_the_place_of_the_old_one()
    {
        var old = _pairing.CodeFor(Terminal);
        var fresh = _pairing.CodeFor(Terminal);

        Assert.Null(_pairing.Confirm(old).Token);
        Assert.NotNull(_pairing.Confirm(fresh).Token);
    }

    [Fact]
    public void Guessing_is_stopped_and_even_the_right_code_must_wait()
    {
        var code = _pairing.CodeFor(Terminal);
        for (var i = 0; i < 10; i++) _pairing.Confirm("000000x");

        var result = _pairing.Confirm(code);

        Assert.Null(result.Token);
        Assert.Contains("Wait a minute", result.Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00112233445566778899AABBCCDDEEFF")]
    public void A_browser_without_a_known_token_has_no_terminal(string? token) => Assert.Null(_pairing.TerminalOf(token));
}
