using Tessera.Cards.Biometrics;

namespace Tessera.Terminal.Ports;

/// <summary>A reader in software: a program lays the fingers on it. Any thread.</summary>
/// <param name="changed">Told when a finger is waited for, and when not any more. Default nobody.</param>
public sealed class VirtualFingerReader(Action? changed = null) : IBiometricReader
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<FingerTemplate>? _wanted;
    private TaskCompletionSource _waiting = NewSignal();

    /// <summary>It is out of order: whoever wants a finger from then on gets none.</summary>
    public bool IsBroken { get; set; }

    /// <summary>A finger is waited for.</summary>
    public bool IsWaiting
    {
        get
        {
            lock (_gate) return _wanted is not null;
        }
    }

    /// <summary>Completes when a finger is waited for.</summary>
    public Task WaitingAsync(CancellationToken cancel)
    {
        lock (_gate) return _waiting.Task.WaitAsync(cancel);
    }

    /// <summary>Lays a finger on the reader.</summary>
    /// <param name="finger">Not the caller's any more, where it was taken.</param>
    /// <returns>False where none is waited for: nothing was read.</returns>
    public bool TryLay(FingerTemplate finger)
    {
        lock (_gate) return _wanted?.TrySetResult(finger) == true;
    }

    public async Task<FingerTemplate> CaptureAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (IsBroken) throw new IOException("The reader for fingers is out of order.");
        var wanted = new TaskCompletionSource<FingerTemplate>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_wanted is not null) throw new InvalidOperationException("A finger is waited for already.");
            _wanted = wanted;
            _waiting.SetResult();
        }

        changed?.Invoke();
        try
        {
            return await wanted.Task.WaitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            // A finger that was laid in the same moment is wanted by nobody.
            if (!wanted.TrySetCanceled(cancel)) (await wanted.Task).Dispose();
            throw;
        }
        finally
        {
            lock (_gate) (_wanted, _waiting) = (null, NewSignal());
            changed?.Invoke();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
