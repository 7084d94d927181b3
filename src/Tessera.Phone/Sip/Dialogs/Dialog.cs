using System.Net;

namespace Tessera.Phone.Sip;

/// <summary>What two sides keep of each other between the requests of a call (RFC 3261 §12).</summary>
internal sealed class Dialog
{
    private uint _sequence;
    private uint? _remoteSequence;

    private Dialog(
        string callId, NameAddress local, NameAddress remote, SipUri target, IReadOnlyList<NameAddress> routes)
    {
        (CallId, Local, Remote, Target, Routes) = (callId, local, remote, target, routes);
    }

    public string CallId { get; }

    public NameAddress Local { get; }

    public NameAddress Remote { get; }

    /// <summary>The peer's Contact, which it may renew.</summary>
    public SipUri Target { get; private set; }

    public IReadOnlyList<NameAddress> Routes { get; }

    /// <summary>Where the peer's messages come from, and what cannot be resolved goes to.</summary>
    public required SipFlow Flow { get; set; }

    public string Key => KeyOf(CallId, Local.Tag, Remote.Tag);

    /// <summary>Of a message that came.</summary>
    public static string KeyOf(SipMessage message) => message is SipRequest
        ? KeyOf(message.CallId, message.To.Tag, message.From.Tag)
        : KeyOf(message.CallId, message.From.Tag, message.To.Tag);

    /// <summary>At the server, from the INVITE and the tag we gave it (§12.1.1).</summary>
    public static Dialog OfServer(SipRequest invite, string tag, SipFlow source) =>
        new(invite.CallId, invite.To.WithTag(tag), invite.From, invite.Contacts[0].Uri, invite.RecordRoutes)
        {
            Flow = source, _remoteSequence = invite.CSeq.Number,
        };

    /// <summary>At the client, from the INVITE and the response that made it (§12.1.2).</summary>
    public static Dialog OfClient(SipRequest invite, SipResponse response, SipFlow flow) =>
        new(invite.CallId, invite.From, response.To,
            response.Contacts is [var contact, ..] ? contact.Uri : invite.Uri, [.. response.RecordRoutes.Reverse()])
        {
            Flow = flow, _sequence = invite.CSeq.Number,
        };

    public uint NextSequence() => ++_sequence;

    /// <summary>
    /// Whether a request is in order (§12.2.2); its Contact is the new target, where it may renew it.
    /// </summary>
    public bool Takes(SipRequest request)
    {
        var number = request.CSeq.Number;
        if (number <= _remoteSequence) return false;
        _remoteSequence = number;
        Renew(request);
        return true;
    }

    /// <summary>Takes the Contact of an INVITE or of its 2xx as the target.</summary>
    public void Renew(SipMessage message)
    {
        if (message.CSeq.Method is SipMethod.Invite && message.Contacts is [{ Uri.IsSip: true } contact, ..])
            Target = contact.Uri;
    }

    /// <summary>A request in the dialog (§12.2.1.1).</summary>
    public SipRequest Request(string method, uint sequence, params IEnumerable<SipHeader> more)
    {
        // A strict router gets itself as Request-URI, and the target stands at the end of its route.
        var strict = Routes is [{ Uri.IsLoose: false } first, ..] ? first.Uri : null;
        var routes = strict is null ? Routes : [.. Routes.Skip(1), new NameAddress(Target)];
        return new SipRequest(method, (strict ?? Target) with { Headers = null },
        [
            .. routes.Select(route => new SipHeader("Route", route.ToString())),
            new("From", Local.ToString()), new("To", Remote.ToString()), new("Call-ID", CallId),
            new("CSeq", new CSeq(sequence, method).ToString()), new("Max-Forwards", "70"), .. more,
        ]);
    }

    /// <summary>
    /// Where the next request goes: a connection that stands, an address in the route or target, or where the peer
    /// was.
    /// </summary>
    public SipFlow NextHop(TransactionLayer layer)
    {
        if (layer.Transport(Flow.Transport) is { } transport && transport.IsConnected(Flow.Remote)) return Flow;
        return SipDestination.OfAddress(Routes is [var first, ..] ? first.Uri : Target, Flow.Transport) is { } hop
            && layer.Reaches(hop) ? hop : Flow;
    }

    private static string KeyOf(string callId, string? local, string? remote) => $"{callId} {local} {remote}";
}

/// <summary>Where a URI leads (RFC 3263 §4, without NAPTR and SRV).</summary>
internal static class SipDestination
{
    /// <summary>Null where the host is a name.</summary>
    /// <param name="usual">The transport where the URI names none.</param>
    public static SipFlow? OfAddress(SipUri uri, string usual) =>
        IPAddress.TryParse(Host(uri), out var address)
            ? new SipFlow(Transport(uri, usual), EndPoint(uri, address))
            : null;

    /// <exception cref="System.Net.Sockets.SocketException">The name is not known.</exception>
    public static async Task<SipFlow> ResolveAsync(SipUri uri, IPAddress local, CancellationToken cancel)
    {
        if (OfAddress(uri, SipFlow.Udp) is { } known) return known;
        var addresses = await Dns.GetHostAddressesAsync(Host(uri), local.AddressFamily, cancel);
        return new SipFlow(Transport(uri, SipFlow.Udp), EndPoint(uri, addresses[0]));
    }

    private static string Host(SipUri uri) => uri.Parameters["maddr"] ?? uri.Host;

    private static string Transport(SipUri uri, string usual) =>
        uri.Parameters["transport"]?.ToUpperInvariant() ?? usual;

    private static IPEndPoint EndPoint(SipUri uri, IPAddress address) => new(address, uri.Port ?? SipUri.DefaultPort);
}
