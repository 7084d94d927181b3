using System.Net;

namespace Tessera.Phone.Sip;

/// <summary>What this side of a call can do with sound, and where it takes RTP.</summary>
/// <param name="EndPoint">Where our RTP arrives: an address the peer can reach, and an even port.</param>
public sealed record LocalAudio(IPEndPoint EndPoint)
{
    /// <summary>In the order we like them. Default PCMU, then PCMA.</summary>
    public IReadOnlyList<AudioCodec> Codecs { get; init; } = [AudioCodec.Pcmu, AudioCodec.Pcma];

    /// <summary>
    /// The payload type we offer for telephone-event (RFC 4733); an answer repeats the one of its offer. Null for
    /// none. Default 101.
    /// </summary>
    public int? TelephoneEvent { get; init; } = 101;

    /// <summary>Milliseconds of sound in a packet. Default 20.</summary>
    public int PacketTime { get; init; } = 20;

    /// <summary>What we want to do. Default both.</summary>
    public AudioDirection Direction { get; init; } = AudioDirection.SendReceive;

    /// <summary>Says <c>a=silenceSupp:off</c>, because a modem must not be taken for silence. Default false.</summary>
    public bool SilenceSuppressionOff { get; init; }
}
