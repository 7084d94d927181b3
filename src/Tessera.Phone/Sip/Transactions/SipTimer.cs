namespace Tessera.Phone.Sip;

/// <summary>A timer that fires under the lock of its owner, and never after it was set anew or stopped.</summary>
internal sealed class SipTimer(TimeProvider time, Lock gate, Action fire) : IDisposable
{
    private ITimer? _timer;
    private int _setting;

    public void Set(TimeSpan delay)
    {
        Stop();
        var setting = _setting;
        _timer = time.CreateTimer(_ => Fire(setting), state: null, delay, Timeout.InfiniteTimeSpan);
    }

    public void Stop()
    {
        _setting++;
        _timer?.Dispose();
        _timer = null;
    }

    public void Dispose() => Stop();

    private void Fire(int setting)
    {
        lock (gate)
        {
            if (setting != _setting) return;
            Stop();
            fire();
        }
    }
}
