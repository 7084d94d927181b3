using Tessera.Terminal.Serial.Ends;

namespace Tessera.Terminal.Tests.Serial;

/// <summary>Octets that one end of a line shall say, and what the other has heard of them.</summary>
internal sealed class SerialTraffic(SerialEnd from, SerialEnd to, byte[] octets)
{
    private readonly List<byte> _heard = [];
    private int _said;

    public IReadOnlyList<byte> Heard => _heard;

    /// <summary>Octets made of a seed, with all values among them.</summary>
    public static byte[] Make(int seed, int length)
    {
        var octets = new byte[length];
        new Random(seed).NextBytes(octets);
        return octets;
    }

    /// <summary>Writes and reads what goes now.</summary>
    /// <returns>Whether all is heard.</returns>
    public bool Move(bool finish = true)
    {
        _said += from.Write(octets.AsSpan(_said));
        if (_said == octets.Length && finish) from.Finish();
        return Read();
    }

    /// <summary>Reads what goes now.</summary>
    /// <returns>Whether all is heard.</returns>
    public bool Read()
    {
        Span<byte> buffer = stackalloc byte[512];
        while (to.Read(buffer) is > 0 and var length) _heard.AddRange(buffer[..length]);
        return _heard.Count >= octets.Length;
    }
}
