using Tessera.Toolkit;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Story.Server;

/// <summary>A link of which one knows whether the server waits for it.</summary>
internal sealed class WatchedLink(ILink link, Idleness idleness) : ILink
{
    public LinkTraits Traits => link.Traits;

    public TerminalProfile Profile => link.Profile;

    public Bytes Terminal => link.Terminal;

    public ushort Session => link.Session;

    public Bytes Atr => link.Atr;

    public Opening? Opening => link.Opening;

    public CancellationToken Ended => link.Ended;

    public async Task<Bytes> SendAsync(byte number, Bytes script, CancellationToken cancel)
    {
        var answer = link.SendAsync(number, script, cancel);
        idleness.Begins();
        try
        {
            return await answer;
        }
        finally
        {
            idleness.Ends();
        }
    }

    public async Task<ILink> ReopenAsync(CancellationToken cancel) =>
        new WatchedLink(await link.ReopenAsync(cancel), idleness);
}

/// <summary>Whether a server has done all it can do until somebody else does something.</summary>
internal sealed class Idleness
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _idle = New();

    public Idleness() => _idle.SetResult();

    public Task Task
    {
        get
        {
            lock (_gate) return _idle.Task;
        }
    }

    public void Begins()
    {
        lock (_gate) _idle.TrySetResult();
    }

    public void Ends()
    {
        lock (_gate)
        {
            if (_idle.Task.IsCompleted) _idle = New();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
