using System.Globalization;

namespace Tessera.Phone.Sip;

/// <summary>What tells transactions apart.</summary>
internal static class TransactionKey
{
    /// <summary>Of a request that came (RFC 3261 §17.2.3); without the cookie by what RFC 2543 went by.</summary>
    /// <param name="method">That of the transaction looked for: INVITE for an ACK, and for a CANCEL what it
    /// cancels.</param>
    public static string OfServer(SipRequest request, string method)
    {
        var via = request.Via;
        return via.HasCookie
            ? $"{method} {via.Branch.ToUpperInvariant()} {SipUri.HostPort(via.Host, via.Port).ToUpperInvariant()}"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{method} {request.CSeq.Number} {request.CallId} {request.From.Tag} {request.Uri} {via}");
    }

    /// <summary>Of a request of ours, and of its responses (§17.1.3).</summary>
    public static string OfClient(SipMessage message) =>
        $"{message.CSeq.Method} {message.Via.Branch.ToUpperInvariant()}";
}
