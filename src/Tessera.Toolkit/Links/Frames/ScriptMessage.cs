using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>
/// The little a link reads of the scripts and answers it carries: which one it is (docs/protocols/script.md §1).
/// </summary>
internal static class ScriptMessage
{
    /// <summary>Null when the message is whole but has no head: an answer to a script that could not be read.</summary>
    /// <exception cref="WireFormatException">The octets are not one message of that kind.</exception>
    public static ScriptHead? HeadOf(Bytes message, byte kind)
    {
        if (message.Length > CommandScript.MaxLength)
            throw new WireFormatException("script", 0, $"is longer than {CommandScript.MaxLength} octets");

        var reader = new ByteReader(message.Span);
        var body = new ByteReader(Tlv.ReadExpected(ref reader, kind, "script"));
        reader.ReadEnd("script");
        if (body.Remaining == 0) return null;

        var head = Tlv.ReadValue(ref body, out var tag);
        return tag == ScriptTags.Head ? Bytes.CopyOf(head).Read<ScriptHead>() : null;
    }
}
