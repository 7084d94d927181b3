using Tessera.Lab.Shelf;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Biometrics;
using Tessera.VirtualCard.Memory;

namespace Tessera.Lab;

/// <summary>Cards under the published keys, which a server with its own lab takes without being told of them.</summary>
public static class DemonstrationCards
{
    /// <summary>Makes a card on an empty medium, which stays the caller's.</summary>
    public static Task MakeAsync(CardOrder order, IImageMedium medium, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var personalisation = Personalise(order);
        CardImage.Create(medium, personalisation);
        return Task.CompletedTask;
    }

    private static Personalisation Personalise(CardOrder order) => order.Make switch
    {
        CardMake.Iso => Personalisation.Demonstration(
            order.Card, finger: new SyntheticFinger(LabFinger.Of(order.First)).Enrol()),
        CardMake.Sim => Personalisation.DemonstrationSim(order.Card),
        CardMake.StoreOnly => Personalisation.Demonstration(order.Card, hasPurse: false),
        _ => throw new ArgumentOutOfRangeException(nameof(order), order.Make, "No such make of card."),
    };
}
