namespace Tessera.Lab.Phones;

/// <summary>The hand at a phone's SIM slot.</summary>
public interface ISimTray
{
    TrayState State { get; }

    /// <summary>Puts the SIM into the phone; one that is in goes out first, as does one without power.</summary>
    Task InsertAsync(CancellationToken cancel);

    /// <summary>Takes the SIM out, whatever it is doing.</summary>
    Task RemoveAsync(CancellationToken cancel);

    /// <summary>Cuts its power after some more writes of its memory.</summary>
    /// <exception cref="InvalidOperationException">The SIM is not in the phone.</exception>
    Task CutPowerAfterAsync(int writes, CancellationToken cancel);
}

/// <summary>What the hand at the SIM's slot can see.</summary>
/// <param name="IsInserted">The SIM is in the phone and has not lost its power.</param>
/// <param name="Writes">Writes to its memory since it was inserted.</param>
public sealed record TrayState(bool IsInserted, int Writes);
