using System.Text;

namespace Tessera.Terminal.Ports;

/// <summary>The commands of a receipt printer that are used here (ESC/POS; docs/protocols/line.md §11.4).</summary>
internal static class EscPos
{
    public const byte LineFeed = 0x0A;
    public const byte Escape = 0x1B;
    public const byte Group = 0x1D;

    /// <summary>ESC @: as after power-on.</summary>
    public const byte Initialise = (byte)'@';

    /// <summary>ESC t n: the code page.</summary>
    public const byte CodePage = (byte)'t';

    /// <summary>ESC E n: bold where bit 1 of n is set.</summary>
    public const byte Bold = (byte)'E';

    /// <summary>ESC d n: feeds n lines.</summary>
    public const byte Feed = (byte)'d';

    /// <summary>GS V 0: cuts the paper.</summary>
    public const byte Cut = (byte)'V';

    /// <summary>Number of the code page: 858, the Latin letters of western Europe and the euro.</summary>
    public const byte Latin = 19;

    /// <summary>What that code page has no letter for is a question mark.</summary>
    public static Encoding Letters { get; } = CodePagesEncodingProvider.Instance.GetEncoding(
        858, new EncoderReplacementFallback("?"), DecoderFallback.ExceptionFallback)!;
}
