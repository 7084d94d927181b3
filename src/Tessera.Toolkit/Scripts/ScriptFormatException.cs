using Tessera.Wire;

namespace Tessera.Toolkit.Scripts;

/// <summary>What is wrong with the octets of a script (docs/protocols/script.md §2, tag 90).</summary>
public enum FormatError : byte
{
    UnknownTag = 0x01,
    WrongLength = 0x02,
    LengthNotFound = 0x03,

    /// <summary>A modifier without a command for the card that it could act on.</summary>
    NothingToModify = 0x04,

    /// <summary>C0 missing, misplaced, of another version or with number 0.</summary>
    Head = 0x05,

    TooDeep = 0x06,
    TooManySteps = 0x07,
    MalformedStep = 0x08,
}

/// <summary>The octets are no script; the answer says so with <see cref="Error"/>.</summary>
public sealed class ScriptFormatException(FormatError error, string field, int offset, string reason)
    : WireFormatException(field, offset, reason)
{
    public FormatError Error { get; } = error;

    /// <summary>The script's C0, where it could be read.</summary>
    public ScriptHead? Head { get; init; }
}
