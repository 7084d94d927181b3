using System.Globalization;
using Tessera.Wire;

namespace Tessera.Phone.Sip;

/// <summary>Responses made from the request they answer (RFC 3261 §8.2.6).</summary>
internal static class SipRequests
{
    private static readonly string[] Copied = ["From", "To", "Call-ID", "CSeq"];

    /// <param name="tag">Ours, set in To where the request has none.</param>
    public static SipResponse Response(
        this SipRequest request, SipStatus status, string? tag, params IEnumerable<SipHeader> more)
    {
        var to = request.Headers.Find("To");
        return new SipResponse(status,
        [
            .. request.Headers.Named("Via"),
            .. Copied.Select(name => name is "To" ? Tagged(to, tag) : request.Headers.Find(name)).OfType<SipHeader>(),
            .. more,
        ]);
    }

    /// <summary>A response that says why, to a request that may be broken: what it has is copied.</summary>
    public static SipResponse Refusal(this SipRequest request, SipStatus status, string reason, string? tag = null)
    {
        var warning = new SipHeader("Warning", $"399 tessera {SipParameter.Quoted(Printable(reason))}");
        return status == SipStatus.ServiceUnavailable
            ? request.Response(status, tag, warning, new SipHeader("Retry-After", "5"))
            : request.Response(status, tag, warning);
    }

    public static T With<T>(this T message, Bytes body, string contentType) where T : SipMessage => message with
    {
        Headers = message.Headers.With(new SipHeader("Content-Type", contentType)),
        Body = body,
    };

    public static string Number(this uint value) => value.ToString(CultureInfo.InvariantCulture);

    private static SipHeader? Tagged(SipHeader? to, string? tag)
    {
        if (to is null || tag is null) return to;
        try
        {
            var address = NameAddress.Read(to.Value, to.Name, to.Offset);
            return address.Tag is null ? new SipHeader(to.Name, $"{to.Value};tag={tag}") : to;
        }
        catch (WireFormatException)
        {
            return to;
        }
    }

    private static string Printable(string text) => string.Concat(text.Select(c => c is < ' ' or > '~' ? ' ' : c));
}
