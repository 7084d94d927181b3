using Tessera.Toolkit;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Gateway;

/// <summary>
/// A session that is over, with the one answer of it that nobody took: a link whose script has been answered, and which
/// carries nothing else.
/// </summary>
public sealed class LateAnswer : ILink
{
    internal LateAnswer(SmsGatewayOptions options, LateScript late)
    {
        (Id, Number, Script, Answer) = (late.Session, late.Number, late.Script, late.Answer);
        Profile = SmsLink.ProfileOf(late.Profile, options);
        Traits = SmsLink.TraitsOf(options);
        Terminal = Bytes.Of(late.Session.Card);
    }

    /// <summary>The card and the number it gave the session.</summary>
    public SmsSessionId Id { get; }

    /// <summary>Of the script.</summary>
    public byte Number { get; }

    /// <summary>Exact octets.</summary>
    public Bytes Script { get; }

    /// <summary>Exact octets, from a packet that the keys of the card made.</summary>
    public Bytes Answer { get; }

    public LinkTraits Traits { get; }

    public TerminalProfile Profile { get; }

    /// <summary>The card id.</summary>
    public Bytes Terminal { get; }

    public ushort Session => Id.Number;

    public Bytes Atr => Bytes.Empty;

    /// <summary>Null: whoever takes this begins nothing.</summary>
    public Opening? Opening => null;

    public CancellationToken Ended { get; } = new(canceled: true);

    public Task<Bytes> SendAsync(byte number, Bytes script, CancellationToken cancel) =>
        (number, script) == (Number, Script) ? Task.FromResult(Answer) : Task.FromException<Bytes>(Over());

    public Task<ILink> ReopenAsync(CancellationToken cancel) => Task.FromException<ILink>(Over());

    private static ConnectionLostException Over() => new("The session is over.");
}
