using Tessera.Cards;
using Tessera.Toolkit.Commands;
using Tessera.Wire;

namespace Tessera.Toolkit.Scripts;

/// <summary>What came of a script (docs/protocols/script.md §2, the expanded format of ETSI TS 102 226).</summary>
/// <remarks>
/// <code>
/// AB L
///   C0 04 as received        where it could be read
///   80 L executed            commands for the card, 1 octet, or 2 above 255
///   { 23 | C7 }              in the order of execution
///   C8 | 90                  why it stopped, or why it never began
/// </code>
/// At most 8192 octets.
/// </remarks>
public sealed record ResponseScript(
    ScriptHead? Head, int Executed, Sequence<ScriptResult> Results, ScriptEnd? End = null)
    : IWireFormat<ResponseScript>
{
    public const int MaxLength = 8192;

    public Stopped? Stopped => End as Stopped;

    public BadFormat? BadFormat => End as BadFormat;

    /// <summary>The answer to octets that are no script.</summary>
    public static ResponseScript Refusing(FormatError error, ScriptHead? head) =>
        new(head, 0, [], new BadFormat(error));

    /// <summary>The answer to a script of which no step was run.</summary>
    public static ResponseScript Refusing(StopReason reason, ScriptHead head) =>
        new(head, 0, [], new Stopped(reason, 0));

    public static ResponseScript Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        var inner = new ByteReader(Tlv.ReadExpected(ref reader, ScriptTags.Answer, "response script"));
        if (reader.Offset - at > MaxLength)
            throw new WireFormatException("response script", at, "more than 8192 octets");

        var value = Tlv.ReadValue(ref inner, out var tag);
        ScriptHead? head = tag == ScriptTags.Head ? Bytes.CopyOf(value).Read<ScriptHead>() : null;
        if (head is not null) value = Tlv.ReadValue(ref inner, out tag);
        if (tag != ScriptTags.Executed)
            throw new WireFormatException("executed", inner.Offset, $"{tag:X2} where 80 belongs");
        var executed = ReadExecuted(value);

        var results = new List<ScriptResult>();
        ScriptEnd? end = null;
        while (inner.Remaining > 0 && end is null)
        {
            value = Tlv.ReadValue(ref inner, out tag);
            end = ReadEnd(value, tag);
            if (end is null) results.Add(ReadResult(value, tag));
        }

        inner.ReadEnd("response script");
        return new ResponseScript(head, executed, results.ToSequence(), end);
    }

    public void Write(ByteWriter writer) => Tlv.Write(writer, ScriptTags.Answer, Bytes.Of(output =>
    {
        var inner = new ByteWriter(output);
        if (Head is { } head) Tlv.Write(inner, ScriptTags.Head, Bytes.Of(head).Span);
        Tlv.Write(inner, ScriptTags.Executed, ExecutedOctets(Executed));
        foreach (var result in Results) result.Write(inner);
        End?.Write(inner);
    }).Span);

    internal static byte[] ExecutedOctets(int executed) =>
        executed <= byte.MaxValue ? [(byte)executed] : [(byte)(executed >> 8), (byte)executed];

    internal static int ReadExecuted(ReadOnlySpan<byte> value) => value switch
    {
        [var one] => one,
        [var high and > 0, var low] => (high << 8) | low,
        _ => throw new WireFormatException("executed", 0, "is 1 octet, or 2 above 255"),
    };

    private static ScriptResult ReadResult(ReadOnlySpan<byte> value, ushort tag)
    {
        var reader = new ByteReader(value);
        return tag switch
        {
            ScriptTags.CardAnswer => new CardResult(ResponseApdu.Read(ref reader)),
            ScriptTags.ToolkitResult => new ToolkitResult(
                reader.ReadByte("step"),
                (GeneralResult)reader.ReadByte("result"),
                ComprehensionTlv.ReadAll(ref reader)),
            _ => throw new WireFormatException("result", 0, $"tag {tag:X2} is not used here"),
        };
    }

    private static ScriptEnd? ReadEnd(ReadOnlySpan<byte> value, ushort tag)
    {
        var reader = new ByteReader(value);
        ScriptEnd? end = tag switch
        {
            ScriptTags.Stopped => new Stopped((StopReason)reader.ReadByte("reason"), reader.ReadByte("step")),
            ScriptTags.BadFormat => new BadFormat((FormatError)reader.ReadByte("code")),
            _ => null,
        };
        if (end is not null) reader.ReadEnd("end of the answer");
        return end;
    }
}
