using System.Net;
using Tessera.Lab.Shelf;

namespace Tessera.Lab.Phones;

/// <summary>A hand at a phone's SIM slot with one virtual SIM.</summary>
/// <param name="slot">Where the phone's slot listens.</param>
/// <param name="image">The file that is the SIM.</param>
public sealed class SimTray(EndPoint slot, string image) : ISimTray, IAsyncDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly LabCard _sim = new("sim", "SIM", image);

    public TrayState State => new(_sim.Place is not null, _sim.Writes);

    public Task InsertAsync(CancellationToken cancel) => OneAtATimeAsync(
        async () =>
        {
            await _sim.PullAsync();
            _sim.Insert("phone", slot);
        },
        cancel);

    public Task RemoveAsync(CancellationToken cancel) => OneAtATimeAsync(_sim.PullAsync, cancel);

    public Task CutPowerAfterAsync(int writes, CancellationToken cancel) => OneAtATimeAsync(
        () =>
        {
            _sim.CutPowerAfter(writes, octets: 0);
            return Task.CompletedTask;
        },
        cancel);

    public async ValueTask DisposeAsync()
    {
        await _sim.DisposeAsync();
        _oneAtATime.Dispose();
    }

    private async Task OneAtATimeAsync(Func<Task> act, CancellationToken cancel)
    {
        await _oneAtATime.WaitAsync(cancel);
        try
        {
            await act();
        }
        finally
        {
            _oneAtATime.Release();
        }
    }
}
