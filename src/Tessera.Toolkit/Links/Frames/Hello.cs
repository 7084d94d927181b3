using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>The version of the link protocol this code speaks.</summary>
public static class LinkVersion
{
    public const byte Current = 0x01;

    internal const string Field = "link version";

    internal static void ReadCurrent(ref ByteReader reader)
    {
        var at = reader.Offset;
        var version = reader.ReadByte("Hello");
        if (version != Current) throw new WireFormatException(Field, at, $"{version:X2} is not spoken here");
    }
}

/// <summary>
/// The first frame of a terminal: who and what it is, and where it stands (docs/protocols/link.md §3.1).
/// </summary>
/// <remarks>
/// <code>
/// version        1      01
/// run            16     random, drawn when the terminal starts
/// name           1+n    UTF-8, 1 to 64 octets
/// profile        1+n    TERMINAL PROFILE octets, 0 to 64
/// capabilities   1
/// reader state   TLVs
/// </code>
/// </remarks>
public sealed record TerminalHello(Bytes Run, string Name, TerminalProfile Profile, ReaderState Reader)
    : IWireFormat<TerminalHello>
{
    public const int RunLength = 16;
    public const int MaxName = 64;
    public const int MaxProfile = 64;

    public static TerminalHello Read(ref ByteReader reader)
    {
        LinkVersion.ReadCurrent(ref reader);
        var run = reader.ReadBytes(RunLength, "run");
        var name = LinkText.Read(ref reader, MaxName, "name", min: 1);
        var octets = Bytes.CopyOf(LinkText.ReadOctets(ref reader, MaxProfile, "profile"));
        var profile = new TerminalProfile(octets, (TerminalCapabilities)reader.ReadByte("capabilities"));
        return new TerminalHello(run, name, profile, ReaderState.Read(ref reader));
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteByte(LinkVersion.Current);
        LinkText.WriteExactly(writer, Run.Span, RunLength, "run");
        LinkText.Write(writer, Name, MaxName, "name", min: 1);
        LinkText.WriteOctets(writer, Profile.Octets.Span, MaxProfile, "profile");
        writer.WriteByte((byte)Profile.Capabilities);
        Reader.Write(writer);
    }
}

/// <summary>The first frame of a server (docs/protocols/link.md §3.2).</summary>
/// <remarks>
/// <code>
/// version   1   01
/// server    8   the first 8 octets of SHA-256 of its SubjectPublicKeyInfo
/// resumed   1   01 it remembers this run of the terminal, 00 it does not
/// </code>
/// </remarks>
public sealed record ServerHello(Bytes Server, bool Resumed) : IWireFormat<ServerHello>
{
    public static ServerHello Read(ref ByteReader reader)
    {
        LinkVersion.ReadCurrent(ref reader);
        var server = reader.ReadBytes(PeerIdentity.IdLength, "server");
        var at = reader.Offset;
        var resumed = reader.ReadByte("resumed");
        if (resumed > 1) throw new WireFormatException("resumed", at, $"{resumed:X2} is neither 00 nor 01");
        return new ServerHello(server, resumed == 1);
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteByte(LinkVersion.Current);
        LinkText.WriteExactly(writer, Server.Span, PeerIdentity.IdLength, "server");
        writer.WriteByte(Resumed ? (byte)1 : (byte)0);
    }
}
