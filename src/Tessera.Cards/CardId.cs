using System.Globalization;
using Tessera.Wire;

namespace Tessera.Cards;

/// <summary>The eight octets that name one card for ever, from its personalisation.</summary>
public readonly record struct CardId(ulong Value) : IWireFormat<CardId>
{
    public const int Length = 8;

    public static CardId Read(ref ByteReader reader) => new(reader.ReadUInt64("card id"));

    public void Write(ByteWriter writer) => writer.WriteUInt64(Value);

    /// <summary>From 16 hexadecimal digits.</summary>
    /// <exception cref="FormatException">Not 16 hexadecimal digits.</exception>
    public static CardId Parse(string hex)
    {
        if (hex.Length != 2 * Length)
            throw new FormatException($"A card id has 16 hexadecimal digits, not {hex.Length}.");
        return new CardId(ulong.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
    }

    public override string ToString() => Value.ToString("X16", CultureInfo.InvariantCulture);
}
