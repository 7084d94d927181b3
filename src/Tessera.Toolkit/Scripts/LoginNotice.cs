using Tessera.Wire;

namespace Tessera.Toolkit.Scripts;

/// <summary>
/// The pair of a caller as it goes to the card itself, which opens a session with it at once (docs/protocols/sms.md §7).
/// </summary>
/// <remarks>
/// <code>
/// E5 06
///   D7 04 login 2 | password 2
/// </code>
/// </remarks>
public sealed record LoginNotice(LoginPair Login) : IWireFormat<LoginNotice>
{
    public static LoginNotice Read(ref ByteReader reader)
    {
        var inner = new ByteReader(Tlv.ReadExpected(ref reader, ScriptTags.LoginNotice, "login notice"));
        var login = Bytes.CopyOf(Tlv.ReadExpected(ref inner, ScriptTags.Login, "D7")).Read<LoginPair>();
        inner.ReadEnd("login notice");
        return new LoginNotice(login);
    }

    public void Write(ByteWriter writer) => Tlv.Write(writer, ScriptTags.LoginNotice, Bytes.Of(output =>
        Tlv.Write(new ByteWriter(output), ScriptTags.Login, Bytes.Of(Login).Span)).Span);
}
