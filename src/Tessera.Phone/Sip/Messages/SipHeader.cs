namespace Tessera.Phone.Sip;

/// <summary>One header field; names compare without regard to case.</summary>
/// <param name="Name">In its long form.</param>
/// <param name="Value">Unfolded, without white space around it.</param>
public sealed record SipHeader(string Name, string Value)
{
    private static readonly Dictionary<char, string> Compact = new()
    {
        ['a'] = "Accept-Contact", ['b'] = "Referred-By", ['c'] = "Content-Type", ['e'] = "Content-Encoding",
        ['f'] = "From", ['i'] = "Call-ID", ['k'] = "Supported", ['l'] = "Content-Length", ['m'] = "Contact",
        ['o'] = "Event", ['r'] = "Refer-To", ['s'] = "Subject", ['t'] = "To", ['u'] = "Allow-Events", ['v'] = "Via",
    };

    public string Value { get; } = Value.AsSpan().IndexOfAny('\r', '\n') < 0
        ? Value
        : throw new ArgumentException($"No line break can stand in {Name}.", nameof(Value));

    /// <summary>Octets of its message before the value.</summary>
    internal int Offset { get; init; }

    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    public bool Equals(SipHeader? other) =>
        other is not null && Is(other.Name) && Value.Equals(other.Value, StringComparison.Ordinal);

    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => $"{Name}: {Value}";

    /// <summary>The long form of a name (RFC 3261 §7.3.3).</summary>
    internal static string LongName(string name) =>
        name.Length == 1 && Compact.TryGetValue(char.ToLowerInvariant(name[0]), out var known) ? known : name;
}
