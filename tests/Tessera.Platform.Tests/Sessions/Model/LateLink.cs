using Tessera.Toolkit;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Tests.Sessions.Model;

/// <summary>A session that is over, with the answer to one script of it.</summary>
internal sealed class LateLink(ModelLink over, Bytes script, Bytes answer) : ILink
{
    /// <summary>The answer to the last script that came, whether it arrived or not.</summary>
    public static LateLink Of(ModelLink over) => new(over, over.Came[^1], over.Answers[^1]);

    public Bytes Script => script;

    public byte Number => script.Read<CommandScript>().Head.Number;

    public LinkTraits Traits => over.Traits;

    public TerminalProfile Profile => over.Profile;

    public Bytes Terminal => over.Terminal;

    public ushort Session => over.Session;

    public Bytes Atr => Bytes.Empty;

    public Opening? Opening => null;

    public CancellationToken Ended { get; } = new(canceled: true);

    public Task<Bytes> SendAsync(byte number, Bytes sent, CancellationToken cancel) =>
        sent == script ? Task.FromResult(answer) : throw new ConnectionLostException("The session is over.");

    public Task<ILink> ReopenAsync(CancellationToken cancel) =>
        throw new ConnectionLostException("The session is over.");
}
