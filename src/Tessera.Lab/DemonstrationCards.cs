using Tessera.Lab.Shelf;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Biometrics;

namespace Tessera.Lab;

/// <summary>Cards under the published keys, which a server with its own lab takes without being told of them.</summary>
public static class DemonstrationCards
{
    /// <summary>The caller disposes it.</summary>
    public static Personalisation Personalise(CardOrder order) => order.Make switch
    {
        CardMake.Iso => Personalisation.Demonstration(
            order.Card, finger: new SyntheticFinger(LabFinger.Of(order.First)).Enrol()),
        CardMake.Sim => Personalisation.DemonstrationSim(order.Card),
        CardMake.StoreOnly => Personalisation.Demonstration(order.Card, hasPurse: false),
        _ => throw new ArgumentOutOfRangeException(nameof(order), order.Make, "No such make of card."),
    };
}
