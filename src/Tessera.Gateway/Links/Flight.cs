using Tessera.Wire;

namespace Tessera.Gateway;

/// <summary>A script whose answer somebody waits for.</summary>
internal sealed class Flight(byte number, Bytes script)
{
    private readonly TaskCompletionSource<Bytes> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public byte Number => number;

    public Bytes Script => script;

    public Task<Bytes> Answer => _answer.Task;

    public void Take(Bytes answer) => _answer.TrySetResult(answer);

    public void Fail(Exception reason) => _answer.TrySetException(reason);
}
