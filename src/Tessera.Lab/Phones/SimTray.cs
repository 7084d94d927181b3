using System.Net;
using Tessera.Lab.Shelf;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
using Tessera.VirtualCard.Vpcd;

namespace Tessera.Lab.Phones;

/// <summary>
/// The hand at a phone's SIM slot: a virtual SIM that is inserted, removed, or loses its power at a write.
/// </summary>
/// <param name="slot">Where the phone's slot listens.</param>
/// <param name="image">Opens the image of the SIM; the SIM owns what it gives.</param>
public sealed class SimTray(EndPoint slot, Func<IImageMedium> image) : IAsyncDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private Stay? _stay;

    public TrayState State => _stay is { Running.IsCompleted: false } stay
        ? new TrayState(IsInserted: true, stay.Medium.Writes)
        : new TrayState(IsInserted: false, 0);

    /// <summary>Puts the SIM into the phone; one that is in goes out first, as does one without power.</summary>
    public Task InsertAsync(CancellationToken cancel) => OneAtATimeAsync(
        async () =>
        {
            await PullAsync();
            var medium = new CuttableMedium(image());
            var sim = CardImage.Open(medium);
            var pulled = new CancellationTokenSource();
            _stay = new Stay(medium, sim, pulled, RunAsync(slot, sim, pulled.Token));
        },
        cancel);

    /// <summary>Takes the SIM out, whatever it is doing.</summary>
    public Task RemoveAsync(CancellationToken cancel) => OneAtATimeAsync(PullAsync, cancel);

    /// <summary>
    /// Cuts its power after some more writes, in the middle of one where <paramref name="octets"/> is above 0.
    /// </summary>
    /// <exception cref="InvalidOperationException">The SIM is not in the phone.</exception>
    public void CutPowerAfter(int writes, int octets = 0)
    {
        if (_stay is not { Running.IsCompleted: false } stay)
            throw new InvalidOperationException("The SIM is not in the phone.");
        stay.Medium.CutAfter(writes, octets);
    }

    public async ValueTask DisposeAsync()
    {
        await PullAsync();
        _oneAtATime.Dispose();
    }

    /// <summary>Ends without failing: pulled, let go by the phone, or without power.</summary>
    private static async Task RunAsync(EndPoint slot, CardOs sim, CancellationToken pulled)
    {
        try
        {
            await VpcdCard.RunAsync(slot, sim, options: null, pulled);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Pulled, let go by the phone, or without power: it lies in the tray until it is inserted again.
        }
    }

    private async Task PullAsync()
    {
        if (_stay is not { } stay) return;
        _stay = null;
        await stay.Pulled.CancelAsync();
        await stay.Running;
        stay.Sim.Dispose();
        stay.Pulled.Dispose();
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

    private sealed record Stay(CuttableMedium Medium, CardOs Sim, CancellationTokenSource Pulled, Task Running);
}

/// <summary>What the hand at the SIM's slot can see.</summary>
/// <param name="IsInserted">The SIM is in the phone and has not lost its power.</param>
/// <param name="Writes">Writes to its memory since it was inserted.</param>
public sealed record TrayState(bool IsInserted, int Writes);
