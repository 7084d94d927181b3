using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>
/// A server asks for a new session in place of one, for the same insertion (docs/protocols/link.md §3.7).
/// </summary>
/// <remarks>
/// <code>
/// session   2   the one to be replaced; another one in force: nothing happens
/// </code>
/// </remarks>
public readonly record struct OpenRequest(ushort Session) : IWireFormat<OpenRequest>
{
    public static OpenRequest Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        var session = reader.ReadUInt16("session");
        if (session == 0) throw new WireFormatException("session", at, "is 0000");
        return new OpenRequest(session);
    }

    public void Write(ByteWriter writer) => writer.WriteUInt16(Session);
}
