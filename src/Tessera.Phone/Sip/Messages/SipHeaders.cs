using System.Collections;
using System.Runtime.CompilerServices;

namespace Tessera.Phone.Sip;

/// <summary>
/// The header fields of a message, in their order; Content-Length is not among them, the body tells it.
/// </summary>
[CollectionBuilder(typeof(SipHeaders), nameof(Create))]
public sealed class SipHeaders : IReadOnlyList<SipHeader>, IEquatable<SipHeaders>
{
    private readonly SipHeader[] _items;

    private SipHeaders(SipHeader[] items) => _items = items;

    public int Count => _items.Length;

    public SipHeader this[int index] => _items[index];

    /// <summary>The first value of that name; null where there is none.</summary>
    public string? this[string name] => Find(name)?.Value;

    public static SipHeaders Create(ReadOnlySpan<SipHeader> items) => new(items.ToArray());

    public SipHeader? Find(string name) => Array.Find(_items, item => item.Is(name));

    public IEnumerable<SipHeader> Named(string name) => _items.Where(item => item.Is(name));

    /// <summary>The elements of a header that is a list, whether in one field or in many (RFC 3261 §7.3.1).</summary>
    /// <remarks>Each is a header field of its own.</remarks>
    public IEnumerable<SipHeader> List(string name) => Named(name).SelectMany(Split);

    /// <summary>These, where all of that name are put away and one takes the place of the first.</summary>
    public SipHeaders With(SipHeader header)
    {
        var at = Array.FindIndex(_items, item => item.Is(header.Name));
        if (at < 0) return [.. _items, header];
        return [.. _items[..at], header, .. _items[(at + 1)..].Where(item => !item.Is(header.Name))];
    }

    public bool Equals(SipHeaders? other) => other is not null && _items.AsSpan().SequenceEqual(other._items);

    public override bool Equals(object? obj) => Equals(obj as SipHeaders);

    public override int GetHashCode() => _items.Aggregate(0, HashCode.Combine);

    public override string ToString() => string.Join('\n', _items.AsEnumerable());

    public IEnumerator<SipHeader> GetEnumerator() => _items.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Cuts at every comma that stands neither in quotes nor in angle brackets.</summary>
    private static IEnumerable<SipHeader> Split(SipHeader header)
    {
        var (start, quoted, bracketed) = (0, false, false);
        var value = header.Value;
        for (var i = 0; i <= value.Length; i++)
        {
            if (i == value.Length || (value[i] == ',' && !quoted && !bracketed))
            {
                var part = value[start..i];
                var trimmed = part.TrimStart();
                yield return new SipHeader(header.Name, trimmed.TrimEnd())
                {
                    Offset = header.Offset + start + part.Length - trimmed.Length,
                };
                start = i + 1;
            }
            else if (quoted && value[i] == '\\')
            {
                i++;
            }
            else if (value[i] == '"' && !bracketed)
            {
                quoted = !quoted;
            }
            else if (!quoted && value[i] is '<' or '>')
            {
                bracketed = value[i] == '<';
            }
        }
    }
}
