using Tessera.Cards.Biometrics;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Protocols;

public class FingerExampleTests
{
    [Fact]
    public void A_template_and_its_command()
    {
        var example = Assert.Single(Example.Of("finger.md", "finger"));
        using var finger = example.Given("template").Read<FingerTemplate>();

        example.Check("minutia", Bytes.Of(finger[0]));
        example.Check("minutia 2", Bytes.Of(finger[1]));
        example.Check("minutia 3", Bytes.Of(finger[2]));
        example.Check("template", Bytes.Of(FingerTemplate.Of([finger[2], finger[0], finger[1]])));
        example.Check("VERIFY", Bytes.Of(FingerCommands.Of(finger)));
        example.Check("status", Bytes.Of(FingerCommands.Status));
        example.IsCheckedWhole();
    }
}
