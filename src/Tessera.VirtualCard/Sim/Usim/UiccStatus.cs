using Tessera.Cards;

namespace Tessera.VirtualCard.Sim.Usim;

/// <summary>Status words of a UICC that no other application of the card uses.</summary>
internal static class UiccStatus
{
    public static readonly StatusWord NothingFound = new(0x6282);
    public static readonly StatusWord SelectedInvalidated = new(0x6283);
    public static readonly StatusWord MemoryProblem = new(0x6581);
    public static readonly StatusWord NotForThisStructure = new(0x6981);
    public static readonly StatusWord Invalidated = new(0x6984);
    public static readonly StatusWord NoFileSelected = new(0x6986);
    public static readonly StatusWord FunctionNotSupported = new(0x6A81);
    public static readonly StatusWord WrongOffset = new(0x6B00);
    public static readonly StatusWord CannotIncrease = new(0x9850);
    public static readonly StatusWord WrongMac = new(0x9862);

    /// <summary>6Cxx: that Le is right; 00 for 256.</summary>
    public static StatusWord WrongLe(int right) => new((ushort)(0x6C00 | (byte)right));
}
