using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Cards.Biometrics;

/// <summary>
/// The minutiae of one finger as a card compares them (docs/protocols/finger.md §1); zeroed when disposed, never printed.
/// </summary>
/// <remarks>
/// <code>
/// 7F2E L { 81 L { x 1 | y 1 | type and angle 1 } }      1 to 60 minutiae, by y, then x, no two in one place
/// </code>
/// </remarks>
public sealed class FingerTemplate : IWireFormat<FingerTemplate>, IEquatable<FingerTemplate>, IDisposable
{
    public const int MaxMinutiae = 60;

    /// <summary>Octets of the shortest template, with one minutia.</summary>
    public const int MinLength = 8;

    /// <summary>Octets of the longest template.</summary>
    public const int MaxLength = 187;

    private const ushort TemplateTag = 0x7F2E;
    private const ushort MinutiaeTag = 0x81;

    private readonly byte[] _octets;
    private readonly int _first;
    private bool _disposed;

    private FingerTemplate(ReadOnlySpan<byte> minutiae)
    {
        Count = minutiae.Length / FingerMinutia.Length;
        var head = Bytes.Of(output =>
        {
            var writer = new ByteWriter(output);
            writer.WriteUInt16(TemplateTag);
            Tlv.WriteLength(writer, HeadLength + Count * FingerMinutia.Length);
            writer.WriteByte((byte)MinutiaeTag);
            Tlv.WriteLength(writer, Count * FingerMinutia.Length);
        });
        _first = head.Length;
        _octets = new byte[_first + minutiae.Length];
        head.Span.CopyTo(_octets);
        minutiae.CopyTo(_octets.AsSpan(_first));
    }

    /// <summary>Number of minutiae, 1 to 60.</summary>
    public int Count { get; }

    private int HeadLength => Count * FingerMinutia.Length < 0x80 ? 2 : 3;

    public FingerMinutia this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            var reader = new ByteReader(Reveal()[(_first + (index * FingerMinutia.Length))..]);
            return FingerMinutia.Read(ref reader);
        }
    }

    /// <summary>A template of minutiae in any order.</summary>
    /// <exception cref="ArgumentException">None, more than 60, two in one place, an angle above 63.</exception>
    public static FingerTemplate Of(IEnumerable<FingerMinutia> minutiae)
    {
        FingerMinutia[] sorted = [.. minutiae.OrderBy(minutia => minutia.Y).ThenBy(minutia => minutia.X)];
        if (sorted.Any(minutia => minutia.Angle >= FingerMinutia.Circle || !Enum.IsDefined(minutia.Type)))
            throw new ArgumentException("An angle is 0 to 63, a type one that is known.", nameof(minutiae));

        var octets = new byte[sorted.Length * FingerMinutia.Length];
        for (var i = 0; i < sorted.Length; i++)
        {
            var (x, y, type, angle) = sorted[i];
            ReadOnlySpan<byte> minutia = [x, y, (byte)(((int)type << 6) | angle)];
            minutia.CopyTo(octets.AsSpan(i * FingerMinutia.Length));
        }

        try
        {
            Check(octets);
            return new FingerTemplate(octets);
        }
        catch (WireFormatException bad)
        {
            throw new ArgumentException(bad.Message, nameof(minutiae), bad);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
        }
    }

    public static FingerTemplate Read(ref ByteReader reader)
    {
        var template = new ByteReader(Tlv.ReadExpected(ref reader, TemplateTag, "finger template"));
        var minutiae = Tlv.ReadExpected(ref template, MinutiaeTag, "finger minutiae");
        template.ReadEnd("finger template");
        Check(minutiae);
        return new FingerTemplate(minutiae);
    }

    /// <summary>Minutiae alone, as a PIV card takes them (NIST SP 800-73-5 part 2, VERIFY of OCC data).</summary>
    /// <exception cref="WireFormatException">They break a rule of the template.</exception>
    public static FingerTemplate OfMinutiae(ReadOnlySpan<byte> minutiae)
    {
        Check(minutiae);
        return new FingerTemplate(minutiae);
    }

    /// <summary>The minutiae of a template, octets of it. Do not keep a copy.</summary>
    /// <exception cref="WireFormatException">It is none.</exception>
    public static ReadOnlySpan<byte> MinutiaeOf(ReadOnlySpan<byte> template)
    {
        var reader = new ByteReader(template);
        using var read = Read(ref reader);
        return template[(reader.Offset - (read.Count * FingerMinutia.Length))..reader.Offset];
    }

    public void Write(ByteWriter writer) => writer.WriteOctets(Reveal());

    /// <summary>The octets themselves, as they go to a card. Do not keep a copy.</summary>
    public ReadOnlySpan<byte> Reveal() => Memory.Span;

    /// <summary>Good until the template is disposed; then they are zero.</summary>
    internal ReadOnlyMemory<byte> Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _octets;
        }
    }

    public bool Equals(FingerTemplate? other) =>
        other is not null && CryptographicOperations.FixedTimeEquals(_octets, other._octets);

    public override bool Equals(object? obj) => Equals(obj as FingerTemplate);

    /// <summary>Says nothing of the finger.</summary>
    public override int GetHashCode() => Count;

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_octets);
    }

    public override string ToString() => nameof(FingerTemplate);

    /// <summary>Whole minutiae, 1 to 60, each behind the one before it.</summary>
    private static void Check(ReadOnlySpan<byte> minutiae)
    {
        if (minutiae.Length % FingerMinutia.Length != 0)
            throw new WireFormatException("finger minutiae", 0, $"{minutiae.Length} octets are no whole minutiae");
        if (minutiae.IsEmpty || minutiae.Length > MaxMinutiae * FingerMinutia.Length)
            throw new WireFormatException(
                "finger minutiae", 0, $"1 to {MaxMinutiae} are allowed, not {minutiae.Length / FingerMinutia.Length}");

        var reader = new ByteReader(minutiae);
        var before = -1;
        while (reader.Remaining > 0)
        {
            var at = reader.Offset;
            var minutia = FingerMinutia.Read(ref reader);
            var place = (minutia.Y << 8) | minutia.X;
            if (place <= before) throw new WireFormatException("finger minutiae", at, "are not in ascending order of y, x");
            before = place;
        }
    }
}
