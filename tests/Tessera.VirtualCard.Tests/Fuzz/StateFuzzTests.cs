using Tessera.VirtualCard.Tests.Support;
using Xunit;

namespace Tessera.VirtualCard.Tests.Fuzz;

/// <summary>
/// Octets that no sane host sends, and almost right ones, at every applet in every state: each is answered, no answer
/// tells a PIN, PUK or key, and no value, key or card is another afterwards.
/// </summary>
public class StateFuzzTests
{
    /// <summary>Of a long run, a tenth for each state.</summary>
    private const int Share = 10;

    [Theory]
    [InlineData("fresh")]
    [InlineData("PIN verified")]
    [InlineData("finger tried")]
    [InlineData("PIN blocked")]
    [InlineData("PIN and PUK blocked")]
    [InlineData("purse initialized")]
    [InlineData("purse deactivated")]
    [InlineData("store selected")]
    [InlineData("in a chain")]
    [InlineData("an answer waits")]
    [InlineData("four channels")]
    [InlineData("passwords verified")]
    [InlineData("PIV verified")]
    [InlineData("domain selected")]
    [InlineData("secure channel open")]
    [InlineData("SIM fresh")]
    [InlineData("SIM verified")]
    [InlineData("SIM blocked")]
    [InlineData("SIM toolkit, class A0")]
    [InlineData("SIM toolkit, class 80")]
    [InlineData("SIM script under way")]
    [InlineData("SIM script under way, class 80")]
    public void Nothing_throws_hangs_tells_a_secret_or_moves_value(string state)
    {
        var statuses = new StateFuzz(FuzzStates.Get(state), seed: state.Sum(letter => letter)).Run(ApduFuzzing.Commands / Share);

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{state}: {string.Join(", ", statuses.Select(s => $"{s.Key} {s.Value}"))}");
        Assert.True(statuses.ContainsKey("9000"));
        Assert.True(statuses.Count > 10, $"{statuses.Count} different statuses");
    }
}
