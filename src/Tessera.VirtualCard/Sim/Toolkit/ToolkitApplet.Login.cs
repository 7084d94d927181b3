using System.Security.Cryptography;
using System.Text;
using Tessera.Cards;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.VirtualCard.Sim.Toolkit;

/// <summary>
/// This half connects with the pair that a caller was given, and announces a call to the service (docs/protocols/sms.md
/// §7).
/// </summary>
internal sealed partial class ToolkitApplet
{
    /// <summary>Type and digits of the service's number for calls.</summary>
    public const int MaxVoiceNumber = 11;

    /// <summary>The holder types the pair; what is no pair, or no answer, connects nothing.</summary>
    private void AskLogin(Action<LoginPair> then) => Ask("Login", InputQualifier.Digits, login =>
        Ask("Password", InputQualifier.Digits | InputQualifier.HiddenOrYesNo, password =>
        {
            if (LoginPair.Of(login, password) is { } pair) then(pair);
        }));

    private void Ask(string text, InputQualifier qualifier, Action<string> then)
    {
        if (!_phone!.Supports(CommandType.GetInput)) return;
        var question = ProactiveCommand.GetInput(text, LoginPair.Digits, LoginPair.Digits, qualifier);
        Issue(question, response =>
        {
            if (!response.Result.IsDone()) return;
            var entered = HiddenEntry.Take(response);
            then(Encoding.ASCII.GetString(entered));
            CryptographicOperations.ZeroMemory(entered);
        });
    }

    /// <summary>A pair that came in a packet opens a session at once; anything else that is authentic is dropped.</summary>
    private void Connect(Bytes data)
    {
        if (Menu.Menu.Items.ToList().FindIndex(item => item.Application.Length == 0) is var place and >= 0 &&
            ReadNotice(data) is { } login)
            Open((byte)(place + 1), Menu.Menu.Items[place], login);
    }

    /// <summary>A call is begun: it always may, and the service learns who calls.</summary>
    private StatusWord Allow(Sequence<ComprehensionTlv> objects)
    {
        if (_phone is not null && _memory.Has(CellId.VoiceNumber)
            && _memory.Read(CellId.VoiceNumber) is { IsEmpty: false } service
            && objects.Find(ObjectTag.Address) is { } called && called.Span.SequenceEqual(service))
        {
            _outbox.PutAnnouncement(Bytes.Of(new Announcement(ToldProfile())), Menu.Menu.Title);
            Advance();
        }

        return SimStatus.Success;
    }

    private OpeningProfile ToldProfile()
    {
        var profile = OpeningProfile.Whole(_phone!.Octets.Span);
        return profile.ToDigest().Octets == Bytes.CopyOf(_memory.Read(CellId.KnownProfile)) ? profile.ToDigest() : profile;
    }

    private static LoginPair? ReadNotice(Bytes data)
    {
        try
        {
            return data.Read<LoginNotice>().Login;
        }
        catch (WireFormatException)
        {
            return null;
        }
    }
}
