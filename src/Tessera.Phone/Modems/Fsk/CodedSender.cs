using Tessera.Wire;

namespace Tessera.Phone.Modems.Fsk;

/// <summary>
/// Sends frames on a channel of two tones that survive the loss of packets, as HDLC does not; in pauses silence.
/// </summary>
public sealed class CodedSender : IModemSender
{
    private const int MaxQueue = 64;

    private readonly Queue<bool[]> _frames = new();
    private readonly FskModulator _modulator;
    private int _next;

    /// <param name="level">In dBm0.</param>
    public CodedSender(FskChannel channel, double level = Modem.SignalLevel) =>
        _modulator = new FskModulator(channel, Next, level);

    public int MaxFrame => CodedFrame.MaxLength;

    public bool IsIdle => _frames.Count == 0 && !_modulator.IsOn;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The frame is empty, or longer than <see cref="MaxFrame"/>.</exception>
    /// <exception cref="InvalidOperationException">Too many frames wait.</exception>
    public void Send(Bytes frame)
    {
        if (frame.Length is 0 or > CodedFrame.MaxLength)
            throw new ArgumentException($"A frame has 1 to {CodedFrame.MaxLength} octets.", nameof(frame));
        if (_frames.Count == MaxQueue) throw new InvalidOperationException($"{MaxQueue} frames wait already.");
        _frames.Enqueue(CodedFrame.Bits(frame));
    }

    public void Read(Span<short> samples) => _modulator.Read(samples);

    private bool? Next()
    {
        if (!_frames.TryPeek(out var bits)) return null;
        var bit = bits[_next++];
        if (_next < bits.Length) return bit;
        _frames.Dequeue();
        _next = 0;
        return bit;
    }
}
