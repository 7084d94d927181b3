namespace Tessera.Phone.Modems.Fsk;

/// <summary>Finds the bits of a synchronous channel in its sound.</summary>
internal sealed class FskDemodulator(FskChannel channel, Action<FskBit> heard)
{
    private const int Points = FskCorrelator.Points;

    /// <summary>How much later a bit is decided: what the clock and the detector look ahead.</summary>
    private const int Ahead = (SymbolClock.Reach + 1) * Points;

    /// <summary>How far the clock follows what it sees at each symbol.</summary>
    private const double Pull = 0.1;

    private readonly FskCorrelator _correlator = new(channel);
    private readonly SequenceDetector _detector = new(channel);
    private readonly SymbolClock _clock = new();
    private double _at = SequenceDetector.Reach * Points;

    public void Write(ReadOnlySpan<short> samples, bool concealed)
    {
        while (_correlator.Next(ref samples, concealed))
        {
            _clock.Add(_correlator[_correlator.Count - 1]);
            if (_correlator.Count <= _at + Ahead) continue;

            Decide((long)Math.Round(_at));
            _at += Points + Pull * _clock.Error(_at);
        }
    }

    private void Decide(long point)
    {
        var margin = _detector.Decide(_correlator, point, out var amplitude);
        var energy = _correlator[point].Energy - _correlator[point - Points].Energy;
        heard(new FskBit(
            margin > 0, Math.Abs(margin), amplitude * amplitude / 2, energy / channel.Samples,
            _correlator[point].Concealed));
    }
}
