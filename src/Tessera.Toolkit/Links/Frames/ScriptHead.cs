using System.Runtime.InteropServices;
using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>Which script a message is, or which it answers: the <c>C0</c> that heads it (docs/protocols/script.md §1).</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ScriptHead(ushort Session, byte Number)
{
    public const byte Command = 0xAA;
    public const byte Response = 0xAB;
    public const int MaxLength = 8192;

    private const byte HeadTag = 0xC0;

    /// <summary>Null when the message is whole but has no head: an answer to a script that could not be read.</summary>
    /// <exception cref="WireFormatException">The octets are not one message of that kind.</exception>
    public static ScriptHead? Of(Bytes message, byte kind)
    {
        if (message.Length > MaxLength) throw new WireFormatException("script", 0, $"is longer than {MaxLength} octets");

        var reader = new ByteReader(message.Span);
        var body = new ByteReader(Tlv.ReadExpected(ref reader, kind, "script"));
        reader.ReadEnd("script");
        if (body.Remaining == 0) return null;

        var head = Tlv.ReadValue(ref body, out var tag);
        if (tag != HeadTag) return null;

        var fields = new ByteReader(head);
        fields.ReadByte("script version");
        var read = new ScriptHead(fields.ReadUInt16("session"), fields.ReadByte("number"));
        fields.ReadEnd("script head");
        return read;
    }
}
