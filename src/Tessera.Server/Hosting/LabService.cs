using Tessera.Lab;
using Tessera.Server.Browsers;

namespace Tessera.Server.Hosting;

/// <summary>The lab inside the server: starts when the server listens, tells pages when something was moved.</summary>
public sealed class LabService(ILogger<LabService> log) : IAsyncDisposable
{
    private readonly Signal _moved = new();
    private LabWorld? _world;
    private Task _watching = Task.CompletedTask;

    /// <summary>The world; null until it stands, and on a server without a lab.</summary>
    public LabWorld? World => _world;

    public async Task StartAsync(LabOptions options, CancellationToken cancel)
    {
        _world = await LabWorld.StartAsync(options with { Moved = _moved.Raise }, cancel);
        _watching = WatchAsync(_world);
        _moved.Raise();
    }

    /// <summary>Puts a card somewhere, or on the table where <paramref name="place"/> is empty.</summary>
    public async Task MoveAsync(string card, string? place, CancellationToken cancel)
    {
        if (_world is not { } world) return;
        if (string.IsNullOrEmpty(place)) await world.PullAsync(card, cancel);
        else await world.InsertAsync(card, place, cancel);
    }

    public Task ChangedAsync(CancellationToken cancel) => _moved.WaitAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        if (_world is not null) await _world.DisposeAsync();
        await _watching;
    }

    private async Task WatchAsync(LabWorld world)
    {
        try
        {
            await world.Completion;
        }
        catch (Exception failure)
        {
            log.LogError(failure, "A terminal of the lab is out of order");
        }
    }
}
