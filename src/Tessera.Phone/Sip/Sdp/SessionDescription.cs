using System.Net;
using System.Net.Sockets;
using System.Text;
using Tessera.Wire;

namespace Tessera.Phone.Sip;

/// <summary>Who described a session, and the how manieth description it is (RFC 4566 §5.2).</summary>
public sealed record SdpOrigin(string UserName, string SessionId, ulong Version, IPAddress Address);

/// <summary>A description of a session by SDP (RFC 4566 §5), as far as telephones use it.</summary>
/// <remarks>
/// <code>
/// v=0
/// o=- 3903 1 IN IP4 192.0.2.1      origin: user, session, version, address
/// s=-                              name
/// c=IN IP4 192.0.2.1               connection, here or in each stream
/// t=0 0                            time
/// a=...                            attributes of the session
/// m=audio 49170 RTP/AVP 0 8 101    a stream: media, port, protocol, formats
/// c=... a=...                      its own connection and attributes
/// </code>
/// Lines we have no use for (i, u, e, p, b, r, z, k) are read over.
/// </remarks>
public sealed record SessionDescription(SdpOrigin Origin, IReadOnlyList<MediaDescription> Media)
{
    public const string ContentType = "application/sdp";

    public string Name { get; init; } = "-";

    public IPAddress? Connection { get; init; }

    public IReadOnlyList<AttributeField> Attributes { get; init; } = [];

    /// <exception cref="WireFormatException">The octets are no session description.</exception>
    public static SessionDescription Read(ReadOnlySpan<byte> octets) => new SdpReader(octets).ReadSession();

    public Bytes ToBytes()
    {
        var text = new StringBuilder("v=0\r\n");
        Line(text, $"o={Origin.UserName} {Origin.SessionId} {Origin.Version} {Typed(Origin.Address)}");
        Line(text, $"s={Name}");
        if (Connection is not null) Line(text, $"c={Typed(Connection)}");
        Line(text, $"t=0 0");
        foreach (var attribute in Attributes) Line(text, $"a={attribute}");
        foreach (var media in Media) Append(text, media);
        return new Bytes(Encoding.UTF8.GetBytes(text.ToString()));
    }

    public bool Equals(SessionDescription? other) =>
        other is not null && Origin == other.Origin && string.Equals(Name, other.Name, StringComparison.Ordinal)
        && Equals(Connection, other.Connection)
        && Attributes.SequenceEqual(other.Attributes) && Media.SequenceEqual(other.Media);

    public override int GetHashCode() => HashCode.Combine(Origin, Name, Media.Count);

    private static void Append(StringBuilder text, MediaDescription media)
    {
        Line(text, $"m={media.Media} {media.Port} {media.Protocol} {string.Join(' ', media.Formats)}");
        if (media.Connection is not null) Line(text, $"c={Typed(media.Connection)}");
        foreach (var attribute in media.Attributes) Line(text, $"a={attribute}");
    }

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(FormattableString.Invariant(line)).Append("\r\n");

    private static string Typed(IPAddress address) =>
        $"IN {(address.AddressFamily == AddressFamily.InterNetwork ? "IP4" : "IP6")} {address}";
}
