using System.Runtime.InteropServices;
using Tessera.Phone.Sound;

namespace Tessera.Phone.Rtp;

/// <summary>The two laws by which a sample becomes an octet of a call.</summary>
public enum AudioLaw
{
    /// <summary>PCMU: µ-law.</summary>
    Mu,

    /// <summary>PCMA: A-law.</summary>
    A,
}

/// <summary>What a payload type stands for in a call: one law of G.711 at 8000 samples a second.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RtpFormat(byte PayloadType, AudioLaw Law)
{
    /// <summary>PCMU with its static payload type (RFC 3551 table 4).</summary>
    public static readonly RtpFormat Pcmu = new(0, AudioLaw.Mu);

    /// <summary>PCMA with its static payload type (RFC 3551 table 4).</summary>
    public static readonly RtpFormat Pcma = new(8, AudioLaw.A);

    public void Encode(ReadOnlySpan<short> samples, Span<byte> octets)
    {
        if (Law == AudioLaw.Mu)
            for (var i = 0; i < samples.Length; i++) octets[i] = G711.EncodeMu(samples[i]);
        else
            for (var i = 0; i < samples.Length; i++) octets[i] = G711.EncodeA(samples[i]);
    }

    public void Decode(ReadOnlySpan<byte> octets, Span<short> samples)
    {
        if (Law == AudioLaw.Mu)
            for (var i = 0; i < octets.Length; i++) samples[i] = G711.DecodeMu(octets[i]);
        else
            for (var i = 0; i < octets.Length; i++) samples[i] = G711.DecodeA(octets[i]);
    }
}
