using Tessera.Cards;
using Tessera.Cards.SecureChannels;
using Tessera.Platform.Holders;
using Tessera.Storage.Keys;
using Tessera.Wire;

namespace Tessera.Storage.Issuing;

/// <summary>Check values of the keys that a card gets, derived for that and forgotten.</summary>
public static class CardKeyChecks
{
    /// <param name="chip">Key diversification data of its domain.</param>
    /// <param name="given">K and OPc that come from elsewhere; null for those of the vault.</param>
    public static IReadOnlyList<CardKeyCheck> Of(
        IssuerKeys issuer, CardId card, Bytes chip, IssueOrder order, SubscriberKeys? given = null)
    {
        using var applets = CardKeys.Of(issuer.Cards, card);
        using var channel = Scp03Keys.OfKdf3(issuer.Channel, chip.Span);
        List<CardKeyCheck> checks =
        [
            Check("K-ENC", channel.Encryption), Check("K-MAC", channel.Mac), Check("K-DEK", channel.DataEncryption),
        ];
        if (order.HasPurse) checks.Add(Check("purse", applets.Purse));
        if (order.HasStore) checks.Add(Check("store", applets.Store));
        if (order.Kind != CardKind.Sim) return checks;

        using var ota = OtaKeys.Of(issuer.Cards, card);
        checks.AddRange(
        [
            Check("KIc down", ota.Down.Kic), Check("KID down", ota.Down.Kid), Check("KIc up", ota.Up.Kic),
            Check("KID up", ota.Up.Kid),
        ]);
        using var derived = SubscriberKeys.Of(issuer.Cards, card);
        checks.AddRange([OfK(given ?? derived), Check("OPc", (given ?? derived).OperatorKey)]);
        return checks;
    }

    /// <summary>The check value of the key by which a network knows a SIM.</summary>
    public static CardKeyCheck OfK(SubscriberKeys keys) => Check("K", keys.Key);

    private static CardKeyCheck Check(string name, SecretKey key) => new(name, KeyCheckValue.Of(key).ToString());
}
