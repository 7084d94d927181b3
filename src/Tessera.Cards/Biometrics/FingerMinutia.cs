using System.Runtime.InteropServices;
using Tessera.Wire;

namespace Tessera.Cards.Biometrics;

/// <summary>A point of a finger where a ridge ends or forks (ISO/IEC 19794-2:2005, card format of compact size).</summary>
/// <remarks><code>x 1 | y 1 | type, 2 bits, angle, 6 bits</code></remarks>
/// <param name="X">In 0.1 mm, to the right.</param>
/// <param name="Y">In 0.1 mm.</param>
/// <param name="Angle">Direction of the ridge in steps of a 64th of a circle, 0 to 63.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FingerMinutia(byte X, byte Y, MinutiaType Type, byte Angle) : IWireFormat<FingerMinutia>
{
    public const int Length = 3;

    /// <summary>Steps of a circle.</summary>
    public const int Circle = 64;

    private const int TypeShift = 6;

    public static FingerMinutia Read(ref ByteReader reader)
    {
        var (x, y) = (reader.ReadByte("x"), reader.ReadByte("y"));
        var at = reader.Offset;
        var kind = reader.ReadByte("type and angle");
        var type = (MinutiaType)(kind >> TypeShift);
        if (!Enum.IsDefined(type)) throw new WireFormatException("type", at, "3 is not used here");
        return new FingerMinutia(x, y, type, (byte)(kind & (Circle - 1)));
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteByte(X);
        writer.WriteByte(Y);
        writer.WriteByte((byte)(((int)Type << TypeShift) | Angle));
    }
}

/// <summary>What a ridge does there.</summary>
public enum MinutiaType : byte
{
    Other = 0,
    Ending = 1,
    Bifurcation = 2,
}
