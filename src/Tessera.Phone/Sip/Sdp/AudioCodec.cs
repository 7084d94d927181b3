namespace Tessera.Phone.Sip;

/// <summary>The codecs of a call; the value is the static payload type (RFC 3551 §6).</summary>
public enum AudioCodec
{
    Pcmu = 0,
    Pcma = 8,
}

/// <summary>The names of codecs in <c>a=rtpmap</c>.</summary>
internal static class AudioCodecs
{
    public const string TelephoneEvent = "telephone-event";

    public const int ClockRate = 8000;

    public static string Name(this AudioCodec codec) => codec == AudioCodec.Pcmu ? "PCMU" : "PCMA";

    public static AudioCodec? Named(string name) => name.ToUpperInvariant() switch
    {
        "PCMU" => AudioCodec.Pcmu,
        "PCMA" => AudioCodec.Pcma,
        _ => null,
    };
}
