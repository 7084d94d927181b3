using System.IO.Pipelines;
using System.Threading.Channels;

namespace Tessera.Smpp;

/// <summary>PDUs on their way to the peer: while one batch is written, the next is filled.</summary>
internal sealed class Outbox(PipeWriter output, SessionLimits limits, Action<SeenPdu>? seen = null)
{
    private readonly Lock _gate = new();
    private readonly Channel<bool> _work = Signal();
    private readonly Channel<bool> _taken = Signal();
    private PduBuffer _filling = new();
    private PduBuffer _spare = new();
    private TimeSpan? _writingSince;
    private bool _closed;

    /// <summary>Null while the peer has taken all that it was given.</summary>
    public TimeSpan? WritingSince
    {
        get
        {
            lock (_gate) return _writingSince;
        }
    }

    /// <summary>Drops what comes after <see cref="Close"/>.</summary>
    /// <exception cref="ArgumentException">A field of the PDU is longer than the standard allows.</exception>
    public void Append(uint number, Pdu pdu)
    {
        lock (_gate)
        {
            if (_closed) return;
            _filling.Append(number, pdu);
            seen?.Invoke(SeenPdu.Sent(number, pdu));
        }

        _work.Writer.TryWrite(item: true);
    }

    /// <summary>No more is taken; what was, is still written.</summary>
    public void Close()
    {
        lock (_gate) _closed = true;
        _work.Writer.TryComplete();
    }

    /// <summary>Awaits that the peer takes what is too much.</summary>
    public async ValueTask RoomAsync(CancellationToken cancel)
    {
        while (IsFull()) await _taken.Reader.ReadAsync(cancel);
    }

    /// <summary>Writes until <see cref="Close"/>, or until the peer takes no more.</summary>
    /// <param name="clock">Tells the time for <see cref="WritingSince"/>.</param>
    public async Task RunAsync(Func<TimeSpan> clock, CancellationToken cancel)
    {
        bool more;
        do
        {
            more = await _work.Reader.WaitToReadAsync(cancel);
            _work.Reader.TryRead(out _);
            var batch = Begin(clock());
            if ((await output.WriteAsync(batch.Written, cancel)).IsCompleted) return;
            Done(batch);
        }
        while (more);
    }

    private bool IsFull()
    {
        lock (_gate) return _filling.Length > limits.Outgoing;
    }

    private PduBuffer Begin(TimeSpan now)
    {
        lock (_gate)
        {
            _writingSince = now;
            var batch = _filling;
            (_filling, _spare) = (_spare, batch);
            return batch;
        }
    }

    private void Done(PduBuffer batch)
    {
        lock (_gate)
        {
            batch.Clear();
            _writingSince = null;
        }

        _taken.Writer.TryWrite(item: true);
    }

    /// <summary>Set or not: setting it twice is setting it once.</summary>
    private static Channel<bool> Signal() => Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
}
