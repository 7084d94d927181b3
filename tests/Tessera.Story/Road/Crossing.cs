using Tessera.Story.Server;
using Tessera.Toolkit.Links;

namespace Tessera.Story.Road;

/// <summary>Where a terminal finds the server that lives, once there is one and the way is open.</summary>
internal sealed class Crossing
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<ServerLife> _open = NewGate();

    /// <summary>From now on terminals reach this server and no other.</summary>
    public void Open(ServerLife server)
    {
        lock (_gate)
        {
            Close();
            _open.SetResult(server);
        }
    }

    /// <summary>Nobody gets through.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (_open.Task.IsCompleted) _open = NewGate();
        }
    }

    public async Task<IFrameChannel> ConnectAsync(CancellationToken cancel)
    {
        Task<ServerLife> open;
        lock (_gate) open = _open.Task;
        return (await open.WaitAsync(cancel)).Connect();
    }

    private static TaskCompletionSource<ServerLife> NewGate() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
