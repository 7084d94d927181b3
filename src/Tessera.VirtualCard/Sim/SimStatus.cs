using Tessera.Cards;

namespace Tessera.VirtualCard.Sim;

/// <summary>The status words of a SIM (3GPP TS 51.011 §9.4).</summary>
internal static class SimStatus
{
    public static readonly StatusWord Success = StatusWord.Success;
    public static readonly StatusWord ToolkitBusy = new(0x9300);
    public static readonly StatusWord MemoryProblem = new(0x9240);
    public static readonly StatusWord NoFileSelected = new(0x9400);
    public static readonly StatusWord OutOfRange = new(0x9402);
    public static readonly StatusWord NotFound = new(0x9404);
    public static readonly StatusWord OtherKindOfFile = new(0x9408);
    public static readonly StatusWord NoChv = new(0x9802);
    public static readonly StatusWord AccessDenied = new(0x9804);
    public static readonly StatusWord ContradictsChv = new(0x9808);
    public static readonly StatusWord ContradictsInvalidation = new(0x9810);
    public static readonly StatusWord ChvBlocked = new(0x9840);
    public static readonly StatusWord CannotIncrease = new(0x9850);
    public static readonly StatusWord WrongP1P2 = new(0x6B00);
    public static readonly StatusWord TechnicalProblem = new(0x6F00);

    /// <summary>67xx: P3 is wrong, that many octets are right; 00 for 256, or where none are.</summary>
    public static StatusWord WrongLength(int right) => new((ushort)(0x6700 | (byte)right));

    /// <summary>9Fxx: GET RESPONSE gets that many octets.</summary>
    public static StatusWord Response(int octets) => new((ushort)(0x9F00 | (byte)octets));

    /// <summary>91xx: done, and FETCH gets a proactive command of that many octets; 00 for 256.</summary>
    public static StatusWord Proactive(int octets) => new((ushort)(0x9100 | (byte)octets));
}
