using Tessera.Wire;

namespace Tessera.Lab.Phones.Log;

/// <summary>The last entries of what the phone exchanged, oldest first; any thread may read and write.</summary>
public sealed class HandsetLog(int room, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Queue<LogEntry> _entries = new();
    private long _number;

    /// <summary>Called after each entry, on the thread that wrote it.</summary>
    internal Action? Written { get; set; }

    /// <summary>Number of the newest entry; 0 for none.</summary>
    public long Newest
    {
        get
        {
            lock (_gate) return _number;
        }
    }

    /// <summary>The entries after <paramref name="number"/> that are still there.</summary>
    public IReadOnlyList<LogEntry> After(long number)
    {
        lock (_gate) return [.. _entries.Where(entry => entry.Number > number)];
    }

    internal void Add(LogHop hop, LogDirection direction, ReadOnlySpan<byte> octets, string text) =>
        Add(hop, direction, Convert.ToHexString(octets), text);

    internal void Add(LogHop hop, LogDirection direction, Masked octets, string text) =>
        Add(hop, direction, octets.ToString(), text);

    internal void Note(string text) => Add(LogHop.Phone, LogDirection.Inside, "", text);

    private void Add(LogHop hop, LogDirection direction, string octets, string text)
    {
        lock (_gate)
        {
            if (_entries.Count == room) _entries.Dequeue();
            _entries.Enqueue(new LogEntry(++_number, time.GetUtcNow(), hop, direction, octets, text));
        }

        Written?.Invoke();
    }
}

/// <summary>Octets of which some are nobody's business.</summary>
/// <param name="Start">The first that is hidden.</param>
/// <param name="Length">How many are.</param>
internal readonly record struct Masked(Bytes Octets, int Start, int Length)
{
    public override string ToString() =>
        $"{Convert.ToHexString(Octets.Span[..Start])}{new string('*', 2 * Length)}"
        + Convert.ToHexString(Octets.Span[(Start + Length)..]);
}
