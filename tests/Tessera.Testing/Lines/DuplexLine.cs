using Tessera.Phone.Sound;

namespace Tessera.Testing.Lines;

/// <summary>Both directions of a simulated line between the caller and the answerer, packet by packet.</summary>
/// <param name="echo">
/// The part of what arrives at one end that goes back with what is sent there, in dB (negative), as the hybrid of a
/// two-wire line does it; minus infinity for none.
/// </param>
public sealed class DuplexLine(ILineStage toAnswerer, ILineStage toCaller, double echo = double.NegativeInfinity)
{
    private readonly double _echo = LineGain.Ratio(echo);
    private readonly short[] _atAnswerer = new short[AudioBlock.Length];
    private readonly short[] _atCaller = new short[AudioBlock.Length];

    /// <summary>The same conditions in both directions, with chances of their own.</summary>
    public DuplexLine(LineConditions conditions, int seed, double echo = double.NegativeInfinity)
        : this(new Line(conditions, seed), new Line(conditions, seed ^ 0x5A5A5A5A), echo)
    {
    }

    /// <summary>
    /// The next 20 ms: each end hands over the packet it sends, and gets in its place the one it hears.
    /// </summary>
    /// <returns>Which of the packets heard were made up.</returns>
    public (bool Caller, bool Answerer) Exchange(Span<short> caller, Span<short> answerer)
    {
        // What is reflected is what was heard 20 ms before: the two directions cannot wait for each other.
        Reflect(_atAnswerer, answerer);
        Reflect(_atCaller, caller);
        var atAnswerer = toAnswerer.Pass(caller);
        var atCaller = toCaller.Pass(answerer);
        caller.CopyTo(_atAnswerer);
        answerer.CopyTo(_atCaller);
        _atAnswerer.CopyTo(answerer);
        _atCaller.CopyTo(caller);
        return (atCaller, atAnswerer);
    }

    private void Reflect(ReadOnlySpan<short> heard, Span<short> sent)
    {
        if (_echo == 0) return;
        for (var i = 0; i < sent.Length; i++) sent[i] = Level.Clip(sent[i] + _echo * heard[i]);
    }
}
