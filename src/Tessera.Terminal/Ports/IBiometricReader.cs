using Tessera.Cards.Biometrics;

namespace Tessera.Terminal.Ports;

/// <summary>Where a finger is laid on a terminal, whatever it is made of.</summary>
public interface IBiometricReader
{
    /// <summary>Waits for a finger and makes a template of it. One at a time.</summary>
    /// <returns>The caller's to dispose; the reader keeps nothing of it.</returns>
    /// <exception cref="IOException">The reader does not answer.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up waiting.</exception>
    Task<FingerTemplate> CaptureAsync(CancellationToken cancel);
}
