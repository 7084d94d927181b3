using System.Buffers.Binary;
using System.Collections;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Tessera.Wire;

namespace Tessera.Smpp;

/// <summary>One optional parameter of a PDU, a TLV (SMPP 3.4 §5.3.1).</summary>
/// <remarks>
/// <code>
/// tag      2
/// length   2, of the value
/// value
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct OptionalParameter(OptionalTag Tag, Bytes Value)
{
    public static OptionalParameter Of(OptionalTag tag, byte value) => new(tag, new Bytes(new[] { value }));

    public static OptionalParameter Of(OptionalTag tag, ushort value) =>
        new(tag, new Bytes(new[] { (byte)(value >> 8), (byte)value }));

    /// <summary>A C-octet string: the text and a NUL.</summary>
    public static OptionalParameter Of(OptionalTag tag, string value) =>
        new(tag, new Bytes(Encoding.ASCII.GetBytes(value + '\0')));
}

/// <summary>What follows the mandatory fields of a PDU: TLVs in the order they came (SMPP 3.4 §3.2.4).</summary>
[CollectionBuilder(typeof(OptionalParameters), nameof(Of))]
public readonly struct OptionalParameters : IReadOnlyList<OptionalParameter>, IEquatable<OptionalParameters>
{
    internal const string Field = "optional parameters";
    internal const string LengthField = "optional parameter length";
    internal const string PayloadField = "message_payload";

    private readonly Sequence<OptionalParameter> _items;

    private OptionalParameters(Sequence<OptionalParameter> items) => _items = items;

    public int Count => _items.Count;

    public OptionalParameter this[int index] => _items[index];

    /// <exception cref="ArgumentException">A value is not as long as its tag demands.</exception>
    public static OptionalParameters Of(ReadOnlySpan<OptionalParameter> items)
    {
        foreach (var (tag, value) in items)
        {
            if (value.Length > ushort.MaxValue || (tag.FixedLength() is { } length && length != value.Length))
                throw new ArgumentException($"{tag} cannot have {value.Length} octets.", nameof(items));
        }

        return new OptionalParameters(Sequence.Of(items));
    }

    /// <summary>The value of the first of that tag, null where there is none.</summary>
    public Bytes? Find(OptionalTag tag)
    {
        for (var i = 0; i < _items.Count; i++)
        {
            if (_items[i].Tag == tag) return _items[i].Value;
        }

        return null;
    }

    /// <summary>The value of a tag of one octet.</summary>
    public byte? FindByte(OptionalTag tag) => Find(tag) is { Length: 1 } value ? value.Span[0] : null;

    /// <summary>The value of a tag of two octets.</summary>
    public ushort? FindUInt16(OptionalTag tag) =>
        Find(tag) is { Length: 2 } value ? BinaryPrimitives.ReadUInt16BigEndian(value.Span) : null;

    /// <summary>The text of a tag up to its NUL, if it has one.</summary>
    public string? FindText(OptionalTag tag)
    {
        if (Find(tag) is not { } value) return null;
        var end = value.Span.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? value.Span : value.Span[..end]);
    }

    /// <summary>These and one more.</summary>
    public OptionalParameters With(OptionalParameter more) => [.. _items, more];

    public IEnumerator<OptionalParameter> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(OptionalParameters other) => _items == other._items;

    public override bool Equals(object? obj) => obj is OptionalParameters other && Equals(other);

    public override int GetHashCode() => _items.GetHashCode();

    public override string ToString() => $"[{string.Join(", ", _items.Select(item => $"{item.Tag} {item.Value}"))}]";

    public static bool operator ==(OptionalParameters left, OptionalParameters right) => left.Equals(right);

    public static bool operator !=(OptionalParameters left, OptionalParameters right) => !left.Equals(right);

    /// <summary>Takes all that is left of a PDU.</summary>
    internal static OptionalParameters Read(ref ByteReader reader)
    {
        if (reader.Remaining == 0) return default;

        List<OptionalParameter> items = [];
        while (reader.Remaining > 0)
        {
            var tag = (OptionalTag)reader.ReadUInt16(Field);
            var length = reader.ReadUInt16(Field);
            if (tag.FixedLength() is { } needed && needed != length)
                throw new WireFormatException(LengthField, reader.Offset - 2, $"{tag} has {needed}, not {length}");

            items.Add(new OptionalParameter(tag, reader.ReadBytes(length, Field)));
        }

        return new OptionalParameters(Sequence.Of(CollectionsMarshal.AsSpan(items)));
    }

    internal void Write(ByteWriter writer)
    {
        for (var i = 0; i < _items.Count; i++)
        {
            writer.WriteUInt16((ushort)_items[i].Tag);
            writer.WriteUInt16((ushort)_items[i].Value.Length);
            writer.WriteBytes(_items[i].Value);
        }
    }
}
