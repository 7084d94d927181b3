using Tessera.Toolkit;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Sessions;

/// <summary>The link of an insertion that is over, at a terminal that is there again.</summary>
internal sealed class EndedLink(ILink terminal, Insertion at) : ILink
{
    public LinkTraits Traits => terminal.Traits;

    public TerminalProfile Profile => terminal.Profile;

    public Bytes Terminal => at.Terminal;

    public ushort Session => at.Number;

    public Bytes Atr => Bytes.Empty;

    public Opening? Opening => null;

    public CancellationToken Ended { get; } = new(canceled: true);

    public Task<Bytes> SendAsync(byte number, Bytes script, CancellationToken cancel) =>
        Task.FromException<Bytes>(Over());

    public Task<ILink> ReopenAsync(CancellationToken cancel) => Task.FromException<ILink>(Over());

    public static ConnectionLostException Over() => new("The session was interrupted and its card taken out.");
}

/// <summary>The page of a session whose holder is gone.</summary>
internal sealed class EndedPage : IPage
{
    public Task<PageAnswer> PresentAsync(PageRequest request, CancellationToken cancel) =>
        Task.FromException<PageAnswer>(EndedLink.Over());

    public ValueTask TellAsync(PageStatus status, CancellationToken cancel) => ValueTask.CompletedTask;
}
