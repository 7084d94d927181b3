using System.Security.Cryptography;

namespace Tessera.Lab.Houses.Sockets;

/// <summary>Decides what becomes of each packet of a line; any thread may set its switches.</summary>
/// <param name="draw">A number from 0 to below its argument, by chance.</param>
internal sealed class LineGate(TimeProvider time, Func<int, int> draw)
{
    /// <summary>A hundredth of a percent is what loss is drawn in.</summary>
    private const int Whole = 100_00;

    private readonly Lock _gate = new();
    private LineFaults _faults = LineFaults.None;
    private DateTimeOffset _deafUntil;

    /// <summary>By the generator of keys: a lab may be used to show what chance does, and has no seed to guess.</summary>
    public LineGate(TimeProvider time) : this(time, RandomNumberGenerator.GetInt32) { }

    public LineFaults Faults
    {
        get
        {
            lock (_gate) return _faults;
        }
        set
        {
            lock (_gate) _faults = value;
        }
    }

    public TimeSpan Delay => TimeSpan.FromMilliseconds(Faults.DelayMilliseconds);

    /// <summary>Nothing passes for so long from now on.</summary>
    public void Burst(TimeSpan length)
    {
        lock (_gate) _deafUntil = time.GetUtcNow() + length;
    }

    /// <summary>Whether the next packet passes.</summary>
    public bool Passes()
    {
        lock (_gate)
        {
            if (time.GetUtcNow() < _deafUntil) return false;
            return _faults.LossPercent == 0 || draw(Whole) >= _faults.LossPercent * (Whole / 100);
        }
    }
}
