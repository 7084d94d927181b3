using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Tessera.Wire;

namespace Tessera.Phone.Sip;

/// <summary>A SIP or SIPS URI (RFC 3261 §19.1), or another URI whose scheme alone is known.</summary>
/// <remarks>
/// <code>
/// sip:user:password@host:port;parameters?headers
/// tel:+33142000000                                 scheme, and all else is opaque
/// </code>
/// Parts are kept as they are written, escapes too.
/// </remarks>
public sealed record SipUri
{
    public const int DefaultPort = 5060;

    private SipUri(string scheme) => Scheme = scheme;

    /// <summary>In small letters.</summary>
    public string Scheme { get; private init; }

    /// <summary>All after the scheme, where that is neither sip nor sips.</summary>
    public string Opaque { get; private init; } = "";

    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>A name or an address; one of IPv6 without its brackets.</summary>
    public string Host { get; private init; } = "";

    public int? Port { get; init; }

    public SipParameters Parameters { get; init; } = SipParameters.Empty;

    /// <summary>What stands behind the question mark.</summary>
    public string? Headers { get; init; }

    public bool IsSip => Scheme is "sip" or "sips";

    /// <summary>The routing by this URI is loose: it has the parameter <c>lr</c>.</summary>
    public bool IsLoose => Parameters.Contains("lr");

    public static SipUri Sip(string? user, string host, int? port = null) =>
        new("sip") { User = user, Host = host, Port = port };

    public static SipUri Sip(string? user, IPEndPoint address) => Sip(user, address.Address.ToString(), address.Port);

    /// <exception cref="FormatException">The text is no URI.</exception>
    public static SipUri Parse(string text) => Read(text, "URI", 0);

    public override string ToString()
    {
        if (!IsSip) return $"{Scheme}:{Opaque}";
        var text = new StringBuilder(Scheme).Append(':');
        if (User is not null) text.Append(User).Append(Password is null ? "" : $":{Password}").Append('@');
        text.Append(HostPort(Host, Port)).Append(Parameters);
        return (Headers is null ? text : text.Append('?').Append(Headers)).ToString();
    }

    /// <summary>Whether both name the same resource (RFC 3261 §19.1.4), which is less than being equal.</summary>
    public bool Matches(SipUri other)
    {
        if (!IsSip || !other.IsSip) return this == other;
        return Scheme.Equals(other.Scheme, StringComparison.Ordinal) && Same(User, other.User)
            && Same(Password, other.Password)
            && Host.Equals(other.Host, StringComparison.OrdinalIgnoreCase) && Port == other.Port
            && SameHeaders(Headers, other.Headers)
            && Parameters.All(mine => MatchesIn(mine, other.Parameters))
            && other.Parameters.All(theirs => MatchesIn(theirs, Parameters));
    }

    internal static SipUri Read(string text, string field, int offset)
    {
        var scanner = new SipScanner(text, field, offset);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var scheme = scanner.Take(SipGrammar.Scheme, "the scheme of a URI").ToLowerInvariant();
        if (scanner.At != colon || !char.IsAsciiLetter(scheme[0])) throw scanner.Broken("no URI begins like this");
        scanner.TakeUntil(':');
        if (SipGrammar.BrokenEscape(text) is var bad and >= 0)
            throw new WireFormatException(field, offset + bad, "what follows % is no octet");
        if (scheme is "sip" or "sips") return ReadSip(new SipUri(scheme), ref scanner);

        var opaque = scanner.Take(SipGrammar.Opaque, "the URI behind its scheme");
        if (!scanner.AtEnd) throw scanner.Broken($"'{scanner.Next}' cannot stand in a URI");
        return new SipUri(scheme) { Opaque = opaque };
    }

    internal static string HostPort(string host, int? port)
    {
        var bracketed = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        return port is null ? bracketed : string.Create(CultureInfo.InvariantCulture, $"{bracketed}:{port}");
    }

    /// <summary>A host and its port, as they stand in URIs and in Via.</summary>
    internal static (string Host, int? Port) ReadHostPort(ref SipScanner scanner)
    {
        string host;
        if (scanner.Next == '[')
        {
            scanner.Take('[');
            host = scanner.TakeUntil(']');
            if (!IPAddress.TryParse(host, out var address) || address.AddressFamily != AddressFamily.InterNetworkV6)
                throw scanner.Broken($"'{host}' is no address of IPv6");
        }
        else
        {
            host = scanner.Take(SipGrammar.Host, "the host");
        }

        if (!scanner.TryTake(':')) return (host, null);
        var port = (int)scanner.TakeNumber(ushort.MaxValue, "the port");
        return port > 0 ? (host, port) : throw scanner.Broken("port 0 is none");
    }

    private static SipUri ReadSip(SipUri uri, ref SipScanner scanner)
    {
        var (user, password) = ((string?)null, (string?)null);
        if (scanner.Rest.Contains('@'))
        {
            user = scanner.Take(SipGrammar.User, "the user");
            if (scanner.Next == ':')
            {
                scanner.TakeUntil(':');
                password = scanner.Next == '@' ? "" : scanner.Take(SipGrammar.Password, "the password");
            }

            if (scanner.Next != '@') throw scanner.Broken($"'{scanner.Next}' cannot stand before @");
            scanner.TakeUntil('@');
        }

        var (host, port) = ReadHostPort(ref scanner);
        List<SipParameter> parameters = [];
        while (scanner.Next == ';') parameters.Add(ReadParameter(ref scanner));
        string? headers = null;
        if (scanner.Next == '?')
        {
            scanner.TakeUntil('?');
            headers = scanner.Take(SipGrammar.UriHeaders, "what follows the question mark");
        }

        if (!scanner.AtEnd) throw scanner.Broken($"'{scanner.Next}' cannot stand in a URI");
        return uri with
        {
            User = user,
            Password = password,
            Host = host,
            Port = port,
            Parameters = [.. parameters],
            Headers = headers,
        };
    }

    private static SipParameter ReadParameter(ref SipScanner scanner)
    {
        scanner.TakeUntil(';');
        var name = scanner.Take(SipGrammar.UriParameter, "the name of a parameter");
        if (scanner.Next != '=') return new SipParameter(name);
        scanner.TakeUntil('=');
        return new SipParameter(name, scanner.Take(SipGrammar.UriParameter, $"the value of {name}"));
    }

    private static bool Same(string? left, string? right) => left is null || right is null
        ? left is null && right is null
        : SipGrammar.Unescape(left).Equals(SipGrammar.Unescape(right), StringComparison.Ordinal);

    private static bool SameHeaders(string? left, string? right)
    {
        return Sorted(left).SequenceEqual(Sorted(right), StringComparer.Ordinal);

        static IEnumerable<string> Sorted(string? headers) =>
            (headers ?? "").Split('&').Select(SipGrammar.Unescape).Order(StringComparer.Ordinal);
    }

    private static bool MatchesIn(SipParameter mine, SipParameters others) => others[mine.Name] is { } value
        ? SipGrammar.Unescape(value).Equals(SipGrammar.Unescape(mine.Value ?? ""), StringComparison.OrdinalIgnoreCase)
        : mine.Name.ToUpperInvariant() is not ("USER" or "TTL" or "METHOD" or "MADDR" or "TRANSPORT");
}
