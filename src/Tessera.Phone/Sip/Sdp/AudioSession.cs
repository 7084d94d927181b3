using System.Globalization;
using System.Net;

namespace Tessera.Phone.Sip;

/// <summary>
/// One side of offer and answer (RFC 3264) about one stream of sound: what we described last, and what is agreed upon.
/// </summary>
internal sealed class AudioSession(LocalAudio local, string sessionId)
{
    private readonly SdpOrigin _origin = new("-", sessionId, 0, local.EndPoint.Address);
    private IReadOnlyList<MediaDescription> _lines = [];
    private int _audio;
    private ulong _version;

    /// <summary>What we want to do: less than both while we hold the call.</summary>
    public AudioDirection Wish { get; set; } = local.Direction;

    public AudioAgreement? Agreed { get; private set; }

    /// <summary>A description to offer; streams that were refused before stay so (RFC 3264 §8).</summary>
    public SessionDescription Offer()
    {
        List<AttributeField> attributes = [.. local.Codecs.Select(codec => Map((int)codec, codec.Name()))];
        List<string> formats = [.. local.Codecs.Select(codec => Number((int)codec))];
        AddEvents(formats, attributes, local.TelephoneEvent);
        AddRest(attributes, Wish);
        return Describe(_lines.Count == 0 ? [Line(formats, attributes)] : Replaced(Line(formats, attributes)));
    }

    /// <summary>Answers an offer; null where it has nothing that we can do.</summary>
    public SessionDescription? AnswerTo(SessionDescription offer)
    {
        var index = Enumerable.Range(0, offer.Media.Count)
            .FirstOrDefault(i => Reads(offer, offer.Media[i]) is not null, -1);
        if (index < 0) return null;

        var offered = Reads(offer, offer.Media[index])!;
        var agreed = offered with
        {
            Direction = offered.Direction & Wish,
            ReceivePayloadType = offered.SendPayloadType,
            ReceiveTelephoneEvent = local.TelephoneEvent is null ? null : offered.SendTelephoneEvent,
        };
        List<string> formats = [Number(agreed.ReceivePayloadType)];
        List<AttributeField> attributes = [Map(agreed.ReceivePayloadType, agreed.Codec.Name())];
        AddEvents(formats, attributes, agreed.ReceiveTelephoneEvent);
        AddRest(attributes, agreed.Direction);

        (_audio, Agreed) = (index, agreed);
        return Describe([.. offer.Media.Select((media, i) => i == index ? Line(formats, attributes) : Refused(media))]);
    }

    /// <summary>Takes the answer to our last offer; false where it leaves nothing to do.</summary>
    public bool Take(SessionDescription answer)
    {
        if (answer.Media.Count != _lines.Count || Reads(answer, answer.Media[_audio]) is not { } read) return false;
        Agreed = read with
        {
            Direction = read.Direction & Wish,
            ReceivePayloadType = (int)read.Codec,
            ReceiveTelephoneEvent = read.SendTelephoneEvent is null ? null : local.TelephoneEvent,
        };
        return true;
    }

    /// <summary>What a stream of the peer lets us do; null where it is none of ours.</summary>
    private AudioAgreement? Reads(SessionDescription theirs, MediaDescription media)
    {
        if (media is not { Media: "audio", Protocol: "RTP/AVP", Port: > 0 }) return null;
        var codecs = media.Formats.Select(format => (Format: format, Codec: CodecOf(media, format)))
            .Where(pair => pair.Codec is { } codec && local.Codecs.Contains(codec));
        if (codecs.FirstOrDefault() is not ({ } chosen, { } codec)) return null;

        var address = media.Connection ?? theirs.Connection!;
        var direction = DirectionOf(media.Attributes) ?? DirectionOf(theirs.Attributes) ?? AudioDirection.SendReceive;
        var ours = direction.Turned();
        // The hold of RFC 2543 (RFC 3264 §8.4): do not send to nobody.
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)) ours &= ~AudioDirection.SendOnly;
        return new AudioAgreement(new IPEndPoint(address, media.Port), codec, ours)
        {
            SendPayloadType = PayloadType(chosen)!.Value,
            SendTelephoneEvent = local.TelephoneEvent is null ? null : EventsOf(media),
            PacketTime = local.PacketTime,
            SilenceSuppressionOff = media["silenceSupp"]?.StartsWith("off", StringComparison.Ordinal) ?? false,
        };
    }

    private SessionDescription Describe(IReadOnlyList<MediaDescription> lines)
    {
        if (!lines.SequenceEqual(_lines)) _version++;
        _lines = lines;
        return new SessionDescription(_origin with { Version = _version }, lines)
        {
            Connection = local.EndPoint.Address,
        };
    }

    private MediaDescription Line(IReadOnlyList<string> formats, IReadOnlyList<AttributeField> attributes) =>
        new("audio", local.EndPoint.Port, "RTP/AVP", formats) { Attributes = attributes };

    private MediaDescription[] Replaced(MediaDescription audio) =>
        [.. _lines.Select((line, i) => i == _audio ? audio : line)];

    private static MediaDescription Refused(MediaDescription offered) =>
        new(offered.Media, 0, offered.Protocol, offered.Formats);

    private static void AddEvents(List<string> formats, List<AttributeField> attributes, int? number)
    {
        if (number is not { } payloadType) return;
        formats.Add(Number(payloadType));
        attributes.Add(Map(payloadType, AudioCodecs.TelephoneEvent));
        attributes.Add(new AttributeField("fmtp", $"{Number(payloadType)} 0-15"));
    }

    private void AddRest(List<AttributeField> attributes, AudioDirection direction)
    {
        attributes.Add(new AttributeField("ptime", Number(local.PacketTime)));
        if (local.SilenceSuppressionOff) attributes.Add(new AttributeField("silenceSupp", "off - - - -"));
        attributes.Add(new AttributeField(direction.Attribute()));
    }

    private static AttributeField Map(int payloadType, string name) =>
        new("rtpmap", $"{Number(payloadType)} {name}/{Number(AudioCodecs.ClockRate)}");

    /// <summary>The name that <c>a=rtpmap</c> gives a format at our clock rate; null where it gives none.</summary>
    private static string? NameOf(MediaDescription media, string format)
    {
        var map = media.Attributes.FirstOrDefault(attribute =>
            attribute.Name is "rtpmap" && attribute.Value is { } value
            && value.StartsWith($"{format} ", StringComparison.Ordinal));
        return map?.Value![(format.Length + 1)..].Trim().Split('/') switch
        {
            [var name, "8000"] => name,
            [var name, "8000", "1"] => name,
            null => null,
            _ => "",
        };
    }

    private static AudioCodec? CodecOf(MediaDescription media, string format) =>
        PayloadType(format) is not { } number ? null
        : NameOf(media, format) is { } name ? AudioCodecs.Named(name)
        : Enum.IsDefined((AudioCodec)number) ? (AudioCodec)number
        : null;

    private static int? EventsOf(MediaDescription media) => media.Formats
        .Where(format => AudioCodecs.TelephoneEvent.Equals(NameOf(media, format), StringComparison.OrdinalIgnoreCase))
        .Select(PayloadType).FirstOrDefault();

    private static AudioDirection? DirectionOf(IEnumerable<AttributeField> attributes) => attributes
        .Select(attribute => AudioDirections.Named(attribute.Name)).FirstOrDefault(direction => direction is not null);

    private static int? PayloadType(string format) =>
        byte.TryParse(format, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 128
            ? number
            : null;

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
