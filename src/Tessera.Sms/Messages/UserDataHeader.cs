using Tessera.Wire;

namespace Tessera.Sms.Messages;

/// <summary>One element of a user data header (3GPP TS 23.040 §9.2.3.24).</summary>
public readonly record struct InformationElement(byte Id, Bytes Value)
{
    public const byte Concatenation8 = 0x00;
    public const byte Concatenation16 = 0x08;
    public const byte CommandPacket = 0x70;
    public const byte ResponsePacket = 0x71;
}

/// <summary>Which part of which message this is (3GPP TS 23.040 §9.2.3.24.1 and .8).</summary>
/// <param name="Number">From 1.</param>
/// <param name="IsWide">The reference has 16 bits.</param>
public readonly record struct Concatenation(ushort Reference, byte Total, byte Number, bool IsWide)
{
    internal static Concatenation? Of(InformationElement element) => element.Value.Span switch
    {
        [var reference, var total, var number] when element.Id == InformationElement.Concatenation8 =>
            new Concatenation(reference, total, number, IsWide: false),
        [var high, var low, var total, var number] when element.Id == InformationElement.Concatenation16 =>
            new Concatenation((ushort)((high << 8) | low), total, number, IsWide: true),
        _ => null,
    };

    public InformationElement ToElement() => IsWide
        ? new InformationElement(
            InformationElement.Concatenation16, Bytes.CopyOf([(byte)(Reference >> 8), (byte)Reference, Total, Number]))
        : new InformationElement(InformationElement.Concatenation8, Bytes.CopyOf([(byte)Reference, Total, Number]));
}

/// <summary>What stands before the data of a message: elements, each with an identifier.</summary>
/// <remarks>
/// <code>
/// UDHL   1   octets that follow
/// each:  identifier 1, length 1, value
/// </code>
/// </remarks>
public readonly record struct UserDataHeader(Sequence<InformationElement> Elements) : IWireFormat<UserDataHeader>
{
    public static UserDataHeader None => default;

    public bool IsEmpty => Elements.Count == 0;

    /// <summary>Octets with its length; 0 where there is none.</summary>
    public int Length
    {
        get
        {
            var length = IsEmpty ? 0 : 1;
            foreach (var element in Elements) length += 2 + element.Value.Length;
            return length;
        }
    }

    /// <summary>
    /// Null where the message is whole, and where a total or number is impossible, which a receiver passes over.
    /// </summary>
    public Concatenation? Concatenation
    {
        get
        {
            // Of elements that say different things the last counts (3GPP TS 23.040 §9.2.3.24).
            Concatenation? found = null;
            foreach (var element in Elements)
            {
                var read = Messages.Concatenation.Of(element);
                if (read is { Total: > 0, Number: > 0 } possible && possible.Number <= possible.Total) found = read;
            }

            return found;
        }
    }

    public bool Has(byte id)
    {
        foreach (var element in Elements)
        {
            if (element.Id == id) return true;
        }

        return false;
    }

    /// <summary>The same without its concatenation: what the message says as a whole.</summary>
    public UserDataHeader WithoutConcatenation() => new(Elements
        .Where(element => element.Id is not (InformationElement.Concatenation8 or InformationElement.Concatenation16))
        .ToSequence());

    public static UserDataHeader Read(ref ByteReader reader)
    {
        var length = reader.ReadByte("UDHL");
        var at = reader.Offset;
        var inner = new ByteReader(reader.ReadOctets(length, "UDH"));
        List<InformationElement> elements = [];
        while (inner.Remaining > 0)
        {
            var id = inner.ReadByte("IEI");
            var size = inner.Remaining > 0 ? inner.ReadByte("IEIDL") : throw Cut(at + inner.Offset);
            if (size > inner.Remaining) throw Cut(at + inner.Offset);
            elements.Add(new InformationElement(id, inner.ReadBytes(size, "IEID")));
        }

        return new UserDataHeader(elements.ToSequence());
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteByte(checked((byte)(Math.Max(Length, 1) - 1)));
        foreach (var element in Elements)
        {
            writer.WriteByte(element.Id);
            writer.WriteByte((byte)element.Value.Length);
            writer.WriteBytes(element.Value);
        }
    }

    private static WireFormatException Cut(int at) => new("UDH", at, "an element is longer than the header");
}
