using Tessera.Phone.Sip;
using Tessera.Phone.Sound;

namespace Tessera.Phone.Rtp;

/// <summary>Samples as the octets of a codec.</summary>
internal static class CodecSamples
{
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
            for (var i = 0; i < octets.Length; i++) samples[i] = G711.DecodeMu(octets[i]);
        else
            for (var i = 0; i < octets.Length; i++) samples[i] = G711.DecodeA(octets[i]);
    }
}
