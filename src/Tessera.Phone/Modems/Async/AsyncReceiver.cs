using Tessera.Phone.Modems.Fsk;

namespace Tessera.Phone.Modems.Async;

/// <summary>Finds the octets of asynchronous characters: the other end of <see cref="AsyncSender"/>.</summary>
public sealed class AsyncReceiver
{
    /// <summary>Octets kept for a reader; what comes after them is lost.</summary>
    public const int MaxQueue = 1 << 20;

    private const int Points = FskCorrelator.Points;

    /// <summary>What a margin counts that lies on samples which were made up.</summary>
    private const double MadeUp = 0.1;

    private readonly double _samples;
    private readonly FskCorrelator _correlator;
    private readonly SequenceDetector _detector;
    private readonly CharacterSearch _search;
    private readonly Queue<byte> _octets = new();

    public AsyncReceiver(FskChannel channel)
    {
        _samples = channel.Samples;
        _correlator = new FskCorrelator(channel);
        _detector = new SequenceDetector(channel);
        _search = new CharacterSearch(SequenceDetector.NoiseOf(channel), octet =>
        {
            if (_octets.Count < MaxQueue) _octets.Enqueue(octet);
        });
    }

    /// <summary>Takes the next samples, any number of them.</summary>
    /// <param name="concealed">They were not heard but made up, and say little of the bits in their place.</param>
    public void Write(ReadOnlySpan<short> samples, bool concealed = false)
    {
        while (_correlator.Next(ref samples, concealed))
        {
            var point = _correlator.Count - 1 - SequenceDetector.Reach * Points;
            if (point < SequenceDetector.Reach * Points) continue;

            var energy = _correlator[point].Energy - _correlator[point - Points].Energy;
            var margin = _detector.Decide(_correlator, point, out var amplitude);
            if (_correlator[point].Concealed) margin *= MadeUp;
            _search.Add(margin, amplitude, Math.Sqrt(2 * energy / _samples));
        }
    }

    public bool TryRead(out byte octet) => _octets.TryDequeue(out octet);
}
