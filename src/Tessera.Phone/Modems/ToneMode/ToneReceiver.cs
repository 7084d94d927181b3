using Tessera.Phone.Sound;

namespace Tessera.Phone.Modems.ToneMode;

/// <summary>
/// Hears the frames of the robust mode, wherever in the stream they begin. Each preamble that seems to be one is
/// followed beside the others, so that a wrong one hides no right one.
/// </summary>
public sealed class ToneReceiver : IModemReceiver
{
    /// <summary>The sound is measured that many times in 20 ms.</summary>
    private const int Hops = 8;
    private const int Hop = AudioBlock.Length / Hops;
    private const double Threshold = 0.5;

    /// <summary>The energy of 20 ms that are worth a look: -60 dBm0.</summary>
    private const double Quiet = 16.0 * 16.0 * AudioBlock.Length;

    private const int MaxReceptions = 8;
    private const int MaxQueue = 16;

    private readonly SoundHistory _sound = new(4 * AudioBlock.Length);
    private readonly ToneSymbol?[] _measured = new ToneSymbol?[Hops * ToneAlphabet.Preamble.Length];
    private readonly List<ToneReception> _receptions = [];
    private readonly Queue<ModemFrame> _frames = [];
    private long _hop;
    private double _peak;
    private long _peakAt;

    public void Write(ReadOnlySpan<short> samples, bool concealed = false)
    {
        while (!samples.IsEmpty)
        {
            var count = Math.Min(samples.Length, AudioBlock.Length);
            _sound.Append(samples[..count], concealed);
            samples = samples[count..];
            for (; (_hop * Hop) + AudioBlock.Length <= _sound.End; _hop++) Measure(_hop * Hop);
        }
    }

    public bool TryRead(out ModemFrame frame) => _frames.TryDequeue(out frame);

    private void Measure(long at)
    {
        var window = _sound.Slice(at, AudioBlock.Length);
        var energies = new float[ToneAlphabet.Tones];
        var total = Vectors.Dot(window, window);
        if (total >= Quiet) ToneAlphabet.Measure(window, energies);
        var isLost = _sound.IsConcealed(at + (AudioBlock.Length / 4), AudioBlock.Length / 2);
        var symbol = new ToneSymbol(energies, total, isLost);
        _measured[(int)(_hop % _measured.Length)] = symbol;
        Follow(at, symbol);
        Search(at);
    }

    private void Follow(long at, ToneSymbol symbol)
    {
        for (var i = _receptions.Count - 1; i >= 0; i--)
        {
            var reception = _receptions[i];
            if (reception.Next != at) continue;
            reception.Hear(symbol);
            if (!reception.IsOver) continue;
            _receptions.RemoveAt(i);
            if (reception.TryRead(out var frame)) Take(frame);
        }
    }

    /// <summary>The place of a preamble is where its tones have the greatest share, for half a tone at least.</summary>
    private void Search(long at)
    {
        var share = 0.0;
        for (var i = 0; i < ToneAlphabet.Preamble.Length; i++)
        {
            var back = Hops * (ToneAlphabet.Preamble.Length - 1 - i);
            if (_hop < back) return;
            share += _measured[(int)((_hop - back) % _measured.Length)]!.Share(ToneAlphabet.Preamble[i]);
        }

        share /= ToneAlphabet.Preamble.Length;
        if (share > Math.Max(_peak, Threshold)) (_peak, _peakAt) = (share, at);
        if (_peak == 0 || at < _peakAt + (AudioBlock.Length / 2)) return;
        _receptions.Add(new ToneReception(_peakAt + AudioBlock.Length, _peak));
        _peak = 0;

        // In the data of a frame there are tones that look like half a preamble.
        if (_receptions.Count > MaxReceptions) _receptions.Remove(_receptions.MinBy(other => other.Share)!);
    }

    private void Take(ModemFrame frame)
    {
        if (_frames.Count == MaxQueue) _frames.Dequeue();
        _frames.Enqueue(frame);
    }
}
