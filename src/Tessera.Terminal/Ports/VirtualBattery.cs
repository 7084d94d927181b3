namespace Tessera.Terminal.Ports;

/// <summary>A battery that is as full as somebody says, on the mains or not. Any thread may say it.</summary>
public sealed class VirtualBattery : IPowerSource
{
    private readonly Lock _gate = new();
    private PowerState _state;
    private TaskCompletionSource _changed = NewSignal();

    public VirtualBattery(PowerState state) => _state = Checked(state);

    public PowerState State
    {
        get
        {
            lock (_gate) return _state;
        }
    }

    public bool HasBattery => true;

    /// <exception cref="ArgumentOutOfRangeException">Not 0 to 100 percent.</exception>
    public void Set(PowerState state)
    {
        lock (_gate)
        {
            if (_state == state) return;
            _state = Checked(state);
            _changed.SetResult();
            _changed = NewSignal();
        }
    }

    public Task ChangedAsync(PowerState known, CancellationToken cancel)
    {
        lock (_gate) return _state == known ? _changed.Task.WaitAsync(cancel) : Task.CompletedTask;
    }

    private static PowerState Checked(PowerState state) => state.Percent is >= 0 and <= 100
        ? state
        : throw new ArgumentOutOfRangeException(nameof(state), state.Percent, "A battery has 0 to 100 percent.");

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
