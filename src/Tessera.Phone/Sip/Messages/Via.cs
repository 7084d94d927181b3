using System.Globalization;
using System.Net;

namespace Tessera.Phone.Sip;

/// <summary>One station of the way a request came, and its answers go back (RFC 3261 §20.42).</summary>
/// <remarks><code>SIP/2.0/UDP host:port;branch=z9hG4bK...;received=address;rport=port</code></remarks>
public sealed record Via(string Transport, string Host, int? Port, SipParameters Parameters)
{
    /// <summary>What the branch of every client of RFC 3261 begins with (§8.1.1.7).</summary>
    public const string Cookie = "z9hG4bK";

    /// <summary>Name and version. Default SIP/2.0.</summary>
    public string Protocol { get; init; } = "SIP/2.0";

    public string Branch => Parameters["branch"] ?? "";

    /// <summary>The branch names the transaction by itself.</summary>
    public bool HasCookie =>
        Branch.Length > Cookie.Length && Branch.StartsWith(Cookie, StringComparison.OrdinalIgnoreCase);

    /// <summary>Where the request came from in truth (§18.2.1).</summary>
    public IPAddress? Received =>
        IPAddress.TryParse(Parameters["received"]?.Trim('[', ']'), out var address) ? address : null;

    /// <summary>This one, as the server that got it from there notes it (RFC 3261 §18.2.1, RFC 3581 §4).</summary>
    public Via ReceivedFrom(IPEndPoint source)
    {
        var asked = Parameters.Contains("rport");
        var parameters = Parameters;
        if (asked || !IPAddress.TryParse(Host, out var host) || !host.Equals(source.Address))
            parameters = parameters.With("received", source.Address.ToString());
        if (asked) parameters = parameters.With("rport", source.Port.ToString(CultureInfo.InvariantCulture));
        return this with { Parameters = parameters };
    }

    public override string ToString() => $"{Protocol}/{Transport} {SipUri.HostPort(Host, Port)}{Parameters}";

    internal static Via Read(string text, string field, int offset)
    {
        var scanner = new SipScanner(text, field, offset);
        scanner.SkipSpace();
        var protocol = scanner.TakeToken("the protocol");
        scanner.Take('/');
        protocol += $"/{scanner.TakeToken("the version")}";
        scanner.Take('/');
        var transport = scanner.TakeToken("the transport").ToUpperInvariant();
        if (!SipGrammar.IsSpace(scanner.Next)) throw scanner.Broken("a space is missing behind the transport");
        scanner.SkipSpace();
        var (host, port) = SipUri.ReadHostPort(ref scanner);
        var via = new Via(transport, host, port, scanner.TakeParameters()) { Protocol = protocol };
        scanner.TakeEnd();
        return via;
    }
}
