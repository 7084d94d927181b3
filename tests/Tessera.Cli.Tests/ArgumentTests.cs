using Tessera.Testing;
using Xunit;

namespace Tessera.Cli.Tests;

/// <summary>What the tool says to arguments it cannot use: one line on stderr, exit 1, nothing on stdout.</summary>
public class ArgumentTests
{
    /// <summary>Where no PC/SC service listens, whatever runs on this machine.</summary>
    private static readonly KeyValuePair<string, string> NoService =
        new("PCSCLITE_CSOCK_NAME", "/nonexistent/pcscd.comm");

    [Theory]
    [InlineData("", "Required command was not provided. See --help.")]
    [InlineData("frobnicate", "'frobnicate' is not known here. See --help.")]
    [InlineData("card", "Required command was not provided. See --help.")]
    [InlineData("card info", "Name --reader or --card, one of them.")]
    [InlineData("card info --reader R --pin 123456", "'--pin' is not known here. See --help.")]
    [InlineData("card serve", "Option '--image' is required. See --help.")]
    [InlineData("card serve --image x --vpcd 127.0.0.1", "--vpcd is host:port, not '127.0.0.1'.")]
    [InlineData("card serve --image x --vpcd 127.0.0.1:0", "--vpcd is host:port, not '127.0.0.1:0'.")]
    [InlineData("card serve --image x --profile sim --piv", "--piv is for a card with contacts, not for a SIM.")]
    [InlineData("apdu 00A40400", "Name --reader or --card, one of them.")]
    [InlineData("apdu --reader R 00A40Z00", "C-APDU 1: character 6 is no hexadecimal digit.")]
    [InlineData("apdu --reader R 00A40400 00A40", "C-APDU 2: half an octet is left over.")]
    [InlineData("apdu --reader R 00A4", "C-APDU 1: P1 at octet 2: needs 1 octets, 0 left.")]
    [InlineData("apdu --reader R 00A4040003AABB", "C-APDU 1: data at octet 5: needs 3 octets, 2 left.")]
    [InlineData(
        "apdu --reader R 0020008008313233343536FFFF",
        "C-APDU 1: a PIN or key does not belong into the arguments: use standard input.")]
    [InlineData(
        "purse show --reader R --wait soon",
        "Cannot parse argument 'soon' for option '--wait' as expected type 'System.Int32'. See --help.")]
    [InlineData("sms encode --to 33x --text Hello", "--to is a number, not a name.")]
    [InlineData("ota unwrap 00", "CPL at octet 0: needs 2 octets, 1 left")]
    [InlineData("lab run", "Option '--dir' is required. See --help.")]
    [InlineData("ledger check", "Option '--data' is required. See --help.")]
    public async Task An_argument_it_cannot_use_is_told_in_one_line(string arguments, string reason)
    {
        var run = await RunAsync(arguments);

        Assert.Equal((1, "", $"tessera: {reason}\n"), (run.ExitCode, run.Output, run.Error));
    }

    [Theory]
    [InlineData("reader list")]
    [InlineData("reader list --json")]
    [InlineData("apdu --reader R 00A40400")]
    [InlineData("card info --reader R")]
    [InlineData("purse show --reader R --json")]
    public async Task Without_a_PCSC_service_it_tells_what_to_start(string arguments)
    {
        var run = await RunAsync(arguments);

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("tessera: There is no PC/SC service: ", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("--help", "apdu|card|lab|ledger|ota|purse|reader|script|sms|terminal")]
    [InlineData("card --help", "info|serve")]
    public async Task Help_names_every_verb(string arguments, string verbs)
    {
        var run = await RunAsync(arguments);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        foreach (var verb in verbs.Split('|'))
            Assert.Contains(run.Lines, line => line.StartsWith($"  {verb} ", StringComparison.Ordinal));
    }

    private static Task<ToolRun> RunAsync(string arguments) => ToolProcess.RunAsync(
        arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), TestContext.Current.CancellationToken,
        environment: NoService);
}
