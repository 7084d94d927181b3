using Tessera.Wire;

namespace Tessera.Phone.Modems.Ofdm;

/// <summary>
/// Makes a burst of the native mode for each frame. A burst begins at a multiple of 160 samples since the first was
/// read, so that on a stream of packets of 20 ms each symbol is one packet; before and behind it is silence.
/// </summary>
public sealed class OfdmSender : IModemSender
{
    private const int MaxQueue = 64;

    private readonly Queue<BurstSymbols> _bursts = [];
    private readonly short[] _symbol = new short[Carriers.SymbolLength];
    private int _place = Carriers.SymbolLength;
    private int _next;

    public int MaxFrame => BurstHeader.MaxLength;

    public bool IsIdle => _bursts.Count == 0 && _place == Carriers.SymbolLength;

    /// <summary>For the frames sent from now on.</summary>
    public Constellation Constellation { get; set; } = Constellation.Qam16;

    /// <summary>How many lost packets in a row each burst survives, 1 to 4, for the frames sent from now on.</summary>
    public int Losses
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, BurstHeader.MaxLosses);
            field = value;
        }
    } = 1;

    /// <summary>How many samples the burst of a frame of that length takes, as frames are sent now.</summary>
    public int SamplesOf(int length) =>
        (2 + new BurstHeader(Constellation, Losses, length).Symbols) * Carriers.SymbolLength;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The frame is empty, or longer than <see cref="MaxFrame"/>.</exception>
    /// <exception cref="InvalidOperationException">Too many frames wait.</exception>
    public void Send(Bytes frame)
    {
        if (frame.Length is 0 or > BurstHeader.MaxLength)
            throw new ArgumentException($"A frame has 1 to {BurstHeader.MaxLength} octets.", nameof(frame));
        if (_bursts.Count == MaxQueue) throw new InvalidOperationException($"{MaxQueue} frames wait already.");
        _bursts.Enqueue(new BurstSymbols(frame, new BurstHeader(Constellation, Losses, frame.Length)));
    }

    public void Read(Span<short> samples)
    {
        while (!samples.IsEmpty)
        {
            if (_place == Carriers.SymbolLength) Next();
            var count = Math.Min(samples.Length, Carriers.SymbolLength - _place);
            _symbol.AsSpan(_place, count).CopyTo(samples);
            samples = samples[count..];
            _place += count;
        }
    }

    private void Next()
    {
        _place = 0;
        if (!_bursts.TryPeek(out var burst))
        {
            Array.Clear(_symbol);
            return;
        }

        burst.Write(_next++, _symbol);
        if (_next < burst.Count) return;
        _bursts.Dequeue();
        _next = 0;
    }
}
