namespace Tessera.Terminal.Ports;

/// <summary>What a terminal lives on: a battery, the mains, or a part of a test.</summary>
public interface IPowerSource
{
    PowerState State { get; }

    /// <summary>There is a battery that can be told of, in use or not.</summary>
    bool HasBattery { get; }

    /// <summary>Completes when the state is another than <paramref name="known"/>.</summary>
    Task ChangedAsync(PowerState known, CancellationToken cancel);
}

/// <summary>How much there is left to live on.</summary>
/// <param name="IsMains">It need not be saved: the mains are there.</param>
/// <param name="Percent">Of the battery, 0 to 100; 100 where there is none.</param>
public sealed record PowerState(bool IsMains, int Percent)
{
    public static readonly PowerState Mains = new(IsMains: true, 100);

    /// <summary>On the battery and at that or below.</summary>
    public bool IsDownTo(int percent) => !IsMains && Percent <= percent;
}
