using System.Globalization;
using System.Net;
using Tessera.Phone.Sip;

namespace Tessera.Lab.Houses.Sockets;

/// <summary>
/// What a caller offers, for who offers the same onward: packets that pass unchanged need the same payload types on both
/// sides.
/// </summary>
/// <param name="TelephoneEvent">Payload type of telephone events; null where none are offered.</param>
internal sealed record OfferedAudio(IReadOnlyList<AudioCodec> Codecs, int? TelephoneEvent, bool SilenceSuppressionOff)
{
    private const string EventMap = " telephone-event/8000";

    /// <summary>Where nothing is offered, the caller will answer: all that we have.</summary>
    public static OfferedAudio Of(SessionDescription? offer)
    {
        if (offer?.Media.FirstOrDefault(media => media is { Media: "audio", Port: > 0 }) is not { } audio)
            return new OfferedAudio([AudioCodec.Pcmu, AudioCodec.Pcma], 101, SilenceSuppressionOff: false);
        var events = audio.Attributes.FirstOrDefault(attribute =>
            attribute is { Name: "rtpmap", Value: { } map } && map.EndsWith(EventMap, StringComparison.OrdinalIgnoreCase));
        return new OfferedAudio(
            [.. audio.Formats.Select(CodecOf).OfType<AudioCodec>()],
            events is null ? null : int.Parse(events.Value!.Split(' ')[0], CultureInfo.InvariantCulture),
            audio["silenceSupp"]?.StartsWith("off", StringComparison.Ordinal) ?? false);
    }

    /// <summary>The same, at an address of ours.</summary>
    public LocalAudio At(IPEndPoint endPoint) => new(endPoint)
    {
        Codecs = Codecs, TelephoneEvent = TelephoneEvent, SilenceSuppressionOff = SilenceSuppressionOff,
    };

    /// <summary>What the other side took of it.</summary>
    public LocalAudio At(IPEndPoint endPoint, AudioAgreement taken) => new(endPoint)
    {
        Codecs = [taken.Codec],
        TelephoneEvent = taken.SendTelephoneEvent is null ? null : TelephoneEvent,
        SilenceSuppressionOff = taken.SilenceSuppressionOff,
    };

    /// <summary>The static payload types of RFC 3551 table 4, which are all that we speak.</summary>
    private static AudioCodec? CodecOf(string format) => format switch
    {
        "0" => AudioCodec.Pcmu,
        "8" => AudioCodec.Pcma,
        _ => null,
    };
}
