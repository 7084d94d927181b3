namespace Tessera.Lab.Phones.Air;

/// <summary>Which way a message goes.</summary>
public enum AirDirection
{
    /// <summary>To the phone.</summary>
    Down,

    /// <summary>To the centre.</summary>
    Up,
}

/// <summary>What the lab does to the air between a phone and its centre.</summary>
/// <param name="Signal">The centre can be reached.</param>
public sealed record AirFaults(bool Signal, DirectionFaults Down, DirectionFaults Up)
{
    public static AirFaults None { get; } = new(Signal: true, new DirectionFaults(), new DirectionFaults());

    public DirectionFaults Of(AirDirection direction) => direction == AirDirection.Down ? Down : Up;

    internal AirFaults With(AirDirection direction, DirectionFaults faults) =>
        direction == AirDirection.Down ? this with { Down = faults } : this with { Up = faults };
}

/// <summary>What the lab does to messages of one direction; their answers go the other way and are apart.</summary>
/// <param name="Lose">So many of the next messages are lost.</param>
/// <param name="LoseAnswers">So many of the next answers are lost, so that the message comes again.</param>
/// <param name="Double">So many of the next messages come twice.</param>
/// <param name="Reorder">The next message waits until the one after it has passed.</param>
/// <param name="Hold">Messages wait until they are released.</param>
/// <param name="Held">So many wait.</param>
public sealed record DirectionFaults(
    int Lose = 0, int LoseAnswers = 0, int Double = 0, bool Reorder = false, bool Hold = false, int Held = 0);
