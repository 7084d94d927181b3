namespace Tessera.Terminal.Ports;

/// <summary>The mains: they are there as long as the terminal is.</summary>
public sealed class Mains : IPowerSource
{
    public PowerState State => PowerState.Mains;

    public bool HasBattery => false;

    public Task ChangedAsync(PowerState known, CancellationToken cancel) =>
        known == State ? Task.Delay(Timeout.InfiniteTimeSpan, cancel) : Task.CompletedTask;
}
