using Tessera.Cards;

namespace Tessera.Platform.Changes;

/// <summary>How far a change has come on its way to one card.</summary>
public enum DeliveryState
{
    Pending = 1,

    /// <summary>In a script that was sent; what became of it is not known yet.</summary>
    InFlight = 2,

    Downloaded = 3,

    /// <summary>The holder did not want it on this card. Optional ones only.</summary>
    Declined = 4,

    /// <summary>A later change of the same field took its place.</summary>
    Superseded = 5,

    /// <summary>Both cards changed the field since they last agreed; the holder has yet to choose.</summary>
    Conflict = 6,
}

/// <summary>One change on its way to one card.</summary>
/// <param name="Amount">Minor units to add, signed; 0 for <see cref="ChangeKind.Set"/>.</param>
/// <param name="Carrier">While in flight: the intent (Add) or the session (Set) that carries it.</param>
/// <param name="Time">When it entered its state.</param>
public sealed record Delivery(
    ChangeId Change, CardId Card, DeliveryState State, long Amount, Guid? Carrier, DateTimeOffset Time);
