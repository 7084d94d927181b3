using Tessera.Wire;

namespace Tessera.Phone.Sip;

/// <summary>Octets that are no SIP message, and how a request like that is answered.</summary>
public sealed class SipFormatException(string field, int offset, string reason, SipStatus status = SipStatus.BadRequest)
    : WireFormatException(field, offset, reason)
{
    /// <summary>400, or what RFC 3261 has for this fault.</summary>
    public SipStatus Status { get; } = status;

    /// <summary>What could be read of its header, enough for an answer; null where it must not be answered.</summary>
    internal SipHeaders? Answerable { get; init; }
}
