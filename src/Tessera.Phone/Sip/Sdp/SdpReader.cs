using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Tessera.Wire;

namespace Tessera.Phone.Sip;

/// <summary>Reads a session description line by line (RFC 4566 §9); lines end with CRLF, or with LF alone.</summary>
internal ref struct SdpReader(ReadOnlySpan<byte> octets)
{
    private const int MaxMedia = 16;
    private const int MaxAttributes = 128;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _octets = octets;
    private int _next;
    private int _at;
    private char _type;
    private string _value = "";

    public SessionDescription ReadSession()
    {
        Expect('v');
        if (_value is not "0") throw Broken("v", $"'{_value}' is no version we know");
        Expect('o');
        var origin = ReadOrigin();
        Expect('s');
        var name = _value;

        var (connection, timed) = ((IPAddress?)null, false);
        List<AttributeField> attributes = [];
        var more = Advance();
        for (; more && _type != 'm'; more = Advance())
        {
            if (_type == 'c') connection = ReadConnection();
            else if (_type == 'a') Add(attributes);
            else if (_type == 't') timed = true;
            else if (!"iuepbrzk".Contains(_type, StringComparison.Ordinal))
                throw Broken("line", $"'{_type}=' does not belong here");
        }

        if (!timed) throw Broken("t", "is missing");
        List<MediaDescription> media = [];
        while (more)
        {
            if (media.Count == MaxMedia) throw Broken("m", $"more than {MaxMedia} streams");
            media.Add(ReadMedia(connection is not null, out more));
        }

        return new SessionDescription(origin, media)
        {
            Name = name, Connection = connection, Attributes = attributes,
        };
    }

    private SdpOrigin ReadOrigin() =>
        _value.Split(' ') is [var user, var session, var version, var net, var type, var address]
        && ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? new SdpOrigin(user, session, number, ReadOriginAddress(net, type, address))
        : throw Broken("o", "is not user, session, version, network, type and address");

    private IPAddress? ReadConnection() => _value.Split(' ') is [var net, var type, var address]
        ? ReadAddress("c", net, type, address) ?? throw Broken("c", $"'{address}' is no address")
        : throw Broken("c", "is not network, type and address");

    /// <summary>A host name may stand here; it is of no use to us.</summary>
    private readonly IPAddress ReadOriginAddress(string net, string type, string text) =>
        ReadAddress("o", net, type, text) ?? (type is "IP4" ? IPAddress.Any : IPAddress.IPv6Any);

    private readonly IPAddress? ReadAddress(string field, string net, string type, string text)
    {
        var family = type switch
        {
            "IP4" => AddressFamily.InterNetwork,
            "IP6" => AddressFamily.InterNetworkV6,
            _ => throw Broken(field, $"'{type}' is no address type"),
        };
        if (net is not "IN") throw Broken(field, $"'{net}' is no network");
        return IPAddress.TryParse(text.Split('/')[0], out var address) && address.AddressFamily == family
            ? address
            : null;
    }

    private MediaDescription ReadMedia(bool connected, out bool more)
    {
        var at = _at;
        var parts = _value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts is not [var media, var ports, var protocol, _, ..]
            || !ushort.TryParse(ports.Split('/')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            throw Broken("m", "is not media, port, protocol and formats");

        IPAddress? connection = null;
        List<AttributeField> attributes = [];
        for (more = Advance(); more && _type != 'm'; more = Advance())
        {
            if (_type == 'c') connection ??= ReadConnection();
            else if (_type == 'a') Add(attributes);
            else if (!"ibk".Contains(_type, StringComparison.Ordinal))
                throw Broken("line", $"'{_type}=' does not belong here");
        }

        if (!connected && connection is null && port != 0) throw new WireFormatException("c", at, "is missing");
        return new MediaDescription(media, port, protocol, parts[3..])
        {
            Connection = connection, Attributes = attributes,
        };
    }

    private readonly void Add(List<AttributeField> attributes)
    {
        if (attributes.Count == MaxAttributes) throw Broken("a", $"more than {MaxAttributes} attributes");
        var colon = _value.IndexOf(':', StringComparison.Ordinal);
        if (_value.Length == 0 || colon == 0) throw Broken("a", "has no name");
        attributes.Add(colon < 0
            ? new AttributeField(_value)
            : new AttributeField(_value[..colon], _value[(colon + 1)..]));
    }

    private void Expect(char type)
    {
        if (!Advance() || _type != type) throw Broken($"{type}", "is missing");
    }

    private bool Advance()
    {
        _at = _next;
        var rest = _octets[_next..];
        if (rest.IsEmpty) return false;

        var end = rest.IndexOf((byte)'\n');
        if (end < 0) throw Broken("line", "does not end");
        _next += end + 1;
        var line = rest[..end];
        if (line is [.., (byte)'\r']) line = line[..^1];
        if (line.Length < 2 || line[1] != '=') throw Broken("line", "is not type=value");
        if (line.IndexOfAny((byte)'\r', (byte)0) >= 0) throw Broken("line", "has CR or NUL inside");

        _type = (char)line[0];
        try
        {
            _value = Utf8.GetString(line[2..]);
        }
        catch (DecoderFallbackException)
        {
            throw Broken($"{_type}", "is no UTF-8");
        }

        return true;
    }

    private readonly WireFormatException Broken(string field, string reason) => new($"SDP {field}", _at, reason);
}
