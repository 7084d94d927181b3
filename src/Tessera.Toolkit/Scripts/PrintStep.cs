using Tessera.Wire;

namespace Tessera.Toolkit.Scripts;

/// <summary>
/// Lines for the printer of the terminal, and with them the payment that the script made (tag D8,
/// docs/protocols/script.md §1).
/// </summary>
/// <remarks>
/// <code>
/// flags 1 | [DCS 1 | text]     flags: bit 1, the payment above the lines; lines are parted by 0A
/// </code>
/// </remarks>
/// <param name="TextString">DCS 04 or 08 and at least one character; empty where only the payment is printed.</param>
/// <param name="WithPayment">
/// The terminal prints what it paid by this script, from the MOVE it sent and the answer it got.
/// </param>
public sealed record PrintStep(Bytes TextString, bool WithPayment) : ScriptStep
{
    /// <summary>Characters of the longest text.</summary>
    public const int MaxText = 512;

    public const int MaxLines = 32;

    internal const byte PaymentFlag = 0x01;

    /// <param name="text">Lines, parted by line feeds; empty for none.</param>
    public static PrintStep Of(string text, bool withPayment = false) =>
        new(text.Length == 0 ? Bytes.Empty : Commands.TextString.Encode(text), withPayment);

    internal void WriteValue(ByteWriter writer)
    {
        writer.WriteByte(WithPayment ? PaymentFlag : (byte)0);
        writer.WriteBytes(TextString);
    }

    /// <summary>The lines as they came; they may hold characters that no paper should get.</summary>
    /// <exception cref="WireFormatException">A coding that TS 102 223 does not know.</exception>
    public string Text => TextString.Length == 0 ? "" : Commands.TextString.Decode(TextString.Span);
}
