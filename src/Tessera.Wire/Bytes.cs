using System.Buffers;

namespace Tessera.Wire;

/// <summary>
/// An immutable run of octets compared by content, so a record that carries one compares by content too.
/// </summary>
/// <remarks>The constructor does not copy: the caller must not change <paramref name="memory"/> afterwards.</remarks>
public readonly struct Bytes(ReadOnlyMemory<byte> memory) : IEquatable<Bytes>
{
    private readonly ReadOnlyMemory<byte> _memory = memory;

    public static Bytes Empty => default;

    public int Length => _memory.Length;

    public ReadOnlySpan<byte> Span => _memory.Span;

    public ReadOnlyMemory<byte> Memory => _memory;

    public static Bytes CopyOf(ReadOnlySpan<byte> octets) => octets.IsEmpty ? Empty : new Bytes(octets.ToArray());

    /// <summary>What <paramref name="write"/> emits.</summary>
    public static Bytes Of(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return new Bytes(output.WrittenMemory);
    }

    /// <summary>The one encoding of <paramref name="value"/>.</summary>
    public static Bytes Of<T>(T value) where T : IWireFormat<T>
    {
        var output = new ArrayBufferWriter<byte>();
        value.Write(new ByteWriter(output));
        return new Bytes(output.WrittenMemory);
    }

    /// <summary>Reads one value that must take all the octets.</summary>
    /// <exception cref="WireFormatException">The octets are not exactly one <typeparamref name="T"/>.</exception>
    public T Read<T>() where T : IWireFormat<T>
    {
        var reader = new ByteReader(Span);
        var value = T.Read(ref reader);
        reader.ReadEnd(typeof(T).Name);
        return value;
    }

    /// <summary>Octets from hexadecimal digits; white space between them is allowed.</summary>
    /// <exception cref="FormatException">A character is no digit, or one digit is left over.</exception>
    public static Bytes FromHex(ReadOnlySpan<char> hex)
    {
        var digits = new char[hex.Length];
        var count = 0;
        foreach (var c in hex)
        {
            if (!char.IsWhiteSpace(c)) digits[count++] = c;
        }

        return new Bytes(Convert.FromHexString(digits.AsSpan(0, count)));
    }

    public byte[] ToArray() => Span.ToArray();

    public bool Equals(Bytes other) => Span.SequenceEqual(other.Span);

    public override bool Equals(object? obj) => obj is Bytes other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    public override string ToString() => Convert.ToHexString(Span);

    public static bool operator ==(Bytes left, Bytes right) => left.Equals(right);

    public static bool operator !=(Bytes left, Bytes right) => !left.Equals(right);
}
