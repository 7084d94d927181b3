using Tessera.Cards;

namespace Tessera.VirtualCard.Files;

/// <summary>Status words of the file system (ISO/IEC 7816-4:2005 §5.1.3).</summary>
internal static class FileStatus
{
    /// <summary>End of the file before Le, or nothing found.</summary>
    public static readonly StatusWord EndReached = new(0x6282);
    public static readonly StatusWord SelectedDeactivated = new(0x6283);
    public static readonly StatusWord SelectedTerminated = new(0x6285);
    public static readonly StatusWord NotForThisStructure = new(0x6981);
    public static readonly StatusWord NotUsable = new(0x6984);
    public static readonly StatusWord NoCurrentFile = new(0x6986);
    public static readonly StatusWord FunctionNotSupported = new(0x6A81);
    public static readonly StatusWord FileExists = new(0x6A89);
    public static readonly StatusWord NameExists = new(0x6A8A);
    public static readonly StatusWord OutsideOfFile = new(0x6B00);
    public static readonly StatusWord AuthenticationFailed = new(0x6300);
}
