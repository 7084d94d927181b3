using Tessera.Wire;

namespace Tessera.Gateway;

/// <summary>A script whose answer somebody waits for.</summary>
internal sealed class Flight(byte number, Bytes script)
{
    private readonly TaskCompletionSource<Bytes> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _landed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public byte Number => number;

    public Bytes Script => script;

    public Task<Bytes> Answer => _answer.Task;

    /// <summary>Completes when nothing is sent or written for it any more.</summary>
    public Task Landed => _landed.Task;

    public void Take(Bytes answer) => _answer.TrySetResult(answer);

    public void Fail(Exception reason) => _answer.TrySetException(reason);

    public void Land() => _landed.TrySetResult();
}
