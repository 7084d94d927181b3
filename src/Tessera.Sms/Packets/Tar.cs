using System.Globalization;
using Tessera.Wire;

namespace Tessera.Sms.Packets;

/// <summary>Toolkit Application Reference: the three octets that name the application on the card.</summary>
public readonly record struct Tar(uint Value) : IWireFormat<Tar>
{
    public const int Length = 3;

    public static Tar Read(ref ByteReader reader)
    {
        var octets = reader.ReadOctets(Length, "TAR");
        return new Tar((uint)((octets[0] << 16) | (octets[1] << 8) | octets[2]));
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteByte((byte)(Value >> 16));
        writer.WriteUInt16((ushort)Value);
    }

    /// <summary>From six hexadecimal digits.</summary>
    /// <exception cref="FormatException">Not six hexadecimal digits.</exception>
    public static Tar Parse(string hex) => hex.Length == 2 * Length
        ? new Tar(uint.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))
        : throw new FormatException($"A TAR has 6 hexadecimal digits, not {hex.Length}.");

    public override string ToString() => Value.ToString("X6", CultureInfo.InvariantCulture);
}
