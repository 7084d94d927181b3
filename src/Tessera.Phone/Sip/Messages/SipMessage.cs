using System.Globalization;
using System.Text;
using Tessera.Wire;

namespace Tessera.Phone.Sip;

/// <summary>A request or a response (RFC 3261 §7).</summary>
/// <remarks>
/// <code>
/// INVITE sip:ivr@192.0.2.1 SIP/2.0   or   SIP/2.0 180 Ringing
/// Name: value                             any number of header fields
///                                         an empty line
/// body                                    as long as Content-Length says
/// </code>
/// Every line ends with CRLF. What a header holds is read when it is asked for; in a message that came from a peer all
/// that
/// is asked for here was read once before it is handed out, so it throws no more.
/// </remarks>
public abstract record SipMessage(SipHeaders Headers)
{
    public Bytes Body { get; init; }

    public IReadOnlyList<Via> Vias => [.. Headers.List("Via").Select(via => Via.Read(via.Value, via.Name, via.Offset))];

    /// <summary>The last station: who gets the response.</summary>
    public Via Via => Vias[0];

    public NameAddress From => Read("From", NameAddress.Read);

    public NameAddress To => Read("To", NameAddress.Read);

    public string CallId => Required("Call-ID").Value;

    public CSeq CSeq => Read("CSeq", CSeq.Read);

    /// <summary>How many more hops the request may make; null where it does not say.</summary>
    public int? MaxForwards => (int?)Number("Max-Forwards", byte.MaxValue);

    /// <summary>Seconds; null where it does not say.</summary>
    public uint? Expires => Number("Expires", uint.MaxValue);

    public IReadOnlyList<NameAddress> Contacts => HasWildcardContact ? [] : Addresses("Contact");

    /// <summary><c>Contact: *</c>, which removes every binding (RFC 3261 §10.2.2).</summary>
    public bool HasWildcardContact => Headers["Contact"] is "*";

    public IReadOnlyList<NameAddress> Routes => Addresses("Route");

    public IReadOnlyList<NameAddress> RecordRoutes => Addresses("Record-Route");

    public IEnumerable<string> Require =>
        Headers.List("Require").Select(header => header.Value).Where(tag => tag.Length > 0);

    /// <summary>
    /// The media type of the body, in small letters and without parameters; null where there is none.
    /// </summary>
    public string? ContentType => Headers["Content-Type"]?.Split(';')[0].Trim().ToLowerInvariant();

    protected abstract string StartLine { get; }

    /// <summary>Reads one message that takes all the octets, as a datagram does.</summary>
    /// <exception cref="SipFormatException">The octets are no message, or one above the limits.</exception>
    public static SipMessage Read(ReadOnlySpan<byte> octets, SipLimits? limits = null) =>
        new SipReader(octets, limits ?? SipLimits.Default).ReadMessage();

    public Bytes ToBytes()
    {
        var text = new StringBuilder(StartLine).Append("\r\n");
        foreach (var header in Headers) text.Append(header).Append("\r\n");
        text.Append(CultureInfo.InvariantCulture, $"Content-Length: {Body.Length}\r\n\r\n");
        return new Bytes((byte[])[.. Encoding.UTF8.GetBytes(text.ToString()), .. Body.Span]);
    }

    internal IReadOnlyList<NameAddress> Addresses(string name) =>
        [.. Headers.List(name).Select(header => NameAddress.Read(header.Value, header.Name, header.Offset))];

    private T Read<T>(string name, Func<string, string, int, T> read)
    {
        var header = Required(name);
        return read(header.Value, header.Name, header.Offset);
    }

    private SipHeader Required(string name) =>
        Headers.Find(name) ?? throw new WireFormatException(name, 0, "is missing");

    private uint? Number(string name, uint max)
    {
        if (Headers.Find(name) is not { } header) return null;
        var scanner = new SipScanner(header.Value, header.Name, header.Offset);
        var number = scanner.TakeNumber(max, "the value");
        scanner.TakeEnd();
        return number;
    }
}

/// <summary>A request (RFC 3261 §7.1).</summary>
public sealed record SipRequest(string Method, SipUri Uri, SipHeaders Headers) : SipMessage(Headers)
{
    protected override string StartLine => $"{Method} {Uri} SIP/2.0";
}

/// <summary>A response (RFC 3261 §7.2).</summary>
public sealed record SipResponse(SipStatus Status, SipHeaders Headers) : SipMessage(Headers)
{
    public string Reason { get; init; } = Status.Reason();

    protected override string StartLine =>
        string.Create(CultureInfo.InvariantCulture, $"SIP/2.0 {(int)Status:D3} {Reason}");
}
