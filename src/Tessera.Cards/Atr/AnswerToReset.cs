using Tessera.Wire;

namespace Tessera.Cards.Atr;

/// <summary>Answer to reset: what a card says of itself when it is powered (ISO/IEC 7816-3 §8.2).</summary>
/// <remarks>
/// <code>
/// TS      3B direct, 3F inverse convention
/// T0      Y1 (high nibble): which of TA1 TB1 TC1 TD1 follow; K (low nibble): historical octets
/// TAi TBi TCi TDi   as Yi tells; TDi carries Yi+1 and a protocol number T
/// T1..TK  historical octets
/// TCK     the exclusive or of all from T0 to TCK is 0; absent when no protocol but T=0 is named
/// </code>
/// At most 32 octets follow TS. Values of T rise, and 15, which names no protocol, is never the first.
/// </remarks>
public sealed record AnswerToReset : IWireFormat<AnswerToReset>
{
    public const int MaxLength = 33;

    private const byte Direct = 0x3B;
    private const byte Inverse = 0x3F;
    private const int GlobalT = 15;

    private AnswerToReset(Bytes octets) => Octets = octets;

    public Bytes Octets { get; }

    public bool IsInverse => Octets.Span[0] == Inverse;

    /// <summary>TA, TB, TC and TD, group by group.</summary>
    public IReadOnlyList<InterfaceOctets> Interface => Parse(Octets).Interface;

    public Bytes Historical => Parse(Octets).Historical;

    /// <summary>The protocols the card offers, the first being the default; T=0 when it names none.</summary>
    public IReadOnlyList<int> Protocols =>
        [.. Named(Interface).Where(t => t != GlobalT).DefaultIfEmpty(0).Distinct()];

    /// <summary>Null when the historical octets say nothing of it.</summary>
    public CardCapabilities? Capabilities => CardCapabilities.OfHistorical(Historical.Span);

    public static AnswerToReset Read(ref ByteReader reader)
    {
        var whole = reader;
        var start = reader.Offset;
        Walk(ref reader);
        return new AnswerToReset(whole.ReadBytes(reader.Offset - start, "ATR"));
    }

    public void Write(ByteWriter writer) => writer.WriteBytes(Octets);

    private static (List<InterfaceOctets> Interface, Bytes Historical) Parse(Bytes octets)
    {
        var reader = new ByteReader(octets.Span);
        return Walk(ref reader);
    }

    private static (List<InterfaceOctets> Interface, Bytes Historical) Walk(ref ByteReader reader)
    {
        var start = reader.Offset;
        var checkedPart = reader;
        var ts = checkedPart.ReadByte("TS");
        if (ts is not (Direct or Inverse)) throw new WireFormatException("TS", start, $"{ts:X2} is no convention");
        reader.ReadByte("TS");

        var t0 = reader.ReadByte("T0");
        var groups = ReadInterface(ref reader, t0 >> 4);
        var historical = reader.ReadBytes(t0 & 0x0F, "historical octets");
        if (Named(groups).Any(t => t != 0))
        {
            reader.ReadByte("TCK");
            var sum = 0;
            foreach (var octet in checkedPart.ReadOctets(reader.Offset - checkedPart.Offset, "TCK")) sum ^= octet;
            if (sum != 0) throw new WireFormatException("TCK", reader.Offset - 1, $"the check sum is off by {sum:X2}");
        }

        if (reader.Offset - start > MaxLength)
            throw new WireFormatException("ATR", start, $"longer than {MaxLength} octets");
        return (groups, historical);
    }

    private static List<InterfaceOctets> ReadInterface(ref ByteReader reader, int y)
    {
        var groups = new List<InterfaceOctets>();
        var lastT = -1;
        while (y != 0)
        {
            var index = groups.Count + 1;
            var group = new InterfaceOctets(
                Optional(ref reader, y & 1, "TA", index),
                Optional(ref reader, y & 2, "TB", index),
                Optional(ref reader, y & 4, "TC", index),
                Optional(ref reader, y & 8, "TD", index));
            groups.Add(group);
            if (group.T is not { } t) break;
            if (t == GlobalT && index == 1) throw new WireFormatException("TD1", reader.Offset - 1, "names T=15");
            if (t < lastT) throw new WireFormatException($"TD{index}", reader.Offset - 1, $"T={t} after T={lastT}");
            lastT = t;
            y = group.Td!.Value >> 4;
        }

        return groups;
    }

    private static byte? Optional(ref ByteReader reader, int present, string name, int index) =>
        present == 0 ? null : reader.ReadByte($"{name}{index}");

    private static IEnumerable<int> Named(IEnumerable<InterfaceOctets> groups) => groups.Select(g => g.T).OfType<int>();
}

/// <summary>The interface octets of one group, null where they are absent (ISO/IEC 7816-3 §8.2.3).</summary>
public sealed record InterfaceOctets(byte? Ta, byte? Tb, byte? Tc, byte? Td)
{
    /// <summary>The value of T in TD: the protocol that the octets of the next group are for.</summary>
    public int? T => Td & 0x0F;
}
