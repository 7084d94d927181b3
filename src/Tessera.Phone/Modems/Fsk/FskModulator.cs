using Tessera.Phone.Sound;

namespace Tessera.Phone.Modems.Fsk;

/// <summary>
/// Makes the sound of bits. The phase goes on from bit to bit, and a bit ends where it ends, between two samples too.
/// </summary>
/// <param name="next">The next bit; nothing means silence, and is asked again at each sample.</param>
/// <param name="level">In dBm0.</param>
internal sealed class FskModulator(FskChannel channel, Func<bool?> next, double level)
{
    private readonly uint _mark = Nco.Step(channel.Mark);
    private readonly uint _space = Nco.Step(channel.Space);
    private readonly double _amplitude = Level.Amplitude(level);
    private readonly double _bit = channel.Samples;
    private bool? _now;
    private double _left;
    private uint _phase;

    /// <summary>Whether a bit is sounding.</summary>
    public bool IsOn => _now is not null;

    public void Read(Span<short> samples)
    {
        foreach (ref var sample in samples) sample = Next();
    }

    private short Next()
    {
        var before = Math.Clamp(_left, 0, 1);
        _phase += Turn(_now, before);
        _left--;
        if (_left < 0)
        {
            _now = next();
            _left = _now is null ? 0 : _left + _bit;
            _phase += Turn(_now, 1 - before);
        }

        return _now is null ? (short)0 : (short)Math.Round(_amplitude * Nco.At(_phase).Cos);
    }

    private uint Turn(bool? bit, double share) => bit is { } one ? (uint)((one ? _mark : _space) * share) : 0;
}
