namespace Tessera.Lab.Houses.Sockets;

/// <summary>What happened on a line, in words.</summary>
/// <param name="Number">Counts from 1.</param>
public sealed record LineEntry(long Number, DateTimeOffset Time, string Text);

/// <summary>The last things that happened on a line. Any thread may write.</summary>
internal sealed class LineLog(TimeProvider time, Action written)
{
    /// <summary>Entries that are kept; the oldest go.</summary>
    public const int Room = 200;

    private readonly Lock _gate = new();
    private readonly Queue<LineEntry> _entries = new();
    private long _newest;

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<LineEntry> Entries
    {
        get
        {
            lock (_gate) return [.. _entries];
        }
    }

    public void Note(string text)
    {
        lock (_gate)
        {
            if (_entries.Count == Room) _entries.Dequeue();
            _entries.Enqueue(new LineEntry(++_newest, time.GetUtcNow(), text));
        }

        written();
    }
}
