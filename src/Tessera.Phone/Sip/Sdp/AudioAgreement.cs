using System.Net;

namespace Tessera.Phone.Sip;

/// <summary>What offer and answer agreed upon for the sound of a call: all that an RTP session needs to know.</summary>
/// <param name="Remote">Where our RTP goes.</param>
/// <param name="Codec">In both directions.</param>
/// <param name="Direction">What we may do.</param>
public sealed record AudioAgreement(IPEndPoint Remote, AudioCodec Codec, AudioDirection Direction)
{
    /// <summary>Payload type in the packets we send.</summary>
    public int SendPayloadType { get; init; } = (int)Codec;

    /// <summary>Payload type in the packets we get.</summary>
    public int ReceivePayloadType { get; init; } = (int)Codec;

    /// <summary>Payload type of the telephone-events we send; null where the peer takes none.</summary>
    public int? SendTelephoneEvent { get; init; }

    /// <summary>Payload type of the telephone-events we get.</summary>
    public int? ReceiveTelephoneEvent { get; init; }

    /// <summary>Milliseconds of sound in the packets we send.</summary>
    public int PacketTime { get; init; } = 20;

    /// <summary>The peer said <c>a=silenceSupp:off</c>.</summary>
    public bool SilenceSuppressionOff { get; init; }

    public bool MaySend => Direction.HasFlag(AudioDirection.SendOnly);

    public bool MayReceive => Direction.HasFlag(AudioDirection.ReceiveOnly);
}
