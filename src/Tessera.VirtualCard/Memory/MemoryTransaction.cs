using System.Security.Cryptography;

namespace Tessera.VirtualCard.Memory;

/// <summary>Changes of a card's memory that become true together at <see cref="Commit"/>, or not at all.</summary>
internal sealed class MemoryTransaction(CardMemory memory) : IDisposable
{
    private readonly OrderedDictionary<int, byte[]> _changes = [];
    private bool _ended;

    /// <summary>Replaces the whole content of an object; the octets are copied.</summary>
    /// <exception cref="ArgumentException">The object or the log of the transaction has no room for them.</exception>
    public void Write(int id, ReadOnlySpan<byte> content)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        _changes[id] = CardMemory.Fitting(memory[id], content).ToArray();
        if (_changes.Sum(change => RedoLog.LengthOf(change.Key, change.Value)) > RedoLog.MaxChanges)
            throw new ArgumentException($"A transaction carries {RedoLog.MaxChanges} octets.", nameof(content));
    }

    /// <summary>The object as it will be; the octets are not to be kept.</summary>
    public ReadOnlySpan<byte> Read(int id) => _changes.TryGetValue(id, out var change) ? change : memory.Read(id);

    /// <exception cref="IOException">The medium failed: the next opening tells whether it happened.</exception>
    public void Commit()
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        if (_changes.Count > 0) memory.Commit([.. _changes.Select(change => new CellChange(change.Key, change.Value))]);
        _changes.Clear();
        Dispose();
    }

    public void Dispose()
    {
        if (_ended) return;
        _ended = true;
        foreach (var content in _changes.Values) CryptographicOperations.ZeroMemory(content);
        memory.End();
    }
}
