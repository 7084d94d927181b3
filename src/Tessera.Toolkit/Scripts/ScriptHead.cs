using System.Runtime.InteropServices;
using Tessera.Wire;

namespace Tessera.Toolkit.Scripts;

/// <summary>What heads a script and is echoed by its answer (docs/protocols/script.md §1, tag C0).</summary>
/// <remarks><code>version 1 | session 2 | number 1</code></remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ScriptHead(byte Version, ushort Session, byte Number) : IWireFormat<ScriptHead>
{
    public const byte CurrentVersion = 1;
    public const int Length = 4;

    public static ScriptHead Read(ref ByteReader reader) =>
        new(reader.ReadByte("version"), reader.ReadUInt16("session"), reader.ReadByte("script number"));

    public void Write(ByteWriter writer)
    {
        writer.WriteByte(Version);
        writer.WriteUInt16(Session);
        writer.WriteByte(Number);
    }

    public override string ToString() => $"session {Session:X4}, script {Number}";
}
