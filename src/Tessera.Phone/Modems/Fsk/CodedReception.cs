using Tessera.Phone.Modems.Coding;

namespace Tessera.Phone.Modems.Fsk;

/// <summary>A coded frame that is being heard, from the first bit behind its word on.</summary>
/// <param name="length">Octets of the frame.</param>
/// <param name="score">How well its word was heard.</param>
internal sealed class CodedReception(int length, int score)
{
    private const double BestQuality = 60;

    /// <summary>The doubt of an octet of which a bit was made up.</summary>
    private const double Lost = -1;

    private readonly byte[] _octets = new byte[CodedFrame.Octets(length)];

    /// <summary>The least margin of a bit of each octet, or <see cref="Lost"/>.</summary>
    private readonly double[] _margins = [.. Enumerable.Repeat(double.MaxValue, CodedFrame.Octets(length))];

    private int _bits;
    private double _signal;
    private double _power;

    public int Score => score;

    /// <summary>Takes the next bit.</summary>
    /// <returns>Whether it was the last.</returns>
    public bool Hear(in FskBit bit)
    {
        var octet = _bits++ / 8;
        _octets[octet] = (byte)((_octets[octet] << 1) | (bit.One ? 1 : 0));
        _margins[octet] = Math.Min(_margins[octet], bit.Concealed ? Lost : bit.Margin);
        if (!bit.Concealed) (_signal, _power) = (_signal + bit.Signal, _power + bit.Power);
        return _bits == 8 * _octets.Length;
    }

    public bool TryRead(out ModemFrame frame)
    {
        frame = default;
        var places = Enumerable.Range(0, _octets.Length).ToArray();
        Array.Sort(_margins, places);
        var lost = _margins.Count(margin => margin == Lost);
        if (!CheckedCode.TryRead(_octets, CodedFrame.Parity(length), places, lost, out var payload)) return false;
        frame = new ModemFrame(payload, Quality());
        return true;
    }

    private double Quality() =>
        Math.Min(BestQuality, 10 * Math.Log10(_signal / Math.Max(_power - _signal, double.Epsilon)));
}
