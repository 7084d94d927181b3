using Tessera.Phone.Modems.Fsk;
using Tessera.Wire;

namespace Tessera.Phone.Modems.Async;

/// <summary>
/// Sends octets as asynchronous characters: a start bit, eight bits with the lowest first, a stop bit. Marks lead in
/// and out.
/// </summary>
public sealed class AsyncSender
{
    /// <summary>Octets that may wait.</summary>
    public const int MaxQueue = 1 << 20;

    /// <summary>Marks before the first character, so that a receiver finds the carrier, and after the last.</summary>
    private const double LeadSeconds = 0.06;

    private const int CharacterBits = 10;
    private const int StopBit = 1 << 9;

    private readonly Queue<Bytes> _octets = new();
    private readonly FskModulator _modulator;
    private readonly bool _keepsCarrier;
    private readonly int _leadMarks;
    private int _waiting;
    private int _offset;
    private int _marks;
    private int _character;
    private int _bits;
    private bool _on;

    /// <param name="keepsCarrier">Whether marks fill the pauses, instead of silence.</param>
    /// <param name="level">In dBm0.</param>
    public AsyncSender(FskChannel channel, bool keepsCarrier = false, double level = Modem.SignalLevel)
    {
        _modulator = new FskModulator(channel, Next, level);
        _keepsCarrier = keepsCarrier;
        _leadMarks = Math.Max(2 * CharacterBits, (int)Math.Ceiling(LeadSeconds * channel.Rate));
    }

    /// <summary>Whether all that was sent has been read out as samples.</summary>
    public bool IsIdle => _waiting == 0 && _bits == 0 && (_keepsCarrier ? _marks == 0 : !_modulator.IsOn);

    /// <exception cref="InvalidOperationException">Too many octets are waiting.</exception>
    public void Send(Bytes octets)
    {
        if (octets.Length > MaxQueue - _waiting) throw new InvalidOperationException($"{MaxQueue} octets may wait.");
        if (octets.Length == 0) return;
        _octets.Enqueue(octets);
        _waiting += octets.Length;
    }

    public void Read(Span<short> samples) => _modulator.Read(samples);

    private bool? Next()
    {
        if (_bits == 0 && !TryStart()) return Pause();
        var one = (_character & 1) != 0;
        _character >>= 1;
        if (--_bits == 0 && _waiting == 0) _marks = _leadMarks;
        return one;
    }

    private bool? Pause()
    {
        if (_marks > 0) _marks--;
        else if (!_keepsCarrier) _on = false;
        return _on || _keepsCarrier ? true : null;
    }

    /// <summary>Begins the next character, if the carrier has been heard for long enough.</summary>
    private bool TryStart()
    {
        if (_waiting == 0) return false;
        if (!_on) (_on, _marks) = (true, _leadMarks);
        if (_marks > 0) return false;

        _character = _octets.Peek().Span[_offset] << 1 | StopBit;
        (_bits, _waiting) = (CharacterBits, _waiting - 1);
        if (++_offset < _octets.Peek().Length) return true;
        _octets.Dequeue();
        _offset = 0;
        return true;
    }
}
