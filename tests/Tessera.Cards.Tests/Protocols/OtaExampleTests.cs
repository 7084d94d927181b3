using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Protocols;

public class OtaExampleTests
{
    /// <summary>The keys of the document were computed with another program (Python cryptography, AES only).</summary>
    [Fact]
    public void The_key_sets_of_a_card()
    {
        var example = Assert.Single(Example.Of("sms.md", "keys"));
        using var masters = new MasterKeys(
            1, SecretKey.Generate(), SecretKey.Generate(), new SecretKey(example.Given("OTA master").Span));
        using var keys = OtaKeys.Of(masters, example.Given("card id").Read<CardId>());

        example.Check("KIc down", keys.Down.Kic);
        example.Check("KID down", keys.Down.Kid);
        example.Check("KIc up", keys.Up.Kic);
        example.Check("KID up", keys.Up.Kid);
        example.IsCheckedWhole();
    }

    [Fact]
    public void Both_sets_are_gone_when_disposed()
    {
        using var masters = MasterKeys.Generate(1);
        var keys = OtaKeys.Of(masters, new CardId(1));

        keys.Dispose();

        foreach (var key in new[] { keys.Down.Kic, keys.Down.Kid, keys.Up.Kic, keys.Up.Kid })
            Assert.Throws<ObjectDisposedException>(() => key.Reveal().Length);
    }
}
