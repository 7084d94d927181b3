using Tessera.Wire;

namespace Tessera.Toolkit.Commands;

/// <summary>
/// What came of a proactive command (ETSI TS 102 223 §6.8): the data of TERMINAL RESPONSE, without an outer tag.
/// </summary>
/// <remarks>
/// <code>
/// 81 03 number type qualifier          as in the command
/// 82 02 source destination             terminal to card
/// 83 L  result, additional octets      §8.12
/// data objects, in their order
/// </code>
/// Terminals may leave out the comprehension bit of the first three; it is read either way and written always.
/// </remarks>
public sealed record TerminalResponse(
    byte Number,
    CommandType Type,
    byte Qualifier,
    Device Source,
    Device Destination,
    GeneralResult Result,
    Bytes Additional,
    Sequence<ComprehensionTlv> Objects) : IWireFormat<TerminalResponse>
{
    private const byte ResultTag = 0x83;
    private const byte Yes = 0x01;

    /// <summary>The text string the holder entered, or null.</summary>
    /// <exception cref="WireFormatException">A coding that TS 102 223 does not know.</exception>
    public string? Text => Find(ObjectTag.TextString) is { } value ? TextString.Decode(value.Span) : null;

    /// <summary>The identifier of the chosen item, or null.</summary>
    public byte? Item => Find(ObjectTag.ItemIdentifier) is { Length: 1 } value ? value.Span[0] : null;

    /// <summary>The answer to a GET INKEY that wanted a yes or a no (§6.8.5): text 01 or 00 in DCS 04.</summary>
    public bool IsYes =>
        Result.IsDone() && Find(ObjectTag.TextString) is { Length: 2 } value && value.Span[1] == Yes;

    /// <summary>The response of a terminal that did <paramref name="command"/>, or could not.</summary>
    public static TerminalResponse To(
        ProactiveCommand command, GeneralResult result, params ReadOnlySpan<ComprehensionTlv> objects) =>
        new(command.Number, command.Type, command.Qualifier, Device.Terminal, Device.Uicc, result, Bytes.Empty,
            Sequence.Of(objects));

    /// <summary>The response to GET INPUT and GET INKEY: what the holder typed.</summary>
    public static TerminalResponse Entered(ProactiveCommand command, string text) =>
        To(command, GeneralResult.Success, new ComprehensionTlv(0x8D, TextString.Encode(text)));

    /// <summary>The response to a GET INKEY that wants a yes or a no.</summary>
    public static TerminalResponse Decided(ProactiveCommand command, bool yes) =>
        To(command, GeneralResult.Success,
            ComprehensionTlv.Of(ObjectTag.TextString, TextString.GsmDcs, yes ? Yes : (byte)0));

    /// <summary>The response to SELECT ITEM.</summary>
    public static TerminalResponse Chosen(ProactiveCommand command, byte identifier) =>
        To(command, GeneralResult.Success, ComprehensionTlv.Of(ObjectTag.ItemIdentifier, identifier));

    public static TerminalResponse Read(ref ByteReader reader)
    {
        var details = ReadObject(ref reader, ObjectTag.CommandDetails, 3);
        var devices = ReadObject(ref reader, ObjectTag.DeviceIdentities, 2);
        var at = reader.Offset;
        var result = ComprehensionTlv.Read(ref reader);
        if (result.Name != ObjectTag.Result || result.Value.Length == 0)
            throw new WireFormatException("result", at, "is not there");

        return new TerminalResponse(
            details[0], (CommandType)details[1], details[2], (Device)devices[0], (Device)devices[1],
            (GeneralResult)result.Value.Span[0], Bytes.CopyOf(result.Value.Span[1..]),
            ComprehensionTlv.ReadAll(ref reader));
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteOctets(ProactiveCommand.DetailsHead);
        writer.WriteByte(Number);
        writer.WriteByte((byte)Type);
        writer.WriteByte(Qualifier);
        writer.WriteOctets(ProactiveCommand.DevicesHead);
        writer.WriteByte((byte)Source);
        writer.WriteByte((byte)Destination);
        new ComprehensionTlv(ResultTag, new Bytes((byte[])[(byte)Result, .. Additional.Span])).Write(writer);
        foreach (var item in Objects) item.Write(writer);
    }

    /// <summary>The value of the first object of that name, or null.</summary>
    public Bytes? Find(ObjectTag name) => Objects.Find(name);

    /// <summary>The result only: the objects may hold what the holder typed hidden.</summary>
    public override string ToString() => $"TERMINAL RESPONSE to {Type}: {Result}";

    private static ReadOnlySpan<byte> ReadObject(ref ByteReader reader, ObjectTag name, int length)
    {
        var at = reader.Offset;
        var found = ComprehensionTlv.Read(ref reader);
        if (found.Name != name || found.Value.Length != length)
            throw new WireFormatException(name.ToString(), at, $"tag {found.Tag:X2} with {found.Value.Length} octets");
        return found.Value.Span;
    }
}

/// <summary>What kind of end a general result is (ETSI TS 102 223 §8.12).</summary>
public static class GeneralResults
{
    /// <summary>0x: performed, perhaps not in full.</summary>
    public static bool IsDone(this GeneralResult result) => (byte)result < 0x10;
}
