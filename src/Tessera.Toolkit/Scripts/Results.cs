using Tessera.Cards;
using Tessera.Toolkit.Commands;
using Tessera.Wire;

namespace Tessera.Toolkit.Scripts;

/// <summary>What came of one step (docs/protocols/script.md §2).</summary>
public abstract record ScriptResult
{
    private protected ScriptResult() { }

    internal abstract void Write(ByteWriter writer);
}

/// <summary>The card's answer to one command (tag 23).</summary>
public sealed record CardResult(ResponseApdu Answer) : ScriptResult
{
    internal override void Write(ByteWriter writer) => Tlv.Write(writer, ScriptTags.CardAnswer, Bytes.Of(Answer).Span);
}

/// <summary>What the terminal answered to a proactive command or a visible input (tag C7).</summary>
/// <remarks><code>step 1 | general result 1 | data objects</code></remarks>
public sealed record ToolkitResult(byte Step, GeneralResult Result, Sequence<ComprehensionTlv> Objects) : ScriptResult
{
    /// <summary>True for a plain success, which an answer leaves out.</summary>
    public bool IsSilent => Result == GeneralResult.Success && Objects.Count == 0;

    /// <summary>The identifier of the chosen item, or null.</summary>
    public byte? Item => Objects.Find(ObjectTag.ItemIdentifier) is { Length: 1 } value ? value.Span[0] : null;

    /// <summary>What the holder entered, or null.</summary>
    /// <exception cref="WireFormatException">A coding that TS 102 223 does not know.</exception>
    public string? Text => Objects.Find(ObjectTag.TextString) is { } value ? TextString.Decode(value.Span) : null;

    internal override void Write(ByteWriter writer) => Tlv.Write(writer, ScriptTags.ToolkitResult, Bytes.Of(output =>
    {
        var inner = new ByteWriter(output);
        inner.WriteByte(Step);
        inner.WriteByte((byte)Result);
        foreach (var found in Objects) found.Write(inner);
    }).Span);
}

/// <summary>Why there are no more results (docs/protocols/script.md §2).</summary>
public abstract record ScriptEnd
{
    private protected ScriptEnd() { }

    internal abstract void Write(ByteWriter writer);
}

/// <summary>The script stopped at a step (tag C8).</summary>
public sealed record Stopped(StopReason Reason, byte Step) : ScriptEnd
{
    internal override void Write(ByteWriter writer) => Tlv.Write(writer, ScriptTags.Stopped, [(byte)Reason, Step]);
}

/// <summary>The octets were no script; nothing was executed (tag 90).</summary>
public sealed record BadFormat(FormatError Error) : ScriptEnd
{
    internal override void Write(ByteWriter writer) => Tlv.Write(writer, ScriptTags.BadFormat, [(byte)Error]);
}

/// <summary>Why a script stopped.</summary>
public enum StopReason : byte
{
    UnexpectedStatus = 0x01,

    /// <summary>The holder ended the dialogue.</summary>
    EndedByHolder = 0x02,

    NoAnswerFromHolder = 0x03,

    /// <summary>The policy of the terminal does not allow the command.</summary>
    NotAllowed = 0x04,

    PinRule = 0x05,
    Limit = 0x06,

    /// <summary>The cached list is not there in that version.</summary>
    NoSuchList = 0x07,

    SessionNotOpen = 0x08,

    /// <summary>A payment without a shown item.</summary>
    NoItem = 0x09,

    CardLost = 0x0A,

    /// <summary>The script had begun; at step 0, its answer was lost.</summary>
    Interrupted = 0x0B,

    /// <summary>Another script already has this number, or a higher one.</summary>
    NumberUsed = 0x0C,

    /// <summary>The terminal cannot do the command.</summary>
    NotCapable = 0x0D,

    /// <summary>A pick or a branch without a choice.</summary>
    NoChoice = 0x0E,
}
