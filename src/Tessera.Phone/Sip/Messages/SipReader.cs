using System.Globalization;
using System.Text;
using Tessera.Wire;

namespace Tessera.Phone.Sip;

/// <summary>Reads one whole message, and finds the header of a broken one, so that it can be answered.</summary>
internal ref struct SipReader(ReadOnlySpan<byte> octets, SipLimits limits)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Those that stand once (RFC 3261 §7.3.1), as far as we read them.</summary>
    private static readonly string[] Single =
    [
        "From", "To", "Call-ID", "CSeq", "Max-Forwards", "Content-Length", "Content-Type", "Expires", "Min-Expires",
        "Content-Disposition",
    ];

    private readonly ReadOnlySpan<byte> _octets = octets;
    private readonly List<SipHeader> _headers = [];
    private WireFormatException? _fault;

    public SipMessage ReadMessage()
    {
        if (_octets.Length > limits.Message)
            throw new SipFormatException("message", 0, $"more than {limits.Message} octets");
        var end = _octets.IndexOf("\r\n\r\n"u8);
        if (end < 0) throw new SipFormatException("header", _octets.Length, "does not end");

        var first = _octets.IndexOf("\r\n"u8);
        var isResponse = _octets[..first].StartsWith("SIP/"u8);
        ReadHeaders(first + 2, end + 2);
        var at = 0;
        try
        {
            if (_fault is not null) throw _fault;
            var message = ReadStart(Text(_octets[..first], "start line", 0));
            at = end + 4;
            message = message with { Body = ReadBody(at) };
            Check(message);
            return message with { Headers = [.. _headers.Where(header => !header.Is("Content-Length"))] };
        }
        catch (WireFormatException e)
        {
            var status = (e as SipFormatException)?.Status ?? SipStatus.BadRequest;
            throw new SipFormatException(e.Field, e.Offset, e.Reason, status)
            {
                Answerable = isResponse ? null : [.. _headers],
            };
        }
    }

    /// <summary>Reads all header fields; a broken one is noted, those behind it are read too.</summary>
    private void ReadHeaders(int from, int end)
    {
        while (from < end)
        {
            var length = LineLength(from, end);
            if (_headers.Count == limits.Headers)
            {
                _fault ??= new WireFormatException("header", from, $"more than {limits.Headers} fields");
                return;
            }

            try
            {
                if (length > limits.Header)
                    throw new WireFormatException("header", from, $"more than {limits.Header} octets");
                _headers.Add(ReadHeader(_octets.Slice(from, length), from));
            }
            catch (WireFormatException e)
            {
                _fault ??= e;
            }

            from += length + 2;
        }
    }

    /// <summary>Octets of a line with its continuations (RFC 3261 §7.3.1), without the CRLF that ends it.</summary>
    private readonly int LineLength(int from, int end)
    {
        for (var at = from; ; at += 2)
        {
            at += _octets[at..end].IndexOf("\r\n"u8);
            if (at + 2 >= end || !SipGrammar.IsSpace((char)_octets[at + 2])) return at - from;
        }
    }

    private static SipHeader ReadHeader(ReadOnlySpan<byte> line, int at)
    {
        var text = Text(line, "header", at);
        var scanner = new SipScanner(text, "header", at);
        var name = scanner.TakeToken("the name");
        scanner.Take(':');
        var parts = scanner.Rest.ToString().Split("\r\n").Select(part => part.Trim(' ', '\t'));
        var value = string.Join(' ', parts).Trim(' ');
        if (value.AsSpan().IndexOfAny('\r', '\n') is var bare and >= 0)
            throw new WireFormatException(name, at + scanner.At + bare, "a line break that is none");
        return new SipHeader(SipHeader.LongName(name), value) { Offset = at + scanner.At };
    }

    private static string Text(ReadOnlySpan<byte> octets, string field, int at)
    {
        try
        {
            return Utf8.GetString(octets);
        }
        catch (DecoderFallbackException e)
        {
            throw new WireFormatException(field, at + e.Index, "is no UTF-8");
        }
    }

    private readonly SipMessage ReadStart(string line) =>
        line.StartsWith("SIP/", StringComparison.OrdinalIgnoreCase) ? ReadStatusLine(line) : ReadRequestLine(line);

    private static SipResponse ReadStatusLine(string line)
    {
        if (line.Split(' ', 3) is not [var version, { Length: 3 } code, var reason])
            throw new WireFormatException("status line", 0, "is not version, status of three digits and reason");
        CheckVersion(version, 0);
        if (!int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            || status is < 100 or > 699)
            throw new WireFormatException("status", 8, $"'{code}' is no status");
        if (reason.AsSpan().IndexOfAny('\r', '\n') >= 0)
            throw new WireFormatException("reason", 12, "a line break inside");
        return new SipResponse((SipStatus)status, []) { Reason = reason };
    }

    private readonly SipRequest ReadRequestLine(string line)
    {
        if (line.Split(' ') is not [{ Length: > 0 } method, { Length: > 0 } uri, { Length: > 0 } version])
            throw new WireFormatException("request line", 0, "is not method, URI and version with one space between");
        var scanner = new SipScanner(method, "method", 0);
        scanner.TakeToken("the method");
        scanner.TakeEnd();
        CheckVersion(version, method.Length + uri.Length + 2);
        if (uri.Length > limits.RequestUri)
        {
            throw new SipFormatException(
                "Request-URI", method.Length + 1, $"more than {limits.RequestUri} octets", SipStatus.RequestUriTooLong);
        }

        var read = SipUri.Read(uri, "Request-URI", method.Length + 1);
        return read.Headers is null
            ? new SipRequest(method, read, [])
            : throw new WireFormatException("Request-URI", method.Length + 1, "no headers may stand in it");
    }

    private static void CheckVersion(string version, int at)
    {
        if (version.Equals("SIP/2.0", StringComparison.OrdinalIgnoreCase)) return;
        if (!version.StartsWith("SIP/", StringComparison.OrdinalIgnoreCase))
            throw new WireFormatException("version", at, $"'{version}' is no SIP version");
        throw new SipFormatException("version", at, $"'{version}' is not SIP/2.0", SipStatus.VersionNotSupported);
    }

    /// <summary>
    /// A datagram without Content-Length is body to its end; octets behind the body are dropped (RFC 3261 §18.3).
    /// </summary>
    private readonly Bytes ReadBody(int at)
    {
        var rest = _octets[at..];
        if (_headers.Find(header => header.Is("Content-Length")) is { } header)
        {
            var scanner = new SipScanner(header.Value, header.Name, header.Offset);
            var length = scanner.TakeNumber(int.MaxValue, "the length");
            scanner.TakeEnd();
            if (length > rest.Length) throw scanner.Broken($"{length} octets, of which {rest.Length} came");
            rest = rest[..(int)length];
        }

        return rest.Length <= limits.Body
            ? Bytes.CopyOf(rest)
            : throw new SipFormatException("body", at, $"more than {limits.Body} octets", SipStatus.MessageTooLarge);
    }

    /// <summary>Reads all that will be asked for, once.</summary>
    private readonly void Check(SipMessage start)
    {
        foreach (var name in Single)
        {
            if (_headers.Where(header => header.Is(name)).Skip(1).FirstOrDefault() is { } second)
                throw new WireFormatException(name, second.Offset, "stands twice");
        }

        var message = start with { Headers = [.. _headers] };
        if (message.Vias is []) throw new WireFormatException("Via", 0, "is missing");
        _ = (message.From, message.To, message.CSeq, message.MaxForwards, message.Expires);
        _ = (message.Contacts, message.Routes, message.RecordRoutes, message.Addresses("P-Asserted-Identity"));
        CheckCallId(message);
        if (message is SipRequest request && !request.Method.Equals(message.CSeq.Method, StringComparison.Ordinal))
            throw new WireFormatException("CSeq", message.Headers.Find("CSeq")!.Offset, "names another method");
    }

    private static void CheckCallId(SipMessage message)
    {
        var scanner = new SipScanner(message.CallId, "Call-ID", message.Headers.Find("Call-ID")!.Offset);
        scanner.Take(SipGrammar.Word, "the word");
        if (scanner.Next == '@')
        {
            scanner.TakeUntil('@');
            scanner.Take(SipGrammar.Word, "the word behind @");
        }

        scanner.TakeEnd();
    }
}
