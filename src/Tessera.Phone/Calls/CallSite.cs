using System.Net;
using Tessera.Phone.Data;
using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;

namespace Tessera.Phone.Calls;

/// <summary>What the calls that a machine answers have in common.</summary>
public sealed record CallSite
{
    /// <summary>Moves all of them on; not owned.</summary>
    public required RtpPacer Pacer { get; init; }

    /// <summary>Where their sound arrives: an address that peers can reach.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>In the order we like them. Default PCMU, then PCMA.</summary>
    public IReadOnlyList<AudioCodec> Codecs { get; init; } = [AudioCodec.Pcmu, AudioCodec.Pcma];

    /// <summary>
    /// Whether keys are taken from telephone events (RFC 4733) where a caller offers them; otherwise all keys are taken
    /// from their tones. Default yes.
    /// </summary>
    public bool TelephoneEvents { get; init; } = true;

    /// <summary>How a line goes to data; null where it never does.</summary>
    public LineServerOptions? Line { get; init; }
}
