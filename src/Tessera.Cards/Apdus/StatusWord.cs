using System.Globalization;
using Tessera.Wire;

namespace Tessera.Cards;

/// <summary>SW1-SW2, the two octets that end every response (ISO/IEC 7816-4 §5.6). An answer, not an error.</summary>
public readonly record struct StatusWord(ushort Value) : IWireFormat<StatusWord>
{
    public static readonly StatusWord Success = new(0x9000);
    public static readonly StatusWord WrongLength = new(0x6700);
    public static readonly StatusWord SecurityStatusNotSatisfied = new(0x6982);
    public static readonly StatusWord AuthenticationBlocked = new(0x6983);
    public static readonly StatusWord ConditionsNotSatisfied = new(0x6985);
    public static readonly StatusWord WrongData = new(0x6A80);
    public static readonly StatusWord FileNotFound = new(0x6A82);
    public static readonly StatusWord RecordNotFound = new(0x6A83);
    public static readonly StatusWord NotEnoughMemory = new(0x6A84);
    public static readonly StatusWord IncorrectP1P2 = new(0x6A86);
    public static readonly StatusWord ReferencedDataNotFound = new(0x6A88);
    public static readonly StatusWord InstructionNotSupported = new(0x6D00);
    public static readonly StatusWord ClassNotSupported = new(0x6E00);
    public static readonly StatusWord NoPreciseDiagnosis = new(0x6F00);

    public byte Sw1 => (byte)(Value >> 8);

    public byte Sw2 => (byte)Value;

    public bool IsSuccess => Value == 0x9000;

    /// <summary>61xx: that many octets wait for a GET RESPONSE.</summary>
    public bool HasMore => Sw1 == 0x61;

    /// <summary>6Cxx: the command is right but for its Le, which is Sw2.</summary>
    public bool IsWrongLe => Sw1 == 0x6C;

    /// <summary>63Cx: the PIN tries left, or null when the status says nothing of tries.</summary>
    public int? TriesLeft => (Value & 0xFFF0) == 0x63C0 ? Value & 0xF : null;

    /// <summary>63Cx with <paramref name="tries"/> left (0 to 15).</summary>
    public static StatusWord WithTriesLeft(int tries) => new((ushort)(0x63C0 | (tries & 0xF)));

    public static StatusWord Read(ref ByteReader reader) => new(reader.ReadUInt16("SW1-SW2"));

    public void Write(ByteWriter writer) => writer.WriteUInt16(Value);

    public override string ToString() => Value.ToString("X4", CultureInfo.InvariantCulture);
}
