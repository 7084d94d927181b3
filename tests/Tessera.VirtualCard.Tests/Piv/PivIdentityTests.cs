using Tessera.Cards;
using Tessera.Cards.Identity;
using Tessera.Cards.Pins;
using Tessera.Cards.Piv;
using Tessera.VirtualCard.Tests.Support;
using Xunit;

namespace Tessera.VirtualCard.Tests.Piv;

/// <summary>The identity client at our card, by short commands as over any reader.</summary>
public class PivIdentityTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_key_of_the_card_is_found_and_proves_itself()
    {
        using var card = TestCard.Open(PivCard.NewImage(
            PivCard.Key(0x9A, PivAlgorithm.Rsa2048), PivCard.Key(0x9C, PivAlgorithm.P384), PivCard.Key(0x9D),
            PivCard.Key(0x9E), PivCard.Key(0x82, PivAlgorithm.Rsa2048), PivCard.Key(0x95, PivAlgorithm.P384)));
        var channel = new CardChannel(card);
        var identity = (await CardIdentity.ReadAsync(channel, Cancel))!;

        identity = await identity.ProvenAsync(channel, 0x9E, default, Cancel);
        identity = await identity.ProvenAsync(channel, 0x9D, default, Cancel);
        Assert.Equal("has the key", identity.Find(0x9E)!.Proof!.Words);
        Assert.Equal("wants the PIN first", identity.Find(0x9D)!.Proof!.Words);

        foreach (var key in identity.Keys)
        {
            // Before each, because 9C wants it so.
            using var pin = PinBlock.OfPin(DemonstrationKeys.Pin);
            using var verify = PinCommands.Verify(pin);
            Assert.True((await channel.TransmitAsync(verify.Apdu, Cancel)).Status.IsSuccess);
            identity = await identity.ProvenAsync(channel, key.Reference, default, Cancel);
        }

        Assert.Equal([0x9A, 0x9C, 0x9D, 0x9E, 0x82, 0x95], identity.Keys.Select(key => (int)key.Reference));
        Assert.All(identity.Keys, key => Assert.Equal(ProofState.Proven, key.Proof!.State));
        Assert.Equal(new PivDiscovery(GlobalPin: false, PrefersGlobalPin: false), identity.Discovery);
        Assert.NotNull(identity.Name);
    }
}
