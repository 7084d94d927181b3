using System.Buffers;
using System.Globalization;
using System.Text;
using Tessera.Wire;

namespace Tessera.Phone.Sip;

/// <summary>What the octets received so far amount to.</summary>
internal enum FrameResult
{
    /// <summary>Less than one message: read more.</summary>
    Incomplete,

    /// <summary>One message.</summary>
    Message,

    /// <summary>CRLF twice: the peer asks whether we are here (RFC 5626 §3.5.1).</summary>
    Ping,

    /// <summary>Nothing behind this can be trusted: close.</summary>
    Broken,
}

/// <summary>Cuts messages out of a stream by their Content-Length, which must be there (RFC 3261 §18.3).</summary>
internal static class SipFramer
{
    public static FrameResult TryRead(ref ReadOnlySequence<byte> buffer, SipLimits limits, out Bytes message)
    {
        message = default;
        if (SkipLineBreaks(ref buffer)) return FrameResult.Ping;
        if (buffer.IsEmpty) return FrameResult.Incomplete;

        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryReadTo(out ReadOnlySequence<byte> head, "\r\n\r\n"u8))
            return buffer.Length > limits.Message ? FrameResult.Broken : FrameResult.Incomplete;

        var length = head.Length + 4 + BodyLength(head.ToArray(), limits);
        if (head.Length > limits.Message || length > limits.Message || length < head.Length) return FrameResult.Broken;
        if (buffer.Length < length) return FrameResult.Incomplete;

        message = new Bytes(buffer.Slice(0, length).ToArray());
        buffer = buffer.Slice(length);
        return FrameResult.Message;
    }

    /// <summary>Drops one CRLF before a message (RFC 3261 §7.5); two of them are a ping.</summary>
    private static bool SkipLineBreaks(ref ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        if (reader.IsNext("\r\n\r\n"u8, advancePast: true))
        {
            buffer = buffer.Slice(reader.Position);
            return true;
        }

        // One CRLF may be the first half of a ping: wait for what follows.
        if (buffer.Length > 3 && reader.IsNext("\r\n"u8, advancePast: true)) buffer = buffer.Slice(reader.Position);
        return false;
    }

    /// <summary>The Content-Length of a header; far below zero where there is none that can be read.</summary>
    private static long BodyLength(ReadOnlySpan<byte> head, SipLimits limits)
    {
        const long broken = int.MinValue;
        long? found = null;
        foreach (var range in head.Split("\r\n"u8))
        {
            var line = head[range];
            var colon = line.IndexOf((byte)':');
            if (colon < 0 || SipGrammar.IsSpace((char)line[0])) continue;
            if (!IsContentLength(Encoding.Latin1.GetString(line[..colon].TrimEnd(" \t"u8)))) continue;
            var digits = line[(colon + 1)..].Trim(" \t"u8);
            if (found is not null
                || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
                return broken;
            found = length;
        }

        return found <= limits.Message ? found.Value : broken;
    }

    private static bool IsContentLength(string name) =>
        name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)
        || name.Equals("l", StringComparison.OrdinalIgnoreCase);
}
