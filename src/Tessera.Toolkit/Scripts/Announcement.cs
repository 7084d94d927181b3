using Tessera.Wire;

namespace Tessera.Toolkit.Scripts;

/// <summary>
/// What a card tells ahead when its holder calls the service: that it is there, and in what phone (docs/protocols/sms.md
/// §7).
/// </summary>
/// <remarks>
/// <code>
/// E4 L
///   C0 04 version 1 | 0000 | 00
///   CA L  TERMINAL PROFILE, or 4 octets of its digest
/// </code>
/// </remarks>
public sealed record Announcement(OpeningProfile Profile) : IWireFormat<Announcement>
{
    private static readonly ScriptHead Head = new(ScriptHead.CurrentVersion, 0, 0);

    public static Announcement Read(ref ByteReader reader)
    {
        var inner = new ByteReader(Tlv.ReadExpected(ref reader, ScriptTags.Announcement, "announcement"));
        if (Bytes.CopyOf(Tlv.ReadExpected(ref inner, ScriptTags.Head, "C0")).Read<ScriptHead>() != Head)
            throw new WireFormatException("C0", 0, "has another version, or the number of a session or script");
        var profile = OpeningProfile.Of(Tlv.ReadExpected(ref inner, ScriptTags.Profile, "CA"));
        inner.ReadEnd("announcement");
        return new Announcement(profile);
    }

    public void Write(ByteWriter writer) => Tlv.Write(writer, ScriptTags.Announcement, Bytes.Of(output =>
    {
        var inner = new ByteWriter(output);
        Tlv.Write(inner, ScriptTags.Head, Bytes.Of(Head).Span);
        Tlv.Write(inner, ScriptTags.Profile, Profile.Octets.Span);
    }).Span);
}
