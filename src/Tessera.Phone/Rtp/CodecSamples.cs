using Tessera.Phone.Sip;
using Tessera.Phone.Sound;

namespace Tessera.Phone.Rtp;

/// <summary>Samples as the octets of a codec; octets that were decoded are encoded to the same.</summary>
internal static class CodecSamples
{
    /// <summary>The other zero of µ-law.</summary>
    private const byte NegativeZero = 0x7F;

    public static void Encode(this AudioCodec codec, ReadOnlySpan<short> samples, Span<byte> octets)
    {
        if (codec == AudioCodec.Pcmu)
            for (var i = 0; i < samples.Length; i++) octets[i] = G711.EncodeMu(samples[i]);
        else
            for (var i = 0; i < samples.Length; i++) octets[i] = G711.EncodeA(samples[i]);
    }

    public static void Decode(this AudioCodec codec, ReadOnlySpan<byte> octets, Span<short> samples)
    {
        if (codec == AudioCodec.Pcmu)
            // Negative zero is kept apart from zero, so that octets pass a device in the line as they are.
            for (var i = 0; i < octets.Length; i++)
                samples[i] = octets[i] == NegativeZero ? (short)-1 : G711.DecodeMu(octets[i]);
        else
            for (var i = 0; i < octets.Length; i++) samples[i] = G711.DecodeA(octets[i]);
    }
}
