using Tessera.Phone.Sound;
using Tessera.Wire;

namespace Tessera.Phone.Modems.ToneMode;

/// <summary>
/// Makes a row of tones for each frame: preamble, header, octets. A tone begins at a multiple of 160 samples since the
/// first was read, so that each is one packet, and one frame of a voice codec.
/// </summary>
public sealed class ToneSender : IModemSender
{
    private const int MaxQueue = 64;

    private static readonly double Amplitude = Level.Amplitude(Modem.SignalLevel);

    private readonly Queue<int[]> _frames = [];
    private readonly short[] _symbol = new short[AudioBlock.Length];
    private int _place = AudioBlock.Length;
    private int _next;

    public int MaxFrame => ToneFrame.MaxLength;

    public bool IsIdle => _frames.Count == 0 && _place == AudioBlock.Length;

    /// <summary>How many samples a frame of that length takes.</summary>
    public static int SamplesOf(int length) =>
        (ToneAlphabet.Preamble.Length + ToneHeader.Length + ToneFrame.Symbols(length)) * AudioBlock.Length;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The frame is empty, or longer than <see cref="MaxFrame"/>.</exception>
    /// <exception cref="InvalidOperationException">Too many frames wait.</exception>
    public void Send(Bytes frame)
    {
        if (frame.Length is 0 or > ToneFrame.MaxLength)
            throw new ArgumentException($"A frame has 1 to {ToneFrame.MaxLength} octets.", nameof(frame));
        if (_frames.Count == MaxQueue) throw new InvalidOperationException($"{MaxQueue} frames wait already.");
        var octets = ToneFrame.Write(frame);
        _frames.Enqueue(
        [
            .. ToneAlphabet.Preamble, .. ToneHeader.For(frame.Length),
            .. Enumerable.Range(0, ToneFrame.Symbols(frame.Length)).Select(symbol => Tone(octets, symbol)),
        ]);
    }

    public void Read(Span<short> samples)
    {
        while (!samples.IsEmpty)
        {
            if (_place == AudioBlock.Length) Next();
            var count = Math.Min(samples.Length, AudioBlock.Length - _place);
            _symbol.AsSpan(_place, count).CopyTo(samples);
            samples = samples[count..];
            _place += count;
        }
    }

    private void Next()
    {
        _place = 0;
        Array.Clear(_symbol);
        if (!_frames.TryPeek(out var tones)) return;
        var sine = ToneAlphabet.Sine(tones[_next++]);
        for (var i = 0; i < sine.Length; i++) _symbol[i] = Level.Clip(Amplitude * sine[i]);
        if (_next < tones.Length) return;
        _frames.Dequeue();
        _next = 0;
    }

    /// <summary>Three bits of the octets, the highest first; behind the last octet there are zeros.</summary>
    private static int Tone(byte[] octets, int symbol)
    {
        var bit = symbol * ToneAlphabet.Bits;
        var next = (bit / 8) + 1 < octets.Length ? octets[(bit / 8) + 1] : 0;
        return (((octets[bit / 8] << 8) | next) >> (16 - ToneAlphabet.Bits - (bit % 8))) & (ToneAlphabet.Tones - 1);
    }
}
