namespace Tessera.VirtualCard.Os;

/// <summary>The channel whose command the card executes now.</summary>
internal sealed class CurrentChannel
{
    /// <summary>Those of the contacts, from 0, and that of the toolkit applet of a SIM.</summary>
    public const int Count = LogicalChannels.Count + 1;

    public const int Toolkit = LogicalChannels.Count;

    public int Number { get; set; }
}

/// <summary>A volatile value that each channel has of its own, as the security status (ISO/IEC 7816-4:2005 §5.4).</summary>
internal sealed class PerChannel<T>(CurrentChannel current) where T : new()
{
    private readonly T[] _values = [.. Enumerable.Range(0, CurrentChannel.Count).Select(_ => new T())];

    /// <summary>That of the channel whose command is executed.</summary>
    public ref T Value => ref _values[current.Number];

    public IReadOnlyList<T> All => _values;

    /// <summary>Power is gone.</summary>
    public void Clear()
    {
        for (var i = 0; i < _values.Length; i++) _values[i] = new T();
    }
}
