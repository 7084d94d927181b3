using Tessera.Cards;
using Tessera.Lab.Phones.Sim;
using Tessera.Toolkit.Commands;
using Tessera.Wire;

namespace Tessera.Lab.Phones.Toolkit;

/// <summary>What a SIM says to a call.</summary>
internal enum CallVerdict
{
    Allowed,
    NotAllowed,

    /// <summary>It is busy, or what it says cannot be understood: there is no call.</summary>
    Unknown,
}

/// <summary>The SIM's answer to ENVELOPE (CALL CONTROL) (3GPP TS 51.014 §9.1.6).</summary>
/// <remarks>
/// <code>
/// no octets    allowed
/// result       00 allowed | 01 not allowed | 02 allowed with modifications
/// length       of the rest
/// 86 L         the number to call instead
/// 85 L         a name for it
/// </code>
/// </remarks>
/// <param name="Number">Whom to call instead; null for whom the holder dialled.</param>
/// <param name="Alpha">A name for it, or why not; empty for nothing.</param>
internal sealed record CallControlAnswer(CallVerdict Verdict, string? Number = null, string Alpha = "")
{
    private const byte Allowed = 0x00;
    private const byte NotAllowed = 0x01;
    private const byte Modified = 0x02;

    public static CallControlAnswer Of(ResponseApdu answer)
    {
        if (!answer.Status.IsDone()) return new CallControlAnswer(CallVerdict.Unknown);
        if (answer.Data.Length == 0) return new CallControlAnswer(CallVerdict.Allowed);
        try
        {
            return Read(answer.Data.Span);
        }
        catch (WireFormatException)
        {
            return new CallControlAnswer(CallVerdict.Unknown);
        }
    }

    private static CallControlAnswer Read(ReadOnlySpan<byte> octets)
    {
        var reader = new ByteReader(octets);
        var result = reader.ReadByte("result");
        var rest = new ByteReader(reader.ReadOctets(Tlv.ReadLength(ref reader), "objects"));
        reader.ReadEnd("call control");
        var (number, alpha) = ((string?)null, "");
        while (rest.Remaining > 0)
        {
            var found = ComprehensionTlv.Read(ref rest);
            if (found.Name == ObjectTag.Address) number = DialNumber.Decode(found.Value.Span);
            if (found.Name == ObjectTag.AlphaIdentifier) alpha = AlphaIdentifier.Decode(found.Value.Span);
        }

        return result switch
        {
            Allowed => new CallControlAnswer(CallVerdict.Allowed, Number: null, alpha),
            NotAllowed => new CallControlAnswer(CallVerdict.NotAllowed, Number: null, alpha),
            Modified when number is { Length: > 0 } => new CallControlAnswer(CallVerdict.Allowed, number, alpha),
            _ => new CallControlAnswer(CallVerdict.Unknown),
        };
    }
}
