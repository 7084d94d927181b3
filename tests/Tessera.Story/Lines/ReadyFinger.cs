using Tessera.Cards.Biometrics;
using Tessera.Terminal.Ports;
using Tessera.VirtualCard.Biometrics;

namespace Tessera.Story.Lines;

/// <summary>A reader on which the finger is laid as soon as it is asked for, each time a little otherwise.</summary>
internal sealed class ReadyFinger(SyntheticFinger finger) : IBiometricReader
{
    private int _presses;

    public Task<FingerTemplate> CaptureAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult(finger.Lay(++_presses));
    }
}
