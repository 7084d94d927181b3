using System.Threading.Channels;

namespace Tessera.Smpp.Centre;

/// <summary>One who watches what happens at the centre, from the moment it was made until it is disposed.</summary>
public sealed class CentreWatch : IDisposable
{
    /// <summary>Events that wait for a slow watcher; what comes then is missed.</summary>
    public const int MaxQueued = 10_000;

    private readonly Channel<CentreEvent> _events = Channel.CreateBounded<CentreEvent>(MaxQueued);
    private readonly EventStream _stream;
    private long _missed;

    internal CentreWatch(EventStream stream, bool contents)
    {
        (_stream, Contents) = (stream, contents);
        stream.Add(this);
    }

    /// <summary>How many events came while too many waited.</summary>
    public long Missed => Interlocked.Read(ref _missed);

    /// <summary>Events that were not read yet.</summary>
    public int Waiting => _events.Reader.Count;

    internal bool Contents { get; }

    /// <summary>Every event in order, until the watch or its centre is disposed.</summary>
    public IAsyncEnumerable<CentreEvent> ReadAllAsync(CancellationToken cancel) => _events.Reader.ReadAllAsync(cancel);

    public void Dispose()
    {
        _stream.Remove(this);
        _events.Writer.TryComplete();
    }

    internal void Tell(CentreEvent what)
    {
        if (!_events.Writer.TryWrite(what)) Interlocked.Increment(ref _missed);
    }
}

/// <summary>Hands events to all who watch.</summary>
internal sealed class EventStream
{
    private readonly Lock _gate = new();
    private CentreWatch[] _watches = [];

    /// <summary>False spares the making of an event.</summary>
    public bool IsWatched => Volatile.Read(ref _watches).Length > 0;

    public void Add(CentreWatch watch)
    {
        lock (_gate) Volatile.Write(ref _watches, [.. _watches, watch]);
    }

    public void Remove(CentreWatch watch)
    {
        lock (_gate) Volatile.Write(ref _watches, [.. _watches.Where(other => other != watch)]);
    }

    public void Publish(CentreEvent what)
    {
        foreach (var watch in Volatile.Read(ref _watches))
        {
            watch.Tell(what is MessageSubmitted submitted && !watch.Contents
                ? submitted with { Contents = null }
                : what);
        }
    }

    public void End()
    {
        foreach (var watch in Volatile.Read(ref _watches)) watch.Dispose();
    }
}
