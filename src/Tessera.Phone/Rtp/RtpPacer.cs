using Tessera.Phone.Sound;

namespace Tessera.Phone.Rtp;

/// <summary>
/// The one thread that moves all calls on: each every 20 ms by absolute deadlines, the calls spread over that time so
/// that the work of one does not delay the others much.
/// </summary>
public sealed class RtpPacer : IDisposable
{
    private const int Slots = 5;

    private static readonly TimeSpan Period = AudioBlock.Duration / Slots;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly RtpCall[][] _slots = [.. Enumerable.Repeat<RtpCall[]>([], Slots)];
    private readonly ManualResetEvent _stop = new(initialState: false);
    private readonly Thread _thread;
    private bool _stopped;

    public RtpPacer(TimeProvider time)
    {
        _time = time;
        _thread = new Thread(Run) { IsBackground = true, Name = "RTP", Priority = ThreadPriority.Highest };
        _thread.Start();
    }

    /// <summary>Calls under way.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _slots.Sum(slot => slot.Length);
        }
    }

    /// <summary>Begins to move a call on; it owns the port from here on.</summary>
    public RtpCall Start(RtpPort port, RtpSession session, AudioExchange exchange)
    {
        var call = new RtpCall(port, session, exchange, _time);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            var slot = Array.IndexOf(_slots, _slots.MinBy(calls => calls.Length));
            _slots[slot] = [.. _slots[slot], call];
        }

        return call;
    }

    /// <summary>Ends all calls.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopped) return;
            _stopped = true;
        }

        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        var pace = new Pace(_time, Period, Patience);
        for (var slot = 0; !Stops(pace); slot = (slot + 1) % Slots)
        {
            RtpCall[] calls;
            lock (_gate) calls = _slots[slot];
            foreach (var call in calls)
            {
                if (!call.Tick()) Remove(slot, call);
            }

            pace.Tick();
        }

        foreach (var call in _slots.SelectMany(calls => calls)) call.End(null);
    }

    /// <summary>Waits until the next tick is due, or all is over.</summary>
    private bool Stops(Pace pace)
    {
        while (pace.Left is var left && left > TimeSpan.Zero)
        {
            if (_stop.WaitOne((int)Math.Ceiling(left.TotalMilliseconds))) return true;
        }

        return _stop.WaitOne(0);
    }

    private void Remove(int slot, RtpCall call)
    {
        lock (_gate) _slots[slot] = [.. _slots[slot].Where(other => other != call)];
    }
}
