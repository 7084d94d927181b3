using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Tessera.Phone.Rtp;

/// <summary>How this end of a call hears and speaks.</summary>
public sealed record RtpOptions
{
    /// <summary>How packets wait for one another.</summary>
    public JitterOptions Jitter { get; init; } = new();

    /// <summary>How long a key is held that is pressed here.</summary>
    public TimeSpan KeyLength { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>From the end of one key to the next.</summary>
    public TimeSpan KeyPause { get; init; } = TimeSpan.FromMilliseconds(60);

    /// <summary>Our name in reports (CNAME).</summary>
    public string CanonicalName { get; init; } = "tessera@127.0.0.1";

    /// <summary>Where our numbers begin.</summary>
    public RtpStart Start { get; init; } = RtpStart.Random();
}

/// <summary>Where the numbers of a stream begin: at random, so that nobody guesses them (RFC 3550 §5.1).</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RtpStart(uint Ssrc, ushort Sequence, uint Timestamp)
{
    public static RtpStart Random()
    {
        Span<byte> octets = stackalloc byte[10];
        RandomNumberGenerator.Fill(octets);
        return new RtpStart(
            BinaryPrimitives.ReadUInt32BigEndian(octets), BinaryPrimitives.ReadUInt16BigEndian(octets[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(octets[6..]));
    }
}
