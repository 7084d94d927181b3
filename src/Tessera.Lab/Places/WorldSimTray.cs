using Tessera.Lab.Phones;

namespace Tessera.Lab.Places;

/// <summary>The lab's own hand at the phone: what it moves, it moves in the world.</summary>
internal sealed class WorldSimTray(LabWorld world) : ISimTray
{
    public TrayState State => world.SimInPhone;

    public Task InsertAsync(CancellationToken cancel) => world.InsertAsync(LabWorld.HoldersSim, LabWorld.Phone, cancel);

    public Task RemoveAsync(CancellationToken cancel) => world.PullAsync(LabWorld.HoldersSim, cancel);

    public Task CutPowerAfterAsync(int writes, CancellationToken cancel) =>
        world.CutPowerAsync(LabWorld.HoldersSim, writes, cancel);
}
