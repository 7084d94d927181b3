using Tessera.Phone.Modems.Coding;
using Tessera.Phone.Sound;

namespace Tessera.Phone.Modems.ToneMode;

/// <summary>A frame that is being heard, tone by tone, from the first of its header on.</summary>
/// <param name="start">Where that begins.</param>
/// <param name="share">What its preamble had of the energy of all tones.</param>
internal sealed class ToneReception(long start, double share)
{
    private readonly List<ToneSymbol> _symbols = [];
    private int _length;

    /// <summary>Where the next tone begins.</summary>
    public long Next => start + (_symbols.Count * AudioBlock.Length);

    /// <summary>Whether all of it was heard.</summary>
    public bool IsOver => _length > 0 && _symbols.Count == ToneHeader.Length + ToneFrame.Symbols(_length);

    public double Share => share;

    public void Hear(ToneSymbol symbol)
    {
        _symbols.Add(symbol);
        if (_symbols.Count == ToneHeader.Length) _length = ToneHeader.Read(_symbols);
    }

    public bool TryRead(out ModemFrame frame)
    {
        frame = default;
        var tones = _symbols.Skip(ToneHeader.Length).ToArray();
        var octets = new byte[ToneFrame.Octets(_length)];
        var doubts = new double[octets.Length];
        var places = new int[octets.Length];
        for (var place = 0; place < octets.Length; place++)
        {
            var (value, doubt) = (0, 0.0);
            var first = 8 * place / ToneAlphabet.Bits;
            var last = ((8 * place) + 7) / ToneAlphabet.Bits;
            for (var symbol = first; symbol <= last; symbol++)
            {
                value = (value << ToneAlphabet.Bits) | tones[symbol].Loudest;
                doubt = Math.Max(doubt, 1 - tones[symbol].Confidence);
            }

            var behind = ((last + 1) * ToneAlphabet.Bits) - (8 * (place + 1));
            (octets[place], doubts[place], places[place]) = ((byte)(value >> behind), -doubt, place);
        }

        Array.Sort(doubts, places);
        var lost = doubts.Count(doubt => doubt < -1.5);
        if (!CheckedCode.TryRead(octets, ToneFrame.Parity(_length), places, lost, out var payload)) return false;
        frame = new ModemFrame(payload, Quality());
        return true;
    }

    /// <summary>The loudest tones against all else that was heard.</summary>
    private double Quality()
    {
        var (signal, all) = (0.0, 0.0);
        foreach (var symbol in _symbols.Where(symbol => !symbol.IsLost))
        {
            signal += symbol.Energies[symbol.Loudest];
            all += symbol.Total;
        }

        return 10 * Math.Log10(signal / Math.Max(all - signal, double.Epsilon));
    }
}
