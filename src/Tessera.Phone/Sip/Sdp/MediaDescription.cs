using System.Net;

namespace Tessera.Phone.Sip;

/// <summary>One <c>a=</c> line; without a colon it has no value (RFC 4566 §5.13).</summary>
public sealed record AttributeField(string Name, string? Value = null)
{
    public override string ToString() => Value is null ? Name : $"{Name}:{Value}";
}

/// <summary>One <c>m=</c> line with the lines below it (RFC 4566 §5.14).</summary>
/// <param name="Media">Such as <c>audio</c>.</param>
/// <param name="Port">0 where the stream is refused (RFC 3264 §6).</param>
/// <param name="Protocol">Such as <c>RTP/AVP</c>.</param>
/// <param name="Formats">Payload types, where the protocol is RTP.</param>
public sealed record MediaDescription(string Media, int Port, string Protocol, IReadOnlyList<string> Formats)
{
    /// <summary>The <c>c=</c> line of this stream; null where that of the session counts.</summary>
    public IPAddress? Connection { get; init; }

    public IReadOnlyList<AttributeField> Attributes { get; init; } = [];

    /// <summary>The value of an attribute; null where it is not there.</summary>
    public string? this[string name] =>
        Attributes.FirstOrDefault(attribute => string.Equals(attribute.Name, name, StringComparison.Ordinal))?.Value;

    public bool Equals(MediaDescription? other) =>
        other is not null && Port == other.Port && string.Equals(Media, other.Media, StringComparison.Ordinal)
        && string.Equals(Protocol, other.Protocol, StringComparison.Ordinal)
        && Equals(Connection, other.Connection) && Formats.SequenceEqual(other.Formats, StringComparer.Ordinal)
        && Attributes.SequenceEqual(other.Attributes);

    public override int GetHashCode() => HashCode.Combine(Media, Port, Protocol, Formats.Count, Attributes.Count);
}
