namespace Tessera.Testing.Lines;

/// <summary>
/// What a bad serial line does to octets, the same for the same seed: each is damaged, lost, doubled or followed by one that
/// nobody sent, alone or in a burst.
/// </summary>
/// <param name="rate">The share of octets at which something happens.</param>
public sealed class SerialNoise(int seed, double rate)
{
    private const int LongestBurst = 8;

    private readonly Random _random = new(seed);
    private int _burst;

    /// <summary>How often something happened.</summary>
    public long Faults { get; private set; }

    /// <summary>What arrives.</summary>
    public byte[] Pass(ReadOnlySpan<byte> octets)
    {
        var passed = new List<byte>(octets.Length);
        foreach (var octet in octets)
        {
            if (_burst == 0 && _random.NextDouble() < rate) _burst = _random.Next(1, LongestBurst);
            if (_burst == 0)
            {
                passed.Add(octet);
                continue;
            }

            _burst--;
            Faults++;
            passed.AddRange(Damage(octet));
        }

        return [.. passed];
    }

    private byte[] Damage(byte octet) => _random.Next(4) switch
    {
        0 => [(byte)(octet ^ 1 << _random.Next(8))],
        1 => [],
        2 => [octet, octet],
        _ => [octet, (byte)_random.Next(256)],
    };
}
