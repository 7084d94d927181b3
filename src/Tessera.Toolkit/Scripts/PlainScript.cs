using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.Toolkit.Scripts;

/// <summary>A script of C-APDUs only, for a card that knows nothing of Tessera (ETSI TS 102 226 §5.2.1).</summary>
/// <remarks>
/// <code>
/// AA L { 22 L C-APDU }           definite length
/// AE 80 { 22 L C-APDU } 00 00    indefinite length
/// </code>
/// </remarks>
public sealed record PlainScript(Sequence<CommandApdu> Commands, bool IsIndefinite = false) : IWireFormat<PlainScript>
{
    public static PlainScript Read(ref ByteReader reader)
    {
        var commands = new List<CommandApdu>();
        var indefinite = PlainTemplate.Read(ref reader, ScriptTags.Script, (tag, value) =>
        {
            if (tag != ScriptTags.CardCommand) throw new WireFormatException("script", 0, $"tag {tag:X2} is no C-APDU");
            commands.Add(value.Read<CommandApdu>());
        });
        return new PlainScript(commands.ToSequence(), indefinite);
    }

    public void Write(ByteWriter writer) =>
        PlainTemplate.Write(writer, ScriptTags.Script, IsIndefinite,
            Commands.Select(command => new Tlv(ScriptTags.CardCommand, Bytes.Of(command))));
}

/// <summary>The answer to a plain script (ETSI TS 102 226 §5.2.2).</summary>
/// <remarks>
/// <code>
/// AB L { 80 L executed, { 23 L R-APDU } [, 90 | 81 | 83 01 code] }
/// </code>
/// </remarks>
/// <param name="Executed">Commands executed.</param>
/// <param name="Answers">R-APDUs, in order.</param>
/// <param name="Error">What else went wrong, or null.</param>
public sealed record PlainResponse(
    int Executed, Sequence<ResponseApdu> Answers, PlainError? Error = null, bool IsIndefinite = false)
    : IWireFormat<PlainResponse>
{
    public static PlainResponse Read(ref ByteReader reader)
    {
        int? executed = null;
        var answers = new List<ResponseApdu>();
        PlainError? error = null;
        var indefinite = PlainTemplate.Read(ref reader, ScriptTags.Answer, (tag, value) =>
        {
            if (error is not null) throw new WireFormatException("response script", 0, "goes on after an error");
            if (executed is null) executed = ReadExecuted(tag, value.Span);
            else if (tag == ScriptTags.CardAnswer) answers.Add(value.Read<ResponseApdu>());
            else error = ReadError(tag, value.Span);
        });
        return new PlainResponse(
            executed ?? throw new WireFormatException("executed", 0, "is not there"),
            answers.ToSequence(), error, indefinite);
    }

    public void Write(ByteWriter writer)
    {
        List<Tlv> objects = [new(ScriptTags.Executed, new Bytes(ResponseScript.ExecutedOctets(Executed)))];
        objects.AddRange(Answers.Select(answer => new Tlv(ScriptTags.CardAnswer, Bytes.Of(answer))));
        if (Error is { } error) objects.Add(new Tlv((byte)error.Kind, new Bytes((byte[])[error.Code])));
        PlainTemplate.Write(writer, ScriptTags.Answer, IsIndefinite, objects);
    }

    private static int ReadExecuted(ushort tag, ReadOnlySpan<byte> value) => tag == ScriptTags.Executed
        ? ResponseScript.ReadExecuted(value)
        : throw new WireFormatException("executed", 0, $"{tag:X2} where 80 belongs");

    private static PlainError ReadError(ushort tag, ReadOnlySpan<byte> value) =>
        tag <= byte.MaxValue && Enum.IsDefined((PlainErrorKind)tag) && value is [var code]
            ? new PlainError((PlainErrorKind)tag, code)
            : throw new WireFormatException("response script", 0, $"tag {tag:X2} with {value.Length} octets");
}

/// <summary>Why a plain script was not executed to its end.</summary>
public sealed record PlainError(PlainErrorKind Kind, byte Code);

/// <summary>The error objects of a response script, by tag (ETSI TS 102 226 §5.2.2).</summary>
public enum PlainErrorKind : byte
{
    ImmediateAction = 0x81,
    Chaining = 0x83,

    /// <summary>Code 01 unknown tag, 02 wrong length, 03 length not found.</summary>
    BadFormat = 0x90,
}
