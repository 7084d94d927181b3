using System.Net;
using System.Runtime.InteropServices;

namespace Tessera.Phone.Sip;

/// <summary>
/// How many messages each address may send: a bucket that fills with time, for a bounded number of addresses.
/// </summary>
internal sealed class RateLimit(SipLimits limits, TimeProvider time)
{
    private readonly Dictionary<IPAddress, Bucket> _buckets = [];

    /// <summary>What all addresses share for which there was no room.</summary>
    private Bucket _others = new(limits.Rate, time.GetTimestamp());

    public bool Allows(IPAddress source)
    {
        var now = time.GetTimestamp();
        if (!_buckets.ContainsKey(source) && _buckets.Count >= limits.Sources) DropFull(now);
        if (!_buckets.ContainsKey(source) && _buckets.Count >= limits.Sources) return Take(ref _others, now);

        ref var bucket = ref CollectionsMarshal.GetValueRefOrAddDefault(_buckets, source, out var known);
        if (!known) bucket = new Bucket(limits.Rate, now);
        return Take(ref bucket, now);
    }

    private bool Take(ref Bucket bucket, long now)
    {
        var level = Level(bucket, now);
        bucket = new Bucket(level >= 1 ? level - 1 : level, now);
        return level >= 1;
    }

    private double Level(in Bucket bucket, long now) =>
        Math.Min(limits.Rate, bucket.Level + (time.GetElapsedTime(bucket.At, now).TotalSeconds * limits.Rate));

    /// <summary>Forgets who has been silent long enough to begin anew.</summary>
    private void DropFull(long now)
    {
        foreach (var (source, bucket) in _buckets)
        {
            if (Level(bucket, now) >= limits.Rate) _buckets.Remove(source);
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Bucket(double Level, long At);
}
