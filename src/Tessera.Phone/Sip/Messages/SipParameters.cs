using System.Collections;
using System.Runtime.CompilerServices;
using System.Text;

namespace Tessera.Phone.Sip;

/// <summary>One <c>;name=value</c>, or <c>;name</c> alone.</summary>
/// <param name="IsQuoted">The value stands in quotes, and may hold anything.</param>
public sealed record SipParameter(string Name, string? Value = null, bool IsQuoted = false)
{
    public override string ToString() => Value is null ? Name : $"{Name}={(IsQuoted ? Quoted(Value) : Value)}";

    /// <summary>The text as a quoted string (RFC 3261 §25.1).</summary>
    internal static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"", text.Length + 2);
        foreach (var c in text)
        {
            if (c is '\r' or '\n')
                throw new ArgumentException("No line break can stand in a quoted string.", nameof(text));
            if (c is '"' or '\\' or '\x7F' || (c < ' ' && c != '\t')) quoted.Append('\\');
            quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }
}

/// <summary>The parameters of a URI or of a header; names compare without regard to case.</summary>
[CollectionBuilder(typeof(SipParameters), nameof(Create))]
public sealed class SipParameters : IReadOnlyList<SipParameter>, IEquatable<SipParameters>
{
    private readonly SipParameter[] _items;

    private SipParameters(SipParameter[] items) => _items = items;

    public static SipParameters Empty { get; } = new([]);

    public int Count => _items.Length;

    public SipParameter this[int index] => _items[index];

    /// <summary>The value of a parameter; null where it is not there, empty where it has none.</summary>
    public string? this[string name] => Find(name) is { } found ? found.Value ?? "" : null;

    public static SipParameters Create(ReadOnlySpan<SipParameter> items) =>
        items.IsEmpty ? Empty : new(items.ToArray());

    public bool Contains(string name) => Find(name) is not null;

    /// <summary>These, with that one in its old place, or as the last.</summary>
    public SipParameters With(string name, string? value)
    {
        var added = new SipParameter(name, value);
        return Contains(name) ? [.. _items.Select(item => Is(item, name) ? added : item)] : [.. _items, added];
    }

    public bool Equals(SipParameters? other) => other is not null && _items.AsSpan().SequenceEqual(other._items);

    public override bool Equals(object? obj) => Equals(obj as SipParameters);

    public override int GetHashCode() => _items.Aggregate(0, HashCode.Combine);

    public override string ToString() => string.Concat(_items.Select(item => $";{item}"));

    public IEnumerator<SipParameter> GetEnumerator() => _items.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private SipParameter? Find(string name) => Array.Find(_items, item => Is(item, name));

    private static bool Is(SipParameter item, string name) =>
        item.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
